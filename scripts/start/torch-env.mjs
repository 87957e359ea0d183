/** The Python environment with PyTorch, torchvision, timm and pytorch-grad-cam that ours is compared with. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a step of a program; ends the program where it fails. */
export function step(root, what, command, args, env = {}) {
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

/**
 * The environment's Python; sets it up below .cache/ the first time and where what it needs has changed (Python 3.10 or
 * later, a few minutes and 1 GB).
 */
export function torchPython(root) {
  const environment = join(root, ".cache/torch-env");
  const ready = join(environment, "ready");
  const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const files = "tools/requirements";
  const needs = ["", "-plain"]
    .map((kind) => readFileSync(join(root, `${files}${kind}.txt`), "utf8"))
    .join("");
  if (existsSync(ready) && readFileSync(ready, "utf8") === needs) return python;
  mkdirSync(environment, { recursive: true });
  step(root, "making a virtual environment", "python3", ["-m", "venv", environment]);
  const pip = ["-m", "pip", "install", "-q"];
  step(root, "installing PyTorch and what the tools need", python, [...pip, "-r", `${files}.txt`]);
  step(root, "installing torchvision, timm, grad-cam, torch-cam", python, [
    ...pip,
    "--no-deps",
    "-r",
    `${files}-plain.txt`,
  ]);
  writeFileSync(ready, needs);
  return python;
}
