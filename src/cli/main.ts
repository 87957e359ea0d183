/** @file The program's entry: the process as a Host, signals, and the exit code. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileProblem } from "../node/file-problem.js";
import type { Host } from "./terminal/host.js";
import { dieInterrupted, Interruption } from "./terminal/interruption.js";
import { runProgram } from "./program.js";
import { SafeOut } from "./terminal/streams.js";
import { say } from "../language/say.js";

interface Package {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What shells report for programs that were ended by Ctrl-C, or by writing to a pipe that nobody reads any more. */
const INTERRUPTED = 130;
const READER_GONE = 141;

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

const stdout = new SafeOut(process.stdout);
// The progress bar writes to the stream itself. Errors of that stream are ignored.
const stderr = new SafeOut(process.stderr);
const interruption = new Interruption(() => stderr.write(say`gradlens: interrupted\n`));

const host: Host = {
  env: process.env,
  cwd: userFolder(),
  packageRoot,
  versions: { gradlens: version, node: process.versions.node, webgpu: dependencies["webgpu"]! },
  stdin: process.stdin,
  stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  whileBusy: interruption.whileBusy,
  engine: async () => (await import("./engine/real-engine.js")).realEngine,
};

const code = await runProgram(process.argv.slice(2), host);
// Adapters and drivers may keep threads and timers alive, so the process exits itself, behind its output.
await stdout.flushed();
const { failure } = stdout;
if (failure !== undefined && failure.code !== "EPIPE")
  stderr.write(say`gradlens: cannot write to stdout: ${fileProblem(failure)}\n`);
await stderr.flushed();
if (code === INTERRUPTED) dieInterrupted();
process.exit(code === 0 && failure !== undefined ? (failure.code === "EPIPE" ? READER_GONE : 1) : code);
