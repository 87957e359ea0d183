/** @file Errors that do not end a run: each is printed once, and the first sets the exit code. */

import { GradlensError, SeveralErrors } from "../../errors.js";
import { asGradlensError, errorText, exitCode } from "./exit.js";
import type { Out } from "./host.js";

export class Failures {
  private readonly printed = new Set<string>();
  /** The exit code of the first error; 0 without errors. */
  code = 0;

  constructor(
    private readonly out: Out,
    private readonly debug: boolean,
  ) {}

  /**
   * @param about stands before a message that does not name it
   * @param code the exit code in place of the error's own
   */
  report(error: unknown, about = "", code?: number): void {
    if (error instanceof SeveralErrors) {
      for (const part of error.parts) this.report(part, about, code);
      return;
    }
    const known = asGradlensError(error);
    this.code ||= code ?? exitCode(known);
    const named = known.message.includes(about)
      ? known
      : new GradlensError(known.code, `${about}: ${known.message}`, { cause: known });
    const text = errorText(named, this.debug);
    if (!this.printed.has(text)) this.out.write(text);
    this.printed.add(text);
  }
}
