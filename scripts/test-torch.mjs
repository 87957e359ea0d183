/**
 * `npm run test:torch [-- --seed N] [--only PATTERN]`: makes fresh reference cases with PyTorch and pytorch-grad-cam, in a
 * virtual environment that it sets up below .cache/ (Python 3.10 or later, a few minutes and 1 GB the first time), and
 * compares on them.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare } from "./start/prepare.mjs";
import { step, torchPython } from "./start/torch-env.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const cases = join(root, ".cache/torch-cases");

await prepare(root);
const python = torchPython(root);
rmSync(cases, { recursive: true, force: true });
// With one thread sums are always taken in one order, and small models are no slower.
const env = { OMP_NUM_THREADS: "1" };
const args = ["tools/make_goldens.py", cases, ...process.argv.slice(2)];
step(root, "making reference cases", python, args, env);
step(
  root,
  "comparing",
  process.execPath,
  [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "torch"],
  { GRADLENS_TORCH_CASES: cases },
);
