/**
 * @file How much work the GPU is given at a time. A system takes a GPU that works too long on one submit for hung and resets
 * it (Windows after 2 s), and a page cannot be drawn meanwhile. So long runs are cut, by what earlier parts took.
 */

import type { Step } from "../kernels/step.js";

/** Floating-point operations of a submit before anything was measured: 30 ms at 0.15 TFLOP/s, a small integrated GPU's. */
const FIRST_COST = 4e9;
/** What a submit should take, in milliseconds. */
export const AIM_MS = 75;
/** How much larger the next submit may be at most than the last: a measurement may be wrong. */
const GROWTH = 4;
/** Floating-point operations in the time that a byte takes: dispatches that compute little are bound by memory. */
const FLOPS_PER_BYTE = 8;

/** What a dispatch counts, in floating-point operations. */
export function costOf({ flops, output, inputs }: Pick<Step, "flops" | "output" | "inputs">): number {
  const elements = [output, ...inputs].reduce((sum, slot) => sum + slot.size, 0);
  return Math.max(flops, FLOPS_PER_BYTE * 4 * elements);
}

export class Pace {
  /** What a part should cost. */
  private budget = FIRST_COST;
  /** Of what was submitted since the last fence: its cost, and when the first of it was. */
  private open = { cost: 0, since: 0 };
  /** When the last part that was waited for was done. */
  private lastDone = 0;
  /** Resolves when the last part that is complete is done. */
  private underWay: Promise<unknown> | undefined;

  /**
   * @param fence resolves when all that was submitted is done
   * @param now milliseconds
   */
  constructor(
    private readonly fence: () => Promise<unknown>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What the next submit should cost at most. */
  get room(): number {
    return this.budget - this.open.cost;
  }

  /**
   * To be called with the cost of each submit. Where that makes a part complete, the promise is that of the part before it:
   * the GPU goes on with this one while the host waits.
   */
  submitted(cost: number): Promise<unknown> | undefined {
    const { open } = this;
    if (open.cost === 0) open.since = this.now();
    open.cost += cost;
    if (open.cost < this.budget) return undefined;
    this.open = { cost: 0, since: 0 };
    const before = this.underWay;
    this.underWay = this.fence().then(() => this.measure(open));
    this.underWay.catch(() => undefined); // whoever waits for it is told
    return before;
  }

  /** To be called when all that was submitted is done. */
  settled(): void {
    this.open = { cost: 0, since: 0 };
    this.underWay = undefined;
  }

  private measure({ cost, since }: { readonly cost: number; readonly since: number }): void {
    const now = this.now();
    // A part that was submitted while the one before was at work began when that was done.
    const took = now - Math.max(since, this.lastDone);
    this.lastDone = now;
    this.budget = Math.min((cost / took) * AIM_MS, GROWTH * this.budget);
  }
}
