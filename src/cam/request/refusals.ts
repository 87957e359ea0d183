/** @file Gathers which of the methods asked for cannot be run, and why. */

import { GradlensError, SeveralErrors, type ErrorCode } from "../../errors.js";
import type { MethodName } from "../methods/table.js";
import type { Refusal } from "./types.js";

export class Refusals {
  private readonly found = new Map<MethodName, GradlensError>();

  /** @param code that an error must have for its method alone to be refused */
  constructor(
    private readonly asked: readonly MethodName[],
    private readonly code: ErrorCode,
  ) {}

  has(method: MethodName): boolean {
    return this.found.has(method);
  }

  get all(): Refusal[] {
    return [...this.found].map(([method, { message }]) => ({ method, reason: message }));
  }

  /** Runs what a method takes; without effect where that, or what it took before, refuses the method. */
  async attempt(method: MethodName, run: () => Promise<void>): Promise<void> {
    if (this.has(method)) return;
    try {
      await run();
    } catch (error) {
      this.add(method, error);
    }
  }

  /** @throws GradlensError the reasons of all, where that leaves no method; `error` itself, where it refuses none */
  add(method: MethodName, error: unknown): void {
    if (!(error instanceof GradlensError) || error.code !== this.code) throw error;
    this.found.set(method, error);
    if (this.asked.every((name) => this.has(name))) throw reasonsOf(this.all, error);
  }
}

/** What is thrown where all are refused; `last` is the error of the last. */
export const reasonsOf = (refused: readonly Refusal[], last: GradlensError): GradlensError =>
  refused.length === 1
    ? last
    : new SeveralErrors(
        refused.map(({ method, reason }) => new GradlensError(last.code, `${method}: ${reason}`)),
      );
