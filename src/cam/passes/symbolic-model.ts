/**
 * @file The forward pass of a model and what its reverse passes take from it: which values are saved, which are cheap
 * enough to be computed again.
 */

import type { Builder } from "../../graph/builder.js";
import { instantiate, reachable } from "../../graph/instantiate.js";
import { grad, type GradRules } from "../../graph/grad.js";
import { OPS } from "../../graph/ops.js";
import { isPointwise } from "../../graph/pointwise.js";
import { isParametric, optimize } from "../../graph/rewrite.js";
import type { Node } from "../../graph/types.js";
import type { Template } from "../../models/registry.js";
import { ForwardPass } from "./forward-pass.js";
import type { SymbolicGradients } from "../methods/method.js";
import type { DeviceModel } from "../model.js";

/** The template's own nodes come first; gradients are appended to the same graph. */
export class SymbolicModel implements SymbolicGradients {
  private readonly forwardEnd: number;
  private readonly materialised = new Set<Node>();
  readonly seed: Node;

  constructor(readonly model: DeviceModel) {
    const { graph, logits } = model.template;
    this.forwardEnd = graph.nodes.length;
    // Values that the forward plan writes to memory anyway: read by something that is not pointwise.
    for (const node of graph.nodes)
      if (!isPointwise(node.op)) node.inputs.forEach((x) => this.materialised.add(x));
    this.seed = graph.input("seed", logits.shape);
  }

  get template(): Template {
    return this.model.template;
  }

  gradients(at: readonly Node[], rules?: GradRules): Node[] {
    const { graph, logits } = this.template;
    return grad(graph, logits, this.seed, at, rules);
  }

  /** The product of the seeded logits' Hessian at a node of the template and that node's value; `gradient` is theirs at it. */
  curvature(gradient: Node, at: Node): Node {
    return grad(this.template.graph, gradient, at, [at])[0]!;
  }

  /** Values of the seed: one row a class index, 1 there, or what `rowOf` says. */
  seedRows(targets: readonly number[], rowOf?: (target: number) => Float32Array): Float32Array {
    const classes = this.template.logits.shape[1]!;
    const rows = new Float32Array(targets.length * classes);
    targets.forEach((target, i) => {
      if (rowOf) rows.set(rowOf(target), i * classes);
      else rows[i * classes + target] = 1;
    });
    return rows;
  }

  get forwardNodes(): readonly Node[] {
    return this.template.graph.nodes.slice(0, this.forwardEnd);
  }

  private isForward(node: Node): boolean {
    return node.id < this.forwardEnd;
  }

  /** Whether a reverse pass takes this value from the forward pass rather than computing it again. */
  private isSaved(node: Node, taps: ReadonlySet<Node>): boolean {
    if (!this.isForward(node) || isParametric(node)) return false;
    if (taps.has(node)) return true;
    return !OPS[node.op].isView && (!isPointwise(node.op) || this.materialised.has(node));
  }

  /** The forward values that computing `wanted` (of gradients) takes. */
  savedFor(wanted: readonly Node[], taps: readonly Node[]): Node[] {
    const tapSet = new Set(taps);
    return reachable(wanted, (node) => this.isSaved(node, tapSet)).filter((node) =>
      this.isSaved(node, tapSet),
    );
  }

  /** Compiles the forward pass of one picture, keeping the logits (first) and `keep`. */
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
   * The values `wanted` of a reverse pass for `targets` targets, as the start of a graph that can be added to.
   * @param forward which must keep savedFor(wanted, taps)
   */
  reverse(forward: ForwardPass, wanted: readonly Node[], taps: readonly Node[], targets: number): Reverse {
    const tapSet = new Set(taps);
    const isSaved = (node: Node): boolean => this.isSaved(node, tapSet);
    const instance = instantiate(wanted, {
      batch: targets,
      substitute: (node, b) => (isSaved(node) ? forward.savedInput(b, node) : undefined),
      rewrite: optimize(wanted, { stop: isSaved, maxElements: this.model.device.maxElements }),
    });
    return { graph: instance.graph, values: wanted.map((node) => instance.copyOf(node)) };
  }
}

export interface Reverse {
  readonly graph: Builder;
  readonly values: readonly Node[];
}
