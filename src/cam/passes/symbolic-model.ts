/**
 * @file A model as a graph, with gradients appended to it. Decides which values a reverse pass reads from the forward
 * pass and which it computes again.
 */

import type { Builder } from "../../graph/builder.js";
import { instantiate, reachable } from "../../graph/instantiate.js";
import { grad, type GradRules } from "../../graph/grad.js";
import { OPS } from "../../graph/ops.js";
import { isPointwise } from "../../graph/pointwise.js";
import { isParametric, optimize } from "../../graph/rewrite.js";
import type { Node } from "../../graph/types.js";
import type { Template } from "../../models/template.js";
import { ForwardPass } from "./forward-pass.js";
import type { DeviceModel } from "../model.js";

/** The template's own nodes come first; gradients are appended to the same graph. */
export class SymbolicModel {
  private readonly forwardEnd: number;
  private readonly materialised = new Set<Node>();
  /** The gradient of the logits, one row a target: an input of the template's graph, [B, classes]. */
  readonly seed: Node;

  constructor(readonly model: DeviceModel) {
    const { graph, logits } = model.template;
    this.forwardEnd = graph.nodes.length;
    // The forward plan writes a value to memory anyway if an op reads it that is not pointwise.
    for (const node of graph.nodes)
      if (!isPointwise(node.op)) node.inputs.forEach((x) => this.materialised.add(x));
    this.seed = graph.input("seed", logits.shape);
  }

  get template(): Template {
    return this.model.template;
  }

  /** The model's nodes, without appended gradients. */
  get forwardNodes(): readonly Node[] {
    return this.template.graph.nodes.slice(0, this.forwardEnd);
  }

  /** The gradients of the seeded logits at some nodes of the template. */
  gradients(at: readonly Node[], rules?: GradRules): Node[] {
    const { graph, logits } = this.template;
    return grad(graph, logits, this.seed, at, rules);
  }

  /** The Hessian of the seeded logits at a node times that node's value. @param gradient of the seeded logits at the node */
  curvature(gradient: Node, at: Node): Node {
    return grad(this.template.graph, gradient, at, [at])[0]!;
  }

  /**
   * Values of the seed, [rows, classes]: for each class index 1 at that index, or the row that `rowOf` gives. Rows beyond
   * the targets are zero.
   */
  seedRows(
    targets: readonly number[],
    rowOf?: (target: number) => Float32Array,
    rows = targets.length,
  ): Float32Array {
    const classes = this.template.logits.shape[1]!;
    const seed = new Float32Array(rows * classes);
    targets.forEach((target, i) => {
      if (rowOf) seed.set(rowOf(target), i * classes);
      else seed[i * classes + target] = 1;
    });
    return seed;
  }

  /** Whether a reverse pass reads this value from the forward pass instead of computing it again. */
  private isSaved(node: Node, taps: ReadonlySet<Node>): boolean {
    if (node.id >= this.forwardEnd || isParametric(node)) return false;
    if (taps.has(node)) return true;
    return !OPS[node.op].isView && (!isPointwise(node.op) || this.materialised.has(node));
  }

  /** The forward values that a reverse pass reads to compute `outputs`. */
  savedFor(outputs: readonly Node[], taps: readonly Node[]): Node[] {
    const tapSet = new Set(taps);
    const isSaved = (node: Node): boolean => this.isSaved(node, tapSet);
    return reachable(outputs, isSaved).filter(isSaved);
  }

  /** Compiles the forward pass of one picture. It keeps the logits, first, and `keep`. */
  async compileForward(keep: readonly Node[]): Promise<ForwardPass> {
    const { template, device, weights } = this.model;
    const outputs = [...new Set([template.logits, ...keep])];
    const instance = instantiate(outputs, {
      batch: 1,
      rewrite: optimize(outputs, { maxElements: device.maxElements }),
    });
    const copies = outputs.map((node) => instance.copyOf(node));
    const plan = await device.compile(instance.graph, copies, { weights });
    return new ForwardPass(plan, outputs, copies);
  }

  /**
   * A graph that computes `outputs` for `targets` targets. More can be appended to it.
   * @param forward which must keep savedFor(outputs, taps)
   * @returns the graph, and the copies of `outputs` in it
   */
  reverse(
    forward: ForwardPass,
    outputs: readonly Node[],
    taps: readonly Node[],
    targets: number,
  ): { graph: Builder; values: Node[] } {
    const tapSet = new Set(taps);
    const isSaved = (node: Node): boolean => this.isSaved(node, tapSet);
    const { graph, copyOf } = instantiate(outputs, {
      batch: targets,
      substitute: (node, b) => (isSaved(node) ? forward.savedInput(b, node) : undefined),
      rewrite: optimize(outputs, { stop: isSaved, maxElements: this.model.device.maxElements }),
    });
    return { graph, values: outputs.map((node) => copyOf(node)) };
  }
}
