/** @file One kind of plans that are kept behind the forward passes whose values they read. */

import type { ForwardPass } from "./forward-pass.js";
import { PlanCache } from "./plan-cache.js";

/**
 * Behind one forward pass: as many as a call may take, for two numbers of targets, with and without guided backprop and of
 * another seed.
 */
const CAPACITY = 6;

export class KeptPlans<T extends { dispose(): void }> {
  private readonly caches = new WeakMap<ForwardPass, PlanCache<T>>();

  /** @param batched the plans run batches */
  constructor(private readonly batched = false) {}

  /**
   * The plan under `key`, made if it is not there.
   * @param alone memory is bounded and the plan is given all that is left: no other plan of batches stays
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
