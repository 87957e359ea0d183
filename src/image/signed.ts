/** @file Turns signed maps into maps of 0..1 for drawing. */

/** Where zero lies in unsigned's values. */
export const ZERO_OF_SIGNED = 0.5;

/** A map of -1..1 as one of 0..1, for diverging colormaps and grey pictures. */
export const unsigned = (map: Float32Array): Float32Array => map.map((x) => (x + 1) * ZERO_OF_SIGNED);
