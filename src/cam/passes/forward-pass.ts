/** @file A compiled forward pass. The plans behind it read the values that it keeps. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { Plan } from "../../runtime/plan.js";
import type { PlanCache } from "./plan-cache.js";

type DependentPlans = Pick<PlanCache<unknown>, "clear" | "clearMade">;

export class ForwardPass {
  /** Plans that read this pass's values. They are freed with it. */
  private readonly caches: { readonly cache: DependentPlans; readonly batched: boolean }[] = [];
  private readonly index: ReadonlyMap<Node, number>;
  /** The number of targets of the cached plans. */
  private targets: number | undefined;
  /** The input of the last run, and its logits: the values that the pass holds are of these. */
  holds: { readonly input: Float32Array; readonly logits: Float32Array } | undefined;
  /** The number of targets at once for which the GPU had memory (fit-targets.ts). */
  targetsAtOnce = Infinity;

  constructor(
    readonly plan: Plan,
    /** Nodes of the template. */
    readonly kept: readonly Node[],
    private readonly copies: readonly Node[],
  ) {
    this.index = new Map(kept.map((node, i) => [node, i]));
  }

  /** The index among the plan's outputs. */
  indexOf(node: Node): number {
    return this.index.get(node)!;
  }

  keeps(nodes: readonly Node[]): boolean {
    return nodes.every((node) => this.index.has(node));
  }

  /** A kept value as an input of another graph. Its batch is 1, whatever that graph's batch is. */
  savedInput(b: Builder, node: Node): Node {
    return b.input(`saved:${node.id}`, this.copies[this.indexOf(node)]!.shape);
  }

  /** For Device.compile: the views of a graph's saved inputs. */
  sourcesOf(b: Builder): Map<Node, Plan["outputs"][number]> {
    const sources = new Map<Node, Plan["outputs"][number]>();
    this.kept.forEach((node, i) => {
      const input = b.inputs.get(`saved:${node.id}`);
      if (input) sources.set(input, this.plan.outputs[i]!);
    });
    return sources;
  }

  /** For a call with a memory budget: drops plans for another number of targets, which would count against it. */
  async beginBounded(targets: number): Promise<void> {
    if (this.targets !== targets) await this.releasePlans();
    this.targets = targets;
  }

  /** @param batched the plans run batches. Under a memory budget they are freed before another such plan is made */
  keepPlans(cache: DependentPlans, batched: boolean): void {
    this.caches.push({ cache, batched });
  }

  releaseBatches(): Promise<unknown> {
    return Promise.all(this.caches.filter(({ batched }) => batched).map(({ cache }) => cache.clear()));
  }

  private releasePlans(): Promise<unknown> {
    return Promise.all(this.caches.map(({ cache }) => cache.clear()));
  }

  /** Frees the plans kept for later calls. @returns their number */
  async releaseMade(): Promise<number> {
    const released = await Promise.all(this.caches.map(({ cache }) => cache.clearMade()));
    return released.reduce((sum, n) => sum + n, 0);
  }

  /** Frees the plans that read this pass's values as well. */
  async dispose(): Promise<void> {
    await this.releasePlans();
    this.plan.dispose();
  }
}
