/** @file Maps signed maps to 0..1 for drawing. */

/** The value of zero after `unsigned`. */
export const ZERO_OF_SIGNED = 0.5;

/** A map of -1..1 as one of 0..1, for diverging colormaps and grey pictures. */
export const unsigned = (map: Float32Array): Float32Array => map.map((x) => (x + 1) * ZERO_OF_SIGNED);
