/** @file Networks of inverted residuals as data: their blocks, and how widths and depths of one are scaled to those of another. */

import type { ActivationKind } from "./activations.js";
import type { Gating } from "./squeeze-excite.js";

/**
 * The layers of a block before its projection. "separable": a depthwise convolution. "inverted": a 1x1 expansion, then the
 * depthwise convolution. "fused": one convolution for both. "conv" is a convolution without projection.
 */
export type BlockKind = "separable" | "inverted" | "fused" | "conv";

export interface Block {
  readonly kind: BlockKind;
  readonly kernel: number;
  readonly stride: number;
  /** Channels between expansion and projection. */
  readonly expanded: number;
  readonly out: number;
  /** Channels of the squeeze-excitation; missing without one. */
  readonly squeezed?: number;
  readonly act: ActivationKind;
}

/** A network, with the channels that its parameters have. */
export interface MobileShape {
  /** Channels of the first convolution. */
  readonly stem: number;
  readonly stages: readonly (readonly Block[])[];
  /** Channels of the last convolution. */
  readonly last: number;
  /** Of the first and last convolution. */
  readonly act: ActivationKind;
  /** Of the squeeze-excitations. */
  readonly gating?: Gating;
  /** MobileNetV3's: neurons between the pooling and the classes. */
  readonly hidden?: number;
}

/** Several equal blocks. The first one has the stride and changes the number of channels to `out`. */
export interface StageRow {
  readonly kind: BlockKind;
  readonly repeats: number;
  readonly kernel: number;
  readonly stride: number;
  /** Channels inside a block, as a multiple of its input's. */
  readonly expansion: number;
  readonly out: number;
  /** Squeeze-excitation to a quarter of these channels of the block. */
  readonly squeeze?: "input" | "expanded";
  /** Another activation than the network's. */
  readonly act?: ActivationKind;
}

export interface MobileScale {
  readonly width?: number;
  readonly depth?: number;
  /** Rounding up begins below this share of the exact value. */
  readonly least?: number;
  /** The first and the last stage keep their number of blocks. */
  readonly fixedEnds?: boolean;
}

/** Blocks with a depthwise convolution. Without an expansion they lack its convolution. */
export const inverted = (
  kernel: number,
  stride: number,
  expansion: number,
  out: number,
  repeats: number,
  rest: Partial<StageRow> = {},
): StageRow => ({
  kind: expansion === 1 ? "separable" : "inverted",
  kernel,
  stride,
  expansion,
  out,
  repeats,
  ...rest,
});

/** The nearest multiple of 8, or the next one up if the nearest is less than `least` of the value. */
export function roundChannels(value: number, least = 0.9): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < least * value ? rounded + 8 : rounded;
}

/** The blocks of some rows at a width and depth. @param stem channels of the first block's input */
export function blocksOf(
  rows: readonly (readonly StageRow[])[],
  stem: number,
  act: ActivationKind,
  { width = 1, depth = 1, least = 0.9, fixedEnds = false }: MobileScale = {},
): Block[][] {
  let input = stem;
  return rows.map((stage, at) =>
    stage.flatMap((row) => {
      const isEnd = at === 0 || at === rows.length - 1;
      const repeats = fixedEnds && isEnd ? row.repeats : Math.ceil(row.repeats * depth);
      return Array.from({ length: repeats }, (_, i): Block => {
        const out = roundChannels(row.out * width, least);
        const expanded = roundChannels(input * row.expansion);
        const squeezed = row.squeeze === "input" ? input / 4 : row.squeeze && roundChannels(expanded / 4);
        input = out;
        return {
          kind: row.kind,
          kernel: row.kernel,
          stride: i === 0 ? row.stride : 1,
          expanded,
          out,
          ...(squeezed !== undefined && { squeezed }),
          act: row.act ?? act,
        };
      });
    }),
  );
}
