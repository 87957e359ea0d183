/** @file The program's entry: the process as a Host, signals, and the exit code. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "./host.js";
import { runProgram } from "./run.js";

interface Package {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** A terminal's Ctrl-C may come twice, from the terminal and from the starter; a second one of the user comes later. */
const SAME_PRESS_MS = 500;

const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));
const { version, dependencies } = JSON.parse(
  readFileSync(join(packageRoot, "package.json"), "utf8"),
) as Package;

/** The folder with package.json, weights/ and pictures/: above dist/ in a package, above src/ in the repository. */
function findRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder));
}

/** npm runs scripts in the package's folder, and says where the user was. */
function userFolder(): string {
  const cwd = process.cwd();
  const { INIT_CWD, npm_lifecycle_event } = process.env;
  return INIT_CWD && npm_lifecycle_event !== undefined && cwd === packageRoot ? INIT_CWD : cwd;
}

/** Fires on the first Ctrl-C; the second ends the program at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  let pressed: number | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (pressed !== undefined && performance.now() - pressed > SAME_PRESS_MS) process.exit(130);
      pressed ??= performance.now();
      controller.abort();
    });
  }
  return controller.signal;
}

const host: Host = {
  env: process.env,
  cwd: userFolder(),
  packageRoot,
  versions: { gradlens: version, node: process.versions.node, webgpu: dependencies["webgpu"]! },
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption(),
  engine: async () => (await import("./real-engine.js")).realEngine,
};

// Whoever reads stdout may stop reading (`| head`): that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const code = await runProgram(process.argv.slice(2), host);
// Adapters and drivers may keep threads and timers alive; what was written has to arrive first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
