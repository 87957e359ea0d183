/**
 * `npm run mutations [-- --cases N] [--seed S] [--only PATTERN]`: runs tools/mutations.ts with PyTorch, in the virtual environment of
 * `npm run test:torch` (Python 3.10 or later, a few minutes and 1 GB the first time).
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { refuseLostOptions } from "./start/npm-options.mjs";
import { prepare } from "./start/prepare.mjs";
import { run } from "./start/run.mjs";
import { torchPython } from "./start/torch-env.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
await refuseLostOptions(process.env.npm_lifecycle_event, args, () => ({
  adapter: true,
  cases: true,
  seed: true,
  only: true,
  case: true,
  refusals: false,
  out: true,
  python: true,
}));
prepare(root);
const python = args.some((arg) => arg.startsWith("--python")) ? [] : ["--python", torchPython(root)];
process.exitCode = await run(join(root, "scripts/run-ts.mjs"), ["tools/mutations.ts", ...python, ...args]);
