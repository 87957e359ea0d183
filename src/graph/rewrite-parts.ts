/**
 * @file Products with a weight that is too large for one binding. They read it in blocks along the first axis of the
 * checkpoint's tensor: such rows are contiguous and can be uploaded alone.
 */

import type { Builder } from "./builder.js";
import { sizeOf } from "./shape.js";
import type { Node, NodeOf, OpName } from "./types.js";

type InParts<K extends OpName> = (
  node: NodeOf<K>,
  inputs: readonly Node[],
  b: Builder,
  maxElements: number,
) => Node | undefined;

/** A range of one axis. */
interface Block {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/**
 * x w for a weight [rows, columns], as VGG's first Linear (411 MB). Blocks of a transposed weight give columns of the
 * product; blocks of another weight give terms of a sum.
 */
export const multiplyInParts: InParts<"matmul"> = (node, inputs, b, maxElements) => {
  const [x, w] = inputs as [Node, Node];
  if (w.op !== "param" || w.shape.length !== 2 || sizeOf(w.shape) <= maxElements) return undefined;
  const { transposeA, transposeB } = node.attrs;
  const parts = blocksOf(w, 0, maxElements).map(({ start, end }) => {
    const values = transposeB ? x : b.slice(x, transposeA ? -2 : -1, start, end);
    return b.matmul(values, b.slice(w, 0, start, end), { transposeA, transposeB });
  });
  return transposeB ? b.concat(parts, -1) : sum(b, parts);
};

/**
 * conv(x, w) of one group, as the first layer of timm's VGG head (411 MB). Blocks of output channels give channels of the
 * result; blocks of input channels, as the gradient has them, give terms of a sum.
 */
export const convolveInParts: InParts<"conv2d"> = (node, inputs, b, maxElements) => {
  const [x, w] = inputs as [Node, Node];
  if (node.attrs.groups !== 1 || sizeOf(w.shape) <= maxElements) return undefined;
  const axis = [0, 1].find((candidate) => rowsAlong(w, candidate));
  if (axis === undefined) return undefined;
  const parts = blocksOf(w, axis, maxElements).map((block) => {
    const values = axis === 0 ? x : b.slice(x, -1, block.start, block.end);
    return b.conv2d(values, blockOf(b, w, block), node.attrs);
  });
  return axis === 0 ? b.concat(parts, -1) : sum(b, parts);
};

const sum = (b: Builder, terms: readonly Node[]): Node => terms.reduce((total, term) => b.add(total, term));

function blocksOf(w: Node, axis: number, maxElements: number): Block[] {
  const count = w.shape[axis]!;
  // Kernels load four at a time.
  const step = 4 * Math.max(1, Math.floor((maxElements * count) / sizeOf(w.shape) / 4));
  const blocks: Block[] = [];
  for (let start = 0; start < count; start += step)
    blocks.push({ axis, start, end: Math.min(count, start + step) });
  return blocks;
}

/** Whether `w` only moves the elements of a parameter, and its axis is the parameter's first. */
function rowsAlong(w: Node, axis: number): boolean {
  const before = axisBefore(w, axis);
  return before === undefined ? w.op === "param" && axis === 0 : rowsAlong(w.inputs[0]!, before);
}

/** A block of `w` made of the same block of its parameter. */
function blockOf(b: Builder, w: Node, { axis, start, end }: Block): Node {
  const before = axisBefore(w, axis);
  if (before === undefined) return b.slice(w, axis, start, end);
  const part = blockOf(b, w.inputs[0]!, { axis: before, start, end });
  switch (w.op) {
    case "transpose":
      return b.transpose(part, w.attrs.perm);
    case "resample":
      return b.resample(part, w.attrs.axis, w.attrs.map);
    default:
      return b.reshape(
        part,
        w.shape.map((size, i) => (i === axis ? end - start : size)),
      );
  }
}

/** The axis of `w`'s input that became `axis`; undefined if `w` computes or splits that axis. */
function axisBefore(w: Node, axis: number): number | undefined {
  switch (w.op) {
    case "transpose":
      return w.attrs.perm[axis];
    case "resample":
      return w.attrs.axis === axis ? undefined : axis;
    case "reshape": {
      const { shape } = w.inputs[0]!;
      const ahead = sizeOf(w.shape.slice(0, axis));
      const found = shape.findIndex(
        (size, i) => size === w.shape[axis] && sizeOf(shape.slice(0, i)) === ahead,
      );
      return found < 0 ? undefined : found;
    }
    default:
      return undefined;
  }
}
