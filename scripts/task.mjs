/** Runs one of the project's TypeScript programs, installing what is missing first: `node scripts/task.mjs FILE ARGS`. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { refuseLostOptions } from "./start/npm-options.mjs";
import { prepare } from "./start/prepare.mjs";
import { run } from "./start/run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [file, ...args] = process.argv.slice(2);
await refuseLostOptions(process.env.npm_lifecycle_event, args, () => ({
  adapter: true,
  only: true,
  json: false,
  rounds: true,
  seconds: true,
  seed: true,
  case: true,
  torch: false,
  plot: true,
  from: true,
  "top-channels": true,
  pictures: true,
  cycles: true,
}));
await prepare(root);
process.exitCode = await run(join(root, "scripts/run-ts.mjs"), [file, ...args]);
