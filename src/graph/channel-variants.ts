/**
 * @file A batch whose pictures differ in one channel each, kept as two values of batch 1 until an op mixes channels: the
 * plain one, and one with all channels replaced. Picture i is the plain one with channel i of the other. Pointwise ops,
 * poolings and depthwise convolutions then cost two pictures for any number of channels. A matrix product that follows
 * is the plain one plus an outer product for each picture.
 */

import type { Builder } from "./builder.js";
import { isPointwiseConv } from "./ops/convolution.js";
import { isPointwise } from "./pointwise.js";
import { isParametric } from "./rewrite.js";
import { sizeOf, type Shape } from "./shape.js";
import type { Node, NodeOf, OpName } from "./types.js";

interface Pictures {
  /** [1, ..., n], as `plain`, with all channels replaced. */
  readonly replaced: Node;
  /** Where the replaced channels begin on the last axis. */
  readonly start: number;
}

/** Rewrites one instance: `rewrite` is an option of `instantiate`. The plain value stands for its pictures. */
export class ChannelVariants {
  private readonly known = new Map<Node, Pictures>();

  /**
   * @param channels of the value that `begin` is given
   * @param picks [batch, channels], 1 at the channel that a picture replaces, else 0. Where batch equals channels,
   * picture i replaces channel i.
   */
  constructor(
    private readonly b: Builder,
    private readonly channels: number,
    private readonly picks: Node,
  ) {}

  /** @param plain [1, ..., channels] @param replaced of the same shape */
  begin(plain: Node, replaced: Node): Node {
    this.known.set(plain, { replaced, start: 0 });
    return plain;
  }

  readonly rewrite = (node: Node, inputs: readonly Node[]): Node | undefined => {
    const first = inputs.find((x) => this.known.has(x));
    if (!first) return undefined;
    const start = this.startAfter(node, inputs);
    if (start !== undefined) {
      const copy = this.copy(node, inputs);
      const replaced = inputs.map((x) => this.known.get(x)?.replaced ?? x);
      this.known.set(copy, { replaced: this.copy(node, replaced), start });
      return copy;
    }
    const [x, weight] = inputs as [Node, Node | undefined];
    if (x === first && weight && isParametric(weight)) {
      if (node.op === "matmul" && !node.attrs.transposeA && weight.shape.length === 2) {
        return this.product(node, inputs, weight, node.attrs.transposeB);
      }
      if (node.op === "conv2d" && isPointwiseConv(node)) {
        return this.product(node, inputs, this.b.reshape(weight, weight.shape.slice(0, 2)), true);
      }
    }
    return this.copy(
      node,
      inputs.map((input) => this.spelledOut(input)),
    );
  };

  /** The pictures as a value of the whole batch. Other values stay as they are. */
  spelledOut(plain: Node): Node {
    const pictures = this.known.get(plain);
    if (!pictures) return plain;
    const { b } = this;
    const { replaced, start } = pictures;
    const size = plain.shape.at(-1)!;
    const picks = b.pad(this.picks, 1, start, size - start - this.channels);
    const lead = plain.shape.slice(1, -1).map(() => 1);
    return b.select(b.reshape(picks, [picks.shape[0]!, ...lead, size]), replaced, plain);
  }

  /** Where the replaced channels begin after a node that keeps channels apart; undefined if it mixes them. */
  private startAfter(node: Node, inputs: readonly Node[]): number | undefined {
    const starts = new Set(inputs.flatMap((x) => this.known.get(x)?.start ?? []));
    // The others must be the same for all pictures.
    const fits =
      starts.size === 1 && inputs.every((x) => this.known.has(x) || isShared(x, node.shape.length));
    if (!fits) return undefined;
    const [start] = starts;
    const last = node.shape.length - 1;
    const sameChannels = inputs.every(
      (x) =>
        !this.known.has(x) || (x.shape.length === node.shape.length && x.shape[last] === node.shape[last]),
    );
    if (isPointwise(node.op)) return sameChannels ? start : undefined;
    switch (node.op) {
      case "reduceSum":
      case "reduceMax":
        return node.attrs.axes.every((axis) => axis > 0 && axis < last) ? start : undefined;
      case "resample":
      case "slice":
      case "pad":
        return node.attrs.axis > 0 && node.attrs.axis < last ? start : undefined;
      case "maxPick":
        return sameChannels ? start : undefined;
      case "conv2d":
        return node.attrs.groups === node.shape[last] && sameChannels ? start : undefined;
      case "reshape":
        // Regroups positions only.
        return sameEnds(node.inputs[0]!.shape, node.shape) ? start : undefined;
      case "transpose":
        return node.attrs.perm[0] === 0 && node.attrs.perm[last] === last ? start : undefined;
      case "concat":
        if (node.attrs.axis !== last) return node.attrs.axis > 0 ? start : undefined;
        return startInConcat(inputs, (x) => this.known.get(x)?.start);
      default:
        return undefined;
    }
  }

  private copy(node: Node, inputs: readonly Node[]): Node {
    return this.b.make(node.op, inputs, (node as NodeOf<OpName>).attrs) as Node;
  }

  /**
   * x W for every picture: the plain product plus the change by the picture's channel.
   * @param matrix W as [channels, out], or [out, channels] where `transposed`
   */
  private product(node: Node, inputs: readonly Node[], matrix: Node, transposed: boolean): Node {
    const { b } = this;
    const plain = inputs[0]!;
    const { replaced, start } = this.known.get(plain)!;
    const end = start + this.channels;
    const positions = plain.shape.slice(1, -1);
    const change = b.slice(b.sub(replaced, plain), -1, start, end);
    const changes = this.pick(b.reshape(change, [sizeOf(positions), this.channels]), true);
    const rows = this.pick(b.slice(matrix, transposed ? 1 : 0, start, end), transposed);
    const [batch, out] = rows.shape as [number, number];
    const outer = b.mul(
      b.reshape(changes, [batch, ...positions, 1]),
      b.reshape(rows, [batch, ...positions.map(() => 1), out]),
    );
    return b.add(this.copy(node, inputs), outer);
  }

  /** The rows [batch, n] of the pictures' channels in a matrix [channels, n] (or its transpose). */
  private pick(matrix: Node, transposed: boolean): Node {
    const all = this.picks.shape[0] === this.channels;
    if (all) return transposed ? this.b.transpose(matrix, [1, 0]) : matrix;
    return this.b.matmul(this.picks, matrix, { transposeB: transposed });
  }
}

const sameEnds = (from: Shape, to: Shape): boolean =>
  to.length > 1 && from[0] === to[0] && from.at(-1) === to.at(-1);

/** Of batch 1, or without a batch axis. */
const isShared = (x: Node, rank: number): boolean =>
  x.shape.length < rank || (x.shape[0] ?? 1) === 1 || isParametric(x);

/** Where one part's channels begin in the whole; undefined if several parts have some. */
function startInConcat(
  inputs: readonly Node[],
  startOf: (x: Node) => number | undefined,
): number | undefined {
  let before = 0;
  let found: number | undefined;
  for (const x of inputs) {
    const start = startOf(x);
    if (start !== undefined) {
      if (found !== undefined) return undefined;
      found = before + start;
    }
    before += x.shape.at(-1)!;
  }
  return found;
}
