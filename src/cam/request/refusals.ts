/** @file Collects the requested methods that cannot run, and why. */

import { GradlensError, SeveralErrors, type ErrorCode } from "../../errors.js";
import type { MethodName } from "../methods/table.js";
import type { Refusal } from "./types.js";

export class Refusals {
  private readonly errors = new Map<MethodName, GradlensError>();

  /** @param code an error with this code refuses its method alone */
  constructor(
    private readonly requested: readonly MethodName[],
    private readonly code: ErrorCode,
  ) {}

  has(method: MethodName): boolean {
    return this.errors.has(method);
  }

  get all(): Refusal[] {
    return [...this.errors].map(([method, { message }]) => ({ method, reason: message }));
  }

  /** Runs `run` unless the method is already refused. An error with this object's code refuses the method. */
  async attempt(method: MethodName, run: () => Promise<void>): Promise<void> {
    if (this.has(method)) return;
    try {
      await run();
    } catch (error) {
      this.add(method, error);
    }
  }

  /** @throws GradlensError `error` itself if it has another code; the reasons of all, once every method is refused */
  add(method: MethodName, error: unknown): void {
    if (!(error instanceof GradlensError) || error.code !== this.code) throw error;
    this.errors.set(method, error);
    if (this.requested.every((name) => this.has(name))) throw reasonsOf(this.all, error);
  }
}

/** The error where all methods are refused. @param last the error of the last one */
export const reasonsOf = (refused: readonly Refusal[], last: GradlensError): GradlensError =>
  refused.length === 1
    ? last
    : new SeveralErrors(
        refused.map(({ method, reason }) => new GradlensError(last.code, `${method}: ${reason}`)),
      );
