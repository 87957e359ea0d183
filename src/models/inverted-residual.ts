/**
 * @file The block of MobileNet and EfficientNet (Sandler et al. 2018, Howard et al. 2019, Tan and Le 2019): expansion, a
 * convolution of each channel, squeeze-excitation, projection. An implementation provides the names of its parts.
 */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { ActivationKind } from "./activations.js";
import type { Block } from "./mobile-shape.js";

/** A convolution with its norm, and its activation where it has one. */
export interface ConvPart {
  readonly role: "expand" | "depthwise" | "fused" | "project";
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups: number;
  readonly act?: ActivationKind;
}

interface SqueezePart {
  readonly role: "squeeze";
  readonly squeezed: number;
}

type Part = ConvPart | SqueezePart;

/** The parts of a block in the order in which they run. */
function partsOf({ kind, kernel, stride, expanded, out, squeezed, act }: Block): Part[] {
  const point = { kernel: 1, stride: 1, groups: 1 };
  if (kind === "conv") return [{ role: "fused", out, kernel, stride, groups: 1, act }];
  const first: Part[] =
    kind === "fused"
      ? [{ role: "fused", out: expanded, kernel, stride, groups: 1, act }]
      : [
          ...(kind === "inverted" ? [{ role: "expand", out: expanded, ...point, act } as const] : []),
          { role: "depthwise", out: expanded, kernel, stride, groups: expanded, act },
        ];
  return [
    ...first,
    ...(squeezed === undefined ? [] : [{ role: "squeeze", squeezed } as const]),
    { role: "project", out, ...point },
  ];
}

/** How an implementation writes a block. */
export interface BlockStyle {
  readonly kindOf: (block: Block) => string;
  /** Makes a part; `at` counts the parts of the block. */
  readonly conv: (b: Builder, x: Node, part: ConvPart, at: number, block: Block) => Node;
  /** Missing for networks without squeeze-excitation. */
  readonly squeeze?: (b: Builder, x: Node, squeezed: number, at: number) => Node;
  /** Runs the parts, in a module of their own if it is given. */
  readonly parts?: (b: Builder, run: () => Node) => Node;
  /** The module between the parts and the sum with the input. `skips`: that sum follows. */
  readonly dropped?: (b: Builder, x: Node, skips: boolean) => Node;
}

/** Blocks as modules named by their numbers. */
export const mobileBlocks = (
  b: Builder,
  x: Node,
  blocks: readonly Block[],
  style: BlockStyle,
  first = 0,
): Node => blocks.reduce((y, block, i) => mobileBlock(b, `${first + i}`, y, block, style), x);

/** The blocks of each stage in a Sequential, named by the stage's number. */
export const mobileStages = (
  b: Builder,
  x: Node,
  stages: readonly (readonly Block[])[],
  style: BlockStyle,
  first = 0,
): Node =>
  stages.reduce(
    (y, blocks, s) => b.scope(`${first + s}`, "Sequential", () => mobileBlocks(b, y, blocks, style)),
    x,
  );

function mobileBlock(b: Builder, name: string, x: Node, block: Block, style: BlockStyle): Node {
  return b.scope(name, style.kindOf(block), () => {
    const run = (): Node =>
      partsOf(block).reduce(
        (y, part, at) =>
          part.role === "squeeze"
            ? style.squeeze!(b, y, part.squeezed, at)
            : style.conv(b, y, part, at, block),
        x,
      );
    const y = style.parts?.(b, run) ?? run();
    const skips = block.stride === 1 && x.shape[3] === block.out;
    const z = style.dropped?.(b, y, skips) ?? y;
    return skips ? b.add(z, x) : z;
  });
}
