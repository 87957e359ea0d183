/**
 * @file The forward pass of a model and what its reverse passes take from it: which values are saved, which are cheap
 * enough to be computed again.
 */

import type { Builder } from "../graph/builder.js";
import { derive, reachable } from "../graph/derive.js";
import { grad, type GradRules } from "../graph/grad.js";
import { isPointwise } from "../graph/pointwise.js";
import { isParametric, optimize } from "../graph/rewrite.js";
import type { Node } from "../graph/types.js";
import type { Template } from "../models/registry.js";
import type { Device } from "../runtime/device.js";
import type { Plan } from "../runtime/plan.js";
import type { WeightStore } from "../runtime/weights.js";
import type { BatchPlan } from "./batch-plan.js";
import type { DirectPlan } from "./direct-plan.js";
import type { MapPlan } from "./map-plan.js";
import { PlanCache } from "./plan-cache.js";
import type { SamplePlan } from "./sampled-gradients.js";

/**
 * Plans kept, of each kind, behind one forward pass: as many as a call may take, for two numbers of targets, with and without
 * guided backprop and of another seed.
 */
const KEPT_PLANS = 6;

/** A model on a device. */
export interface LoadedModel {
  readonly template: Template;
  readonly device: Device;
  readonly weights: WeightStore;
}

/** The template's own nodes come first; gradients are appended to the same graph. */
export class Passes {
  private readonly forwardEnd: number;
  private readonly materialised = new Set<Node>();
  /** The gradient of the logits, one row a target: an input of the template's graph, [B, classes]. */
  readonly seed: Node;

  constructor(readonly model: LoadedModel) {
    const { graph, logits } = model.template;
    this.forwardEnd = graph.nodes.length;
    // Values that the forward plan writes to memory anyway: read by something that is not pointwise.
    for (const node of graph.nodes)
      if (!isPointwise(node.op)) node.inputs.forEach((x) => this.materialised.add(x));
    this.seed = graph.input("seed", logits.shape);
  }

  /** The gradients of the logits, seeded per target, at some nodes of the template: symbolic, in the template's graph. */
  gradients(at: readonly Node[], rules?: GradRules): Node[] {
    const { graph, logits } = this.model.template;
    return grad(graph, logits, this.seed, at, rules);
  }

  /** The product of the seeded logits' Hessian at a node of the template and that node's value; `gradient` is theirs at it. */
  curvature(gradient: Node, at: Node): Node {
    return grad(this.model.template.graph, gradient, at, [at])[0]!;
  }

  /** Values of the seed: one row a class index, 1 there, or what `rowOf` says. */
  seedRows(targets: readonly number[], rowOf?: (target: number) => Float32Array): Float32Array {
    const classes = this.model.template.logits.shape[1]!;
    const rows = new Float32Array(targets.length * classes);
    targets.forEach((target, i) => {
      if (rowOf) rows.set(rowOf(target), i * classes);
      else rows[i * classes + target] = 1;
    });
    return rows;
  }

  /** The model itself, without the gradients that were appended to it. */
  get forwardNodes(): readonly Node[] {
    return this.model.template.graph.nodes.slice(0, this.forwardEnd);
  }

  private isForward(node: Node): boolean {
    return node.id < this.forwardEnd;
  }

  /** Whether a reverse pass takes this value from the forward pass rather than computing it again. */
  private isSaved(node: Node, taps: ReadonlySet<Node>): boolean {
    if (!this.isForward(node) || isParametric(node)) return false;
    if (taps.has(node)) return true;
    switch (node.op) {
      case "reshape":
      case "transpose":
      case "slice":
      case "broadcast":
        return false;
      default:
        return !isPointwise(node.op) || this.materialised.has(node);
    }
  }

  /** The forward values that computing `wanted` (of gradients) takes. */
  savedFor(wanted: readonly Node[], taps: readonly Node[]): Node[] {
    const tapSet = new Set(taps);
    return reachable(wanted, (node) => this.isSaved(node, tapSet)).filter((node) =>
      this.isSaved(node, tapSet),
    );
  }

  /** Compiles the forward pass of one picture, keeping the logits (first) and `keep`. */
  async compileForward(keep: readonly Node[]): Promise<Forward> {
    const { template, device, weights } = this.model;
    const outputs = [...new Set([template.logits, ...keep])];
    const derived = derive(outputs, {
      batch: 1,
      rewrite: optimize(outputs, { maxElements: device.maxElements }),
    });
    const copies = outputs.map((node) => derived.copyOf(node));
    const plan = await device.compile(derived.graph, copies, { weights });
    return new Forward(plan, outputs, copies);
  }

  /**
   * The values `wanted` of a reverse pass for `targets` targets, as the start of a graph that can be added to.
   * @param forward which must keep savedFor(wanted, taps)
   */
  reverse(forward: Forward, wanted: readonly Node[], taps: readonly Node[], targets: number): Reverse {
    const tapSet = new Set(taps);
    const isSaved = (node: Node): boolean => this.isSaved(node, tapSet);
    const derived = derive(wanted, {
      batch: targets,
      substitute: (node, b) => (isSaved(node) ? forward.savedInput(b, node) : undefined),
      rewrite: optimize(wanted, { stop: isSaved, maxElements: this.model.device.maxElements }),
    });
    return { graph: derived.graph, values: wanted.map((node) => derived.copyOf(node)) };
  }
}

export interface Reverse {
  readonly graph: Builder;
  readonly values: readonly Node[];
}

/** A compiled forward pass, whose kept values other plans read. */
export class Forward {
  /** Plans that read this one's values: they go when it goes. */
  readonly mapPlans = new PlanCache<MapPlan>(KEPT_PLANS, (plan) => plan.dispose());
  readonly batchPlans = new PlanCache<BatchPlan>(KEPT_PLANS, (plan) => plan.dispose());
  readonly directPlans = new PlanCache<DirectPlan>(KEPT_PLANS, (plan) => plan.dispose());
  readonly samplePlans = new PlanCache<SamplePlan>(KEPT_PLANS, (plan) => plan.dispose());
  private readonly index: ReadonlyMap<Node, number>;
  /** That plans were made for. */
  private targets: number | undefined;
  /** Targets at once that the GPU had memory for (fitting.ts). */
  targetsAtOnce = Infinity;

  constructor(
    readonly plan: Plan,
    /** Of the template. */
    readonly kept: readonly Node[],
    private readonly copies: readonly Node[],
  ) {
    this.index = new Map(kept.map((node, i) => [node, i]));
  }

  /** Place among the plan's outputs. */
  indexOf(node: Node): number {
    return this.index.get(node)!;
  }

  keeps(nodes: readonly Node[]): boolean {
    return nodes.every((node) => this.index.has(node));
  }

  /** A kept value as an input of another graph: of batch 1, whatever that graph's batch is. */
  savedInput(b: Builder, node: Node): Node {
    return b.input(`saved:${node.id}`, this.copies[this.indexOf(node)]!.shape);
  }

  /** For Device.compile: where the saved inputs of a graph lie. */
  sourcesOf(b: Builder): Map<Node, Plan["outputs"][number]> {
    const sources = new Map<Node, Plan["outputs"][number]>();
    this.kept.forEach((node, i) => {
      const input = b.inputs.get(`saved:${node.id}`);
      if (input) sources.set(input, this.plan.outputs[i]!);
    });
    return sources;
  }

  /** Drops the plans of calls with another number of targets, whose memory a bounded call has not. */
  async beginBounded(targets: number): Promise<void> {
    if (this.targets !== targets) await this.releasePlans();
    this.targets = targets;
  }

  /**
   * A plan that runs batches, of `plans`, made if it is not there. Where memory is bounded each is given all that is left, so
   * that there is one at a time.
   */
  async batches<T>(plans: PlanCache<T>, key: string, bounded: boolean, make: () => Promise<T>): Promise<T> {
    if (bounded && !plans.has(key)) await this.releaseBatches();
    return plans.get(key, make);
  }

  releaseBatches(): Promise<unknown> {
    return Promise.all([this.batchPlans.clear(), this.samplePlans.clear()]);
  }

  private releasePlans(): Promise<unknown> {
    return Promise.all([this.releaseBatches(), this.directPlans.clear(), this.mapPlans.clear()]);
  }

  /** Frees the plans that are kept for calls to come. @returns how many they were */
  async releaseMade(): Promise<number> {
    const kinds = [this.batchPlans, this.samplePlans, this.directPlans, this.mapPlans];
    const released = await Promise.all(kinds.map((plans) => plans.clearMade()));
    return released.reduce((sum, n) => sum + n, 0);
  }

  /** Resolves when the plans that read this one's values are gone too. */
  async dispose(): Promise<void> {
    await this.releasePlans();
    this.plan.dispose();
  }
}
