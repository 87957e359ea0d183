/**
 * @file Lowers a graph on demand from its outputs: each value becomes a view of memory and the steps that fill it. Layout
 * ops are free if a strided view serves. Parts of a concat are written in place.
 */

import { invariant } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import { OPS } from "../graph/ops.js";
import { isPointwise } from "../graph/pointwise.js";
import { reachable } from "../graph/instantiate.js";
import { isParametric } from "../graph/rewrite.js";
import { contiguousStrides, sameShape, shapeText, sizeOf, type Shape } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import type { AdapterTraits } from "./gemm-variants.js";
import { isExpanded } from "./expanded.js";
import { isLiteral, planFusion, type Cluster } from "./fuse.js";
import { copyStep } from "./pointwise.js";
import type { Step } from "./step.js";
import {
  ceil4,
  hasEvenRows,
  hasVec4Rows,
  reshapeView,
  sliceView,
  storageShape,
  storageSize,
  viewOf,
  type Slot,
  type View,
} from "./view.js";

export interface Lowered {
  readonly steps: readonly Step[];
  /** Where each output lies, in the order requested. */
  readonly outputs: readonly View[];
  /** Values of parameters and constants alone, to prepare before the plan runs. */
  readonly weights: ReadonlyMap<Node, View>;
  /** Tables to upload. */
  readonly tables: ReadonlyMap<Slot, Uint32Array<ArrayBuffer>>;
  readonly inputs: ReadonlyMap<string, View>;
}

export interface LowerOptions {
  readonly traits: AdapterTraits;
  /** Values of other plans (saved activations), by node. */
  readonly sources?: ReadonlyMap<Node, View>;
  /** Whether values of parameters and constants alone come from the weight store; false for that store's own plans. */
  readonly weightsApart: boolean;
  /** Each output lies as `viewOf`, at the start of a slot of its own. */
  readonly plainOutputs?: boolean;
}

/** Emits the steps that fill a node's value. @returns where it lies */
type LowerNode = (ctx: Lowering, node: Node, cluster?: Cluster) => View;

export class Lowering {
  readonly steps: Step[] = [];
  readonly weights = new Map<Node, View>();
  readonly tables = new Map<Slot, Uint32Array<ArrayBuffer>>();
  readonly inputs = new Map<string, View>();
  readonly traits: AdapterTraits;
  private readonly views = new Map<Node, View>();
  private readonly blocks = new Map<Node, View>();
  private readonly tableSlots = new Map<object, Slot>();
  private readonly clusters: Map<Node, Cluster>;
  /** The concat that a value is written into, and its position on the axis. */
  private readonly homes = new Map<Node, { concat: Node; start: number }>();

  constructor(
    readonly b: Builder,
    private readonly outputs: readonly Node[],
    private readonly options: LowerOptions,
    private readonly lowerNode: LowerNode,
  ) {
    this.traits = options.traits;
    for (const [node, view] of options.sources ?? []) this.views.set(node, view);
    const isLeaf = (node: Node): boolean => this.views.has(node) || this.isWeight(node);
    const order = reachable(outputs, isLeaf);
    this.clusters = planFusion(order, new Set(outputs), isLeaf);
    this.findHomes(order, isLeaf);
  }

  /** A value of parameters and constants alone: the weight store computes it once, unless it needs too much memory. */
  private isWeight(node: Node): boolean {
    if (!this.options.weightsApart || isLiteral(node)) return false;
    return isParametric(node) && !isExpanded(node);
  }

  run(): Lowered {
    const outputs = this.outputs.map((node) => {
      const view = this.value(node);
      // A view of something else (a slice, an input) is copied, so that it can be kept.
      const keeps = this.options.plainOutputs ? isPlain(view) : ownsMemory(view);
      return keeps ? view : this.copyTo(view, this.allocate(node.shape, "output"), node.path);
    });
    const { steps, weights, tables, inputs } = this;
    return { steps, outputs, weights, tables, inputs };
  }

  /** Where a value lies. Emits the steps that compute it, once. */
  value(node: Node): View {
    const known = this.views.get(node);
    if (known) return known;
    const view = this.compute(node);
    invariant(
      sameShape(view.shape, node.shape),
      `${node.path} ${node.op}: lowered to ${shapeText(view.shape)}`,
    );
    this.views.set(node, view);
    return view;
  }

  private compute(node: Node): View {
    if (this.isWeight(node)) {
      const slot: Slot = { kind: "weight", size: storageSize(node.shape), name: node.path || node.op };
      const view = viewOf(slot, node.shape);
      this.weights.set(node, view);
      return view;
    }
    const cluster = this.clusters.get(node);
    if (cluster?.root === node) return this.lowerNode(this, node, cluster);
    invariant(!isPointwise(node.op), `${node.path} ${node.op} is inside a cluster`);
    return this.lowerNode(this, node);
  }

  // ---- memory

  allocate(shape: Shape, kind: "temp" | "output" = "temp", name = ""): View {
    return viewOf({ kind, size: storageSize(shape), name }, shape);
  }

  /** As allocate, for kernels that load vec4s: rows of one element begin at multiples of four elements too. */
  allocateRows(shape: Shape): View {
    const stored = [...shape.slice(0, -1), ceil4(shape.at(-1) ?? 1)];
    const slot: Slot = { kind: "temp", size: sizeOf(stored), name: "" };
    return { slot, offset: 0, shape, strides: contiguousStrides(stored) };
  }

  /** A table of constants. One slot per source object. */
  table(source: object, make: () => Uint32Array<ArrayBuffer>): Slot {
    const known = this.tableSlots.get(source);
    if (known) return known;
    const data = make();
    const slot: Slot = { kind: "input", size: Math.max(4, data.length), name: "table" };
    this.tables.set(slot, data);
    this.tableSlots.set(source, slot);
    return slot;
  }

  input(name: string, shape: Shape): View {
    const view = viewOf({ kind: "input", size: storageSize(shape), name }, shape);
    this.inputs.set(name, view);
    return view;
  }

  /**
   * Emits the step that writes `node`: in place (a concat's block, say) if the kernel can write there, else to memory
   * of its own, from which it is copied.
   * @param inputs of the step: one dispatch may not read and write the same slot
   */
  produce(
    node: Node,
    inputs: readonly View[],
    accepts: (view: View) => boolean,
    makeStep: (output: View) => Omit<Step, "label">,
  ): View {
    const home = this.placeOf(node);
    const direct = accepts(home) && inputs.every((x) => x.slot !== home.slot);
    const output = direct ? home : this.allocateRows(node.shape);
    invariant(direct || accepts(output), `${node.path} ${node.op}: no memory that its kernel can write`);
    this.emit(node, makeStep(output));
    return direct ? home : this.copyTo(output, home, node.path);
  }

  emit(node: { path: string; op: string }, step: Omit<Step, "label">): void {
    this.steps.push({ ...step, label: node.path === "" ? node.op : `${node.path} ${node.op}` });
  }

  private placeOf(node: Node): View {
    const home = this.homes.get(node);
    if (home) {
      const axis = (home.concat as Node & { op: "concat" }).attrs.axis;
      return sliceView(this.block(home.concat), axis, home.start, home.start + node.shape[axis]!);
    }
    return this.allocate(node.shape, this.outputs.includes(node) ? "output" : "temp", node.path);
  }

  /** The memory of a concat and its parts. */
  block(concat: Node): View {
    let block = this.blocks.get(concat);
    if (!block) this.blocks.set(concat, (block = this.placeOf(concat)));
    return block;
  }

  /** Decides which values are written into a concat. */
  private findHomes(order: readonly Node[], isLeaf: (node: Node) => boolean): void {
    for (const concat of [...order].reverse()) {
      if (concat.op !== "concat" || isLeaf(concat)) continue;
      const { axis } = concat.attrs;
      const isLast = axis === concat.shape.length - 1;
      let start = 0;
      for (const part of concat.inputs) {
        const size = part.shape[axis]!;
        const aligned = isLast ? start % 4 === 0 && size % 4 === 0 : true;
        if (aligned && makesMemory(part) && !isLeaf(part) && !this.homes.has(part)) {
          this.homes.set(part, { concat, start });
        }
        start += size;
      }
    }
  }

  // ---- views for kernels

  copyTo(from: View, to: View, path: string): View {
    // One dispatch may not read and write the same slot.
    const source = from.slot === to.slot ? this.copy(from, path) : from;
    this.emit({ path, op: "copy" }, copyStep(source, to));
    return to;
  }

  /** The same value in memory of its own. */
  copy(view: View, path: string): View {
    return this.copyTo(view, this.allocateRows(view.shape), path);
  }

  /** The value with rows that can be loaded as vec4s. */
  vec4Rows(view: View, path: string): View {
    return hasVec4Rows(view) ? view : this.copy(view, path);
  }

  /** The value with rows of vec4s that are one stride apart. */
  evenRows(view: View, path: string): View {
    return hasEvenRows(view) ? view : this.copy(view, path);
  }

  reshape(view: View, shape: Shape, path: string): View {
    const direct = reshapeView(view, shape);
    if (direct) return direct;
    // Padded rows cannot be regrouped in place.
    const dense: View = {
      slot: { kind: "temp", size: storageSize([...view.shape, 1]), name: path },
      offset: 0,
      shape: view.shape,
      strides: contiguousStrides(view.shape),
    };
    const regrouped = reshapeView(this.copyTo(view, dense, path), shape);
    invariant(regrouped, `${path}: reshape of ${shapeText(view.shape)} to ${shapeText(shape)}`);
    return regrouped;
  }
}

const makesMemory = ({ op, inputs }: Node): boolean => inputs.length > 0 && !OPS[op].isView;

const ownsMemory = (view: View): boolean =>
  (view.slot.kind === "output" || view.slot.kind === "temp") && view.strides.every((s) => s >= 0);

const isPlain = (view: View): boolean =>
  ownsMemory(view) &&
  view.offset === 0 &&
  view.slot.size === storageSize(view.shape) &&
  contiguousStrides(storageShape(view.shape)).every((s, i) => s === view.strides[i] || view.shape[i] === 1);
