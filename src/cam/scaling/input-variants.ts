/**
 * @file aug_smooth: the mean of a map over six variants of the normalised input. pytorch-grad-cam makes them with ttach
 * (HorizontalFlip, Multiply). The mean is not scaled again.
 */

import { invariant } from "../../errors.js";

export interface InputVariant {
  /** Mirrored left to right. */
  readonly flip: boolean;
  /** Multiplies the normalised input. */
  readonly factor: number;
}

/** The unmodified input comes first: its maps reuse the forward pass that chose the targets. */
export const INPUT_VARIANTS: readonly InputVariant[] = [false, true].flatMap((flip) =>
  [1, 0.9, 1.1].map((factor) => ({ flip, factor })),
);

export const isPlain = ({ flip, factor }: InputVariant): boolean => !flip && factor === 1;

/** Pixels [h, w, channels] mirrored left to right. */
function mirror(data: Float32Array, [h, w, channels]: readonly [number, number, number]): Float32Array {
  const result = new Float32Array(data.length);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const from = (y * w + x) * channels;
      result.set(data.subarray(from, from + channels), (y * w + (w - 1 - x)) * channels);
    }
  }
  return result;
}

/** @param input the normalised picture, of `shape` */
export function variantOf(
  input: Float32Array,
  shape: readonly [height: number, width: number, channels: number],
  { flip, factor }: InputVariant,
): Float32Array {
  return (flip ? mirror(input, shape) : input).map((x) => x * factor);
}

/**
 * The mean of the variants' maps. Maps of mirrored inputs are mirrored back.
 * @param maps the scaled map [h, w] of each of INPUT_VARIANTS, in their order
 */
export function meanOfVariants(
  maps: readonly Float32Array[],
  [h, w]: readonly [height: number, width: number],
): Float32Array {
  invariant(maps.length === INPUT_VARIANTS.length, "aug_smooth needs the map of every variant");
  const upright = maps.map((map, i) => (INPUT_VARIANTS[i]!.flip ? mirror(map, [h, w, 1]) : map));
  return Float32Array.from(
    { length: h * w },
    (_, p) => upright.reduce((sum, map) => sum + map[p]!, 0) / maps.length,
  );
}
