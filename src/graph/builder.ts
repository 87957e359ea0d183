/**
 * @file Builds a graph: one method per op, parameters by checkpoint key. It only appends, and makes equal nodes once.
 */

import { GradlensError, invariant } from "../errors.js";
import { attrsKey } from "./attrs-key.js";
import type { FileHead } from "./file-head.js";
import type { FileModules } from "./file-modules.js";
import { ModuleScopes } from "./module-scopes.js";
import { OPS } from "./ops.js";
import { NO_PADDING } from "./ops/convolution.js";
import { normalizeAxis, sameShape, ShapeError, shapeText, sizeOf, type Shape } from "./shape.js";
import { flipMap, gatherMap, type SparseMap } from "./sparse-map.js";
import type { Attrs, ConvAttrs, Node, NodeOf, OpName, WindowAttrs } from "./types.js";

/**
 * The batch of a template: a prime that no real dimension has, so that a shape shows which axis is the batch.
 * `instantiate` (instantiate.ts) makes the graph at a real batch.
 */
export const SYMBOLIC_BATCH = 1_000_003;

/** The checkpoint's facts about a graph, under the graph's names. */
export interface FileFacts {
  /** Of its tensors: they decide on optional parameters. */
  readonly shapes?: ReadonlyMap<string, Shape> | undefined;
  /** Its modules, if it holds any: layers read their class and settings here. */
  readonly modules?: FileModules | undefined;
  /** Its head, where that has several layers. */
  readonly head?: FileHead | undefined;
  /** Called for each parameter; what it throws ends the building. */
  readonly onParameter?: ((key: string, shape: Shape) => void) | undefined;
}

type NodeOrNumber = Node | number;

export class Builder extends ModuleScopes {
  readonly nodes: Node[] = [];
  /** Parameters in order of first use. */
  readonly params = new Map<string, NodeOf<"param">>();
  readonly inputs = new Map<string, NodeOf<"input">>();
  private readonly known = new Map<string, Node>();

  constructor(
    readonly batch: number = SYMBOLIC_BATCH,
    readonly file: FileFacts = {},
  ) {
    super();
  }

  /** Adds a node by op name, for the methods below and for passes that copy graphs. */
  make<K extends OpName>(op: K, inputs: readonly Node[], attrs: Attrs[K], leafShape?: Shape): NodeOf<K> {
    const key = `${op}|${inputs.map((n) => n.id).join()}|${attrsKey(attrs)}|${leafShape?.join() ?? ""}`;
    const existing = this.known.get(key);
    if (existing) return existing as NodeOf<K>;
    let shape: Shape;
    try {
      shape =
        leafShape ??
        OPS[op].infer(
          inputs.map((n) => n.shape),
          attrs,
          this.batch,
        );
    } catch (error) {
      if (error instanceof ShapeError) throw new ShapeError(`${this.path || "graph"}: ${error.message}`);
      throw error;
    }
    const node: NodeOf<K> = { id: this.nodes.length, op, inputs: [...inputs], attrs, shape, path: this.path };
    this.nodes.push(node as Node);
    this.known.set(key, node as Node);
    return node;
  }

  // ---- leaves

  input(name: string, shape: Shape): Node {
    const existing = this.inputs.get(name);
    if (existing) {
      invariant(sameShape(existing.shape, shape), `input ${name} has two shapes`);
      return existing;
    }
    const node = this.make("input", [], { name }, shape);
    this.inputs.set(name, node);
    return node;
  }

  /** The checkpoint's tensor `<scope>.<name>`, in the checkpoint's layout. */
  param(name: string, shape: Shape): Node {
    return this.paramByKey(this.pathOf(name), shape);
  }

  /** Whether the file has the parameter `name` of this scope; undefined where no file is known. */
  fileHas(name: string): boolean | undefined {
    return this.file.shapes?.has(this.pathOf(name));
  }

  paramByKey(key: string, shape: Shape): Node {
    this.file.onParameter?.(key, shape);
    const existing = this.params.get(key);
    if (existing && !sameShape(existing.shape, shape)) {
      throw new GradlensError(
        "internal",
        `${key} is used as ${shapeText(existing.shape)} and ${shapeText(shape)}`,
      );
    }
    const node = this.make("param", [], { key }, shape);
    this.params.set(key, node);
    return node;
  }

  constant(data: number | Float32Array, shape: Shape = []): Node {
    invariant(
      typeof data === "number" || data.length === sizeOf(shape),
      "constant: data does not fill its shape",
    );
    return this.make("constant", [], { data }, shape);
  }

  private node(x: NodeOrNumber): Node {
    return typeof x === "number" ? this.constant(x) : x;
  }

  // ---- pointwise; numbers are constants

  neg = (x: Node): Node => this.make("neg", [x], {});
  abs = (x: Node): Node => this.make("abs", [x], {});
  sign = (x: Node): Node => this.make("sign", [x], {});
  exp = (x: Node): Node => this.make("exp", [x], {});
  log = (x: Node): Node => this.make("log", [x], {});
  sqrt = (x: Node): Node => this.make("sqrt", [x], {});
  rsqrt = (x: Node): Node => this.make("rsqrt", [x], {});
  tanh = (x: Node): Node => this.make("tanh", [x], {});
  sigmoid = (x: Node): Node => this.make("sigmoid", [x], {});
  erf = (x: Node): Node => this.make("erf", [x], {});
  relu = (x: Node): Node => this.make("relu", [x], {});
  /** 1 where x > 0, else 0. */
  step = (x: Node): Node => this.make("step", [x], {});
  add = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("add", [this.node(a), this.node(b)], {});
  sub = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("sub", [this.node(a), this.node(b)], {});
  mul = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("mul", [this.node(a), this.node(b)], {});
  div = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("div", [this.node(a), this.node(b)], {});
  min = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("min", [this.node(a), this.node(b)], {});
  max = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("max", [this.node(a), this.node(b)], {});
  greater = (a: NodeOrNumber, b: NodeOrNumber): Node =>
    this.make("greater", [this.node(a), this.node(b)], {});
  equal = (a: NodeOrNumber, b: NodeOrNumber): Node => this.make("equal", [this.node(a), this.node(b)], {});
  /** a where c > 0, else b */
  select = (c: Node, a: NodeOrNumber, b: NodeOrNumber): Node =>
    this.make("select", [c, this.node(a), this.node(b)], {});
  /** torch.nn.GELU(): x/2 (1 + erf(x / sqrt 2)) */
  gelu = (x: Node): Node => this.mul(this.mul(x, 0.5), this.add(this.erf(this.mul(x, Math.SQRT1_2)), 1));

  // ---- products

  matmul(a: Node, b: Node, flags: Partial<Attrs["matmul"]> = {}): Node {
    const { transposeA = false, transposeB = false } = flags;
    return this.make("matmul", [a, b], { transposeA, transposeB });
  }

  /** torch.nn.functional.conv2d on [B, H, W, C] with PyTorch's weight [O, C / groups, kh, kw]. */
  conv2d(x: Node, weight: Node, attrs: Partial<ConvAttrs> = {}): Node {
    return this.make("conv2d", [x, weight], {
      stride: attrs.stride ?? [1, 1],
      padding: attrs.padding ?? NO_PADDING,
      dilation: attrs.dilation ?? [1, 1],
      inputDilation: attrs.inputDilation ?? [1, 1],
      groups: attrs.groups ?? 1,
    });
  }

  /** softmax(scale q k^T + bias) v */
  attention(q: Node, k: Node, v: Node, bias: Node | undefined, scale: number): Node {
    return this.make("attention", bias ? [q, k, v, bias] : [q, k, v], { scale });
  }

  /** softmax(scale q k^T + bias) over the keys */
  attentionProbabilities(q: Node, k: Node, bias: Node | undefined, scale: number): Node {
    const scores = this.mul(this.matmul(q, k, { transposeB: true }), scale);
    return this.softmax(bias ? this.add(scores, bias) : scores);
  }

  // ---- pooling and resampling

  maxPick = (x: Node, v: Node, attrs: WindowAttrs): Node => this.make("maxPick", [x, v], attrs);
  maxPut = (x: Node, g: Node, attrs: WindowAttrs): Node => this.make("maxPut", [x, g], attrs);

  resample(x: Node, axis: number, map: SparseMap): Node {
    return this.make("resample", [x], { axis: normalizeAxis(axis, x.shape.length), map });
  }

  /** Reverses one axis, as torch.flip. */
  flip(x: Node, axis: number): Node {
    const size = x.shape[normalizeAxis(axis, x.shape.length)]!;
    return size === 1 ? x : this.resample(x, axis, flipMap(size));
  }

  /** torch.index_select */
  gather(x: Node, axis: number, indices: ArrayLike<number>): Node {
    return this.resample(x, axis, gatherMap(x.shape[normalizeAxis(axis, x.shape.length)]!, indices));
  }

  // ---- reductions; reduced axes stay as size 1

  sum(x: Node, axes: readonly number[]): Node {
    const larger = sortedAxes(x, axes).filter((a) => x.shape[a] !== 1);
    return larger.length === 0 ? x : this.make("reduceSum", [x], { axes: larger });
  }

  mean(x: Node, axes: readonly number[]): Node {
    const count = axes.reduce((product, a) => product * x.shape[normalizeAxis(a, x.shape.length)]!, 1);
    return this.mul(this.sum(x, axes), 1 / count);
  }

  amax(x: Node, axes: readonly number[]): Node {
    return this.make("reduceMax", [x], { axes: sortedAxes(x, axes) });
  }

  amin(x: Node, axes: readonly number[]): Node {
    return this.neg(this.amax(this.neg(x), axes));
  }

  /** Over the last axis. */
  softmax = (x: Node): Node => this.make("softmax", [x], {});
  /** torch.nn.LayerNorm over the last axis, without weight and bias. */
  normalize = (x: Node, eps: number): Node => this.make("normalize", [x], { eps });

  // ---- layout

  /**
   * As torch.reshape, sizes may hold one -1. The axis of the batch follows the batch of an instance. Nonlinear ops need
   * the batch on an axis of its own (windows as [B, windows, ...]): else one picture cannot have several gradients.
   */
  reshape(x: Node, shape: Shape): Node {
    const resolved = OPS.reshape.infer([x.shape], { shape }, this.batch);
    if (sameShape(resolved, x.shape)) return x;
    if (x.op === "reshape") return this.reshape(x.inputs[0]!, resolved);
    const batchAxis = resolved.findIndex((d) => d % this.batch === 0);
    return this.make("reshape", [x], { shape: resolved.map((d, i) => (i === batchAxis ? -1 : d)) });
  }

  transpose(x: Node, perm: readonly number[]): Node {
    invariant(perm.length === x.shape.length, `transpose ${perm.join()} of ${shapeText(x.shape)}`);
    if (perm.every((axis, i) => axis === i)) return x;
    return this.make("transpose", [x], { perm });
  }

  /** Elements start..end-1 of one axis; negative positions count from the end. */
  slice(x: Node, axis: number, start: number, end?: number): Node {
    const a = normalizeAxis(axis, x.shape.length);
    const size = x.shape[a]!;
    const from = start < 0 ? start + size : start;
    const to = end === undefined ? size : end < 0 ? end + size : end;
    if (from === 0 && to === size) return x;
    return this.make("slice", [x], { axis: a, start: from, end: to });
  }

  /** Zeros before and after one axis. */
  pad(x: Node, axis: number, low: number, high: number): Node {
    if (low === 0 && high === 0) return x;
    return this.make("pad", [x], { axis: normalizeAxis(axis, x.shape.length), low, high });
  }

  concat(parts: readonly Node[], axis: number): Node {
    const first = parts[0];
    invariant(first, "concat of nothing");
    if (parts.length === 1) return first;
    return this.make("concat", parts, { axis: normalizeAxis(axis, first.shape.length) });
  }

  /** torch.roll along one axis */
  roll(x: Node, axis: number, shift: number): Node {
    const size = x.shape[normalizeAxis(axis, x.shape.length)]!;
    const cut = (((size - shift) % size) + size) % size;
    if (cut === 0) return x;
    return this.concat([this.slice(x, axis, cut), this.slice(x, axis, 0, cut)], axis);
  }

  broadcast(x: Node, shape: Shape): Node {
    const full =
      x.shape.length < shape.length
        ? this.reshape(x, [...shape.slice(x.shape.length).map(() => 1), ...x.shape])
        : x;
    if (sameShape(full.shape, shape)) return full;
    const toBatch = shape[0] === this.batch && full.shape[0] === 1;
    const attrs = shape.map((d, i) => (i === 0 && d === full.shape[0] ? -1 : d));
    return this.make("broadcast", [full], { shape: toBatch ? [-1, ...shape.slice(1)] : attrs, toBatch });
  }

  /** Repeats [1, ...] for every picture of the batch. */
  perPicture(x: Node): Node {
    return this.broadcast(x, [this.batch, ...x.shape.slice(1)]);
  }
}

/** Without negative ones, each once. */
const sortedAxes = ({ shape }: Node, axes: readonly number[]): number[] =>
  [...new Set(axes.map((a) => normalizeAxis(a, shape.length)))].sort((a, b) => a - b);
