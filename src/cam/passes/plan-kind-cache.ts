/** @file A cache of plans of one kind, for each forward pass whose values they read. */

import type { ForwardPass } from "./forward-pass.js";
import { PlanCache } from "./plan-cache.js";

/** One call may need this many behind a forward pass: two numbers of targets, with guided backprop, without, other seeds. */
const CAPACITY = 6;

export class PlanKindCache<T extends { dispose(): void }> {
  private readonly caches = new WeakMap<ForwardPass, PlanCache<T>>();

  /** @param batched the plans run batches */
  constructor(private readonly batched = false) {}

  /**
   * The plan under `key`, made if the cache lacks it.
   * @param alone the plan gets all memory that is left of a budget: other plans of batches are freed before it is made
   */
  async get(forward: ForwardPass, key: string, make: () => Promise<T>, alone = false): Promise<T> {
    const cache = this.cacheOf(forward);
    if (alone && !cache.has(key)) await forward.releaseBatches();
    return cache.get(key, make);
  }

  private cacheOf(forward: ForwardPass): PlanCache<T> {
    const known = this.caches.get(forward);
    if (known) return known;
    const cache = new PlanCache<T>(CAPACITY, (plan) => plan.dispose());
    this.caches.set(forward, cache);
    forward.keepPlans(cache, this.batched);
    return cache;
  }
}
