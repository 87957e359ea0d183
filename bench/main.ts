/**
 * @file `npm run bench -- [COMMAND] [--only PATTERN] [--json] [--rounds N] [--adapter A]`. Without a command: every case.
 * `methods`: what each method costs, in forward passes. `scorecam-memory`: Score-CAM within three budgets of memory.
 */

import { benchCases } from "./cases.js";
import { benchMethods } from "./methods/bench-methods.js";
import { command, options } from "./options.js";
import { benchScorecamMemory } from "./scorecam-memory.js";

const COMMANDS = {
  cases: benchCases,
  methods: benchMethods,
  "scorecam-memory": benchScorecamMemory,
};

if (!Object.hasOwn(COMMANDS, command)) {
  console.error(`bench ${command}: there is ${Object.keys(COMMANDS).join(", ")}`);
  process.exit(2);
}
await COMMANDS[command as keyof typeof COMMANDS](options);
