/** @file Errors that do not end a run: each told once, and the exit code that they leave. */

import { GradlensError, SeveralErrors } from "../../errors.js";
import { asGradlensError, errorText, exitCode } from "./exit.js";
import type { Out } from "./host.js";

export class Failures {
  readonly #told = new Set<string>();
  #code = 0;

  constructor(
    private readonly out: Out,
    private readonly debug: boolean,
  ) {}

  /** Of the first error; 0 where there was none. */
  get code(): number {
    return this.#code;
  }

  /** `about` is put before a message that does not name it; `code` is the exit code where it is not the error's own. */
  tell(error: unknown, about = "", code?: number): void {
    if (error instanceof SeveralErrors) {
      for (const part of error.parts) this.tell(part, about, code);
      return;
    }
    const ours = asGradlensError(error);
    this.#code ||= code ?? exitCode(ours);
    const named = ours.message.includes(about)
      ? ours
      : new GradlensError(ours.code, `${about}: ${ours.message}`, { cause: ours });
    const text = errorText(named, this.debug);
    if (!this.#told.has(text)) this.out.write(text);
    this.#told.add(text);
  }
}
