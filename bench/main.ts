/**
 * @file `npm run bench -- [COMMAND] [--only PATTERN] [--json] [--rounds N] [--adapter A]`. Without a command: every case.
 * `methods`: what each method costs, in forward passes. `scorecam-memory`: Score-CAM within three budgets of memory.
 */

import { GradlensError } from "../src/errors.js";
import { fail } from "./arguments.js";
import { benchCases } from "./cases.js";
import { benchMethods } from "./methods/bench-methods.js";
import { command, options, type CommandName, type Options } from "./options.js";
import { benchScorecamMemory } from "./scorecam-memory.js";

const RUN: { readonly [K in CommandName]: (options: Options) => Promise<void> } = {
  cases: benchCases,
  methods: benchMethods,
  "scorecam-memory": benchScorecamMemory,
};

try {
  await RUN[command](options);
} catch (error) {
  // What the options named is not there.
  if (error instanceof GradlensError || (error instanceof Error && "syscall" in error)) fail(error.message);
  throw error;
}
