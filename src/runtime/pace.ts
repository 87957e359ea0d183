/**
 * @file Limits the work of one submit. A system resets a GPU that works too long on one (Windows after 2 s), and a page
 * cannot be drawn meanwhile. Long runs are cut by the measured time of earlier parts.
 */

import type { Step } from "../kernels/step.js";

/** Floating-point operations of a submit before any measurement: 30 ms at 0.15 TFLOP/s, a small integrated GPU. */
const FIRST_COST = 4e9;
/** Target time of a submit, in milliseconds. */
export const AIM_MS = 75;
/** Largest growth from one submit to the next: a measurement may be wrong. */
const GROWTH = 4;
/** Floating-point operations in the time of one byte: dispatches that compute little are bound by memory. */
const FLOPS_PER_BYTE = 8;

/** Cost of a dispatch, in floating-point operations. */
export function costOf({ flops, output, inputs }: Pick<Step, "flops" | "output" | "inputs">): number {
  const elements = [output, ...inputs].reduce((sum, slot) => sum + slot.size, 0);
  return Math.max(flops, FLOPS_PER_BYTE * 4 * elements);
}

export class Pace {
  /** Cost of a part. */
  private budget = FIRST_COST;
  /** Submits since the last fence: their cost, and the time of the first. */
  private open = { cost: 0, since: 0 };
  /** When the last awaited part was done. */
  private lastDone = 0;
  /** Resolves when the last complete part is done. */
  private underWay: Promise<unknown> | undefined;

  /**
   * @param fence resolves when all submitted work is done
   * @param now milliseconds
   */
  constructor(
    private readonly fence: () => Promise<unknown>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Largest cost of the next submit. */
  get room(): number {
    return this.budget - this.open.cost;
  }

  /**
   * Call with the cost of each submit. If that completes a part, the promise is that of the part before: the GPU works on
   * this one while the host waits.
   */
  submitted(cost: number): Promise<unknown> | undefined {
    const { open } = this;
    if (open.cost === 0) open.since = this.now();
    open.cost += cost;
    if (open.cost < this.budget) return undefined;
    this.open = { cost: 0, since: 0 };
    const before = this.underWay;
    this.underWay = this.fence().then(() => this.measure(open));
    this.underWay.catch(() => undefined); // the next waiter sees the error
    return before;
  }

  /** Call when all submitted work is done. */
  settled(): void {
    this.open = { cost: 0, since: 0 };
    this.underWay = undefined;
  }

  private measure({ cost, since }: { readonly cost: number; readonly since: number }): void {
    const now = this.now();
    // A part submitted while the one before ran began when that was done.
    const took = now - Math.max(since, this.lastDone);
    this.lastDone = now;
    this.budget = Math.min((cost / took) * AIM_MS, GROWTH * this.budget);
  }
}
