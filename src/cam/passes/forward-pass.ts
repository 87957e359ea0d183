/** @file A compiled forward pass, whose kept values the plans behind it read. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { Plan } from "../../runtime/plan.js";
import type { PlanCache } from "./plan-cache.js";

type DependentPlans = Pick<PlanCache<unknown>, "clear" | "clearMade">;

export class ForwardPass {
  /** Of plans that read this one's values: they go when it goes. */
  private readonly caches: { readonly cache: DependentPlans; readonly batched: boolean }[] = [];
  private readonly index: ReadonlyMap<Node, number>;
  /** That plans were made for. */
  private targets: number | undefined;
  /** Targets at once that the GPU had memory for (fit-targets.ts). */
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

  /** @param batched the plans run batches: they go before another such plan is made where memory is bounded */
  keepPlans(cache: DependentPlans, batched: boolean): void {
    this.caches.push({ cache, batched });
  }

  releaseBatches(): Promise<unknown> {
    return Promise.all(this.caches.filter(({ batched }) => batched).map(({ cache }) => cache.clear()));
  }

  private releasePlans(): Promise<unknown> {
    return Promise.all(this.caches.map(({ cache }) => cache.clear()));
  }

  /** Frees the plans that are kept for calls to come. @returns how many they were */
  async releaseMade(): Promise<number> {
    const released = await Promise.all(this.caches.map(({ cache }) => cache.clearMade()));
    return released.reduce((sum, n) => sum + n, 0);
  }

  /** Resolves when the plans that read this one's values are gone too. */
  async dispose(): Promise<void> {
    await this.releasePlans();
    this.plan.dispose();
  }
}
