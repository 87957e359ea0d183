/**
 * `npm run test:torch [-- --seed N] [--only PATTERN]`: makes fresh reference cases with PyTorch and pytorch-grad-cam, in a
 * virtual environment that it sets up below .cache/ (Python 3.10 or later, a few minutes and 1 GB the first time), and
 * compares on them.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare } from "./start/prepare.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const environment = join(root, ".cache/torch-env");
const ready = join(environment, "ready");
const cases = join(root, ".cache/torch-cases");
const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Ends the program where a step fails. */
function step(what, command, args, env = {}) {
  console.error(`gradlens: ${what} ...`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  console.error(`gradlens: ${what} failed${error ? `: ${error.message}` : ""}`);
  process.exit(1);
}

prepare(root);
if (!existsSync(ready)) {
  mkdirSync(environment, { recursive: true });
  step("making a virtual environment", "python3", ["-m", "venv", environment]);
  const pip = ["-m", "pip", "install", "-q"];
  step("installing PyTorch and what the tools need", python, [...pip, "-r", "tools/requirements.txt"]);
  step("installing torchvision, timm, grad-cam", python, [
    ...pip,
    "--no-deps",
    "-r",
    "tools/requirements-plain.txt",
  ]);
  writeFileSync(ready, "");
}
rmSync(cases, { recursive: true, force: true });
step("making reference cases", python, ["tools/make_goldens.py", cases, ...process.argv.slice(2)]);
step(
  "comparing",
  process.execPath,
  [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "torch"],
  {
    GRADLENS_TORCH_CASES: cases,
  },
);
