/** Installs what the lock file asks for and builds dist/, each only where it is missing, damaged or out of date. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { endOwned, runStep } from "./children.mjs";
import { acquire, release } from "./lock.mjs";
import { distrustModules, hasModules, isInstalled } from "./modules.mjs";

/** What dist/ is made of; a changed size or time of one of these files means a new build. */
const SOURCES = ["src", "shaders", "scripts/build.mjs", "package.json", "package-lock.json"];

/** A build that is killed leaves what it has made so far; a build takes seconds. */
const LEFT_MS = 600_000;

/** In an installed package there is no source, and dist/ came with it. */
export async function prepare(root) {
  if (!existsSync(join(root, "src"))) return;
  if (isFresh(root)) return;
  mkdirSync(join(root, ".cache"), { recursive: true });
  const lock = join(root, ".cache", "preparing");
  // Two commands at once in a fresh clone would install over each other: the second waits for the first.
  const onWait = () => say("waiting for another gradlens that installs or builds ...");
  const owner = await acquire(lock, { onWait, onLost: endOwned });
  const unlock = () => release(lock);
  process.once("exit", unlock);
  if (!isFresh(root)) await make(root, owner); // else by whoever was waited for
  process.off("exit", unlock);
  unlock();
}

async function make(root, owner) {
  removeLeftBuilds(root);
  await install(root, owner);
  const stamp = stampOf(root);
  let failed = await build(root, owner);
  if (failed) {
    // A package may be damaged where nobody looks.
    distrustModules(root);
    await install(root, owner);
    failed = await build(root, owner);
  }
  if (failed) end("building", failed);
  writeFileSync(stampFile(root), stamp);
}

const stampFile = (root) => join(root, "dist", ".stamp");

function isFresh(root) {
  const stamp = existsSync(stampFile(root)) ? readFileSync(stampFile(root), "utf8") : "";
  return stamp === stampOf(root) && hasModules(root);
}

function removeLeftBuilds(root) {
  const cache = join(root, ".cache");
  for (const name of readdirSync(cache).filter((name) => name.startsWith("dist-"))) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > LEFT_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Installs from the lock file unless what is installed is what it asks for. */
async function install(root, owner) {
  if (isInstalled(root)) return;
  const shell = process.platform === "win32"; // npm is npm.cmd there
  const what = "installing packages from package-lock.json";
  const ci = () => step(what, "npm", ["ci", "--loglevel=error"], { cwd: root, shell, owner });
  let failed = await ci();
  if (failed && existsSync(join(root, "node_modules"))) {
    // What an install that was cut short left may be in npm's way.
    rmSync(join(root, "node_modules"), { recursive: true, force: true, maxRetries: 5 });
    failed = await ci();
  }
  if (failed) end(what, failed);
}

const build = (root, owner) =>
  step("building", process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, owner });

function stampOf(root) {
  const hash = createHash("sha256").update(process.version);
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (stat) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(join(root, source));
  return hash.digest("hex");
}

/** Gives the reason where a step failed; ends the program where it was told to end. stdout stays the program's own. */
async function step(what, command, args, options) {
  say(`${what} ...`);
  const { status, error, stopped } = await runStep(command, args, options);
  if (stopped !== undefined) process.exit(128 + constants.signals[stopped]);
  if (status === 0) return undefined;
  return error ? ` (${error.message})` : " ";
}

function end(what, reason) {
  say(`${what} failed${reason.trimEnd()}; what it printed stands above`);
  process.exit(1);
}

const say = (text) => process.stderr.write(`gradlens: ${text}\n`);
