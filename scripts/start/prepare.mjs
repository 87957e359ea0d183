/** Installs what the lock file asks for and builds dist/, each only where it is missing or out of date. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What dist/ is made of; a changed size or time of one of these files means a new build. */
const SOURCES = ["src", "shaders", "scripts/build.mjs", "package.json", "package-lock.json"];

/** In an installed package there is no source, and dist/ came with it. */
export function prepare(root) {
  if (!existsSync(join(root, "src"))) return;
  if (isFresh(root)) return;
  mkdirSync(join(root, ".cache"), { recursive: true });
  alone(join(root, ".cache", "preparing"), () => {
    if (isFresh(root)) return; // by whoever was waited for
    install(root);
    const stamp = stampOf(root);
    step("building", process.execPath, [join(root, "scripts/build.mjs")], { cwd: root });
    writeFileSync(stampFile(root), stamp);
  });
}

const stampFile = (root) => join(root, "dist", ".stamp");

function isFresh(root) {
  const stamp = existsSync(stampFile(root)) ? readFileSync(stampFile(root), "utf8") : "";
  return stamp === stampOf(root) && hasModules(root);
}

/** Two commands at once in a fresh clone would install over each other: the second waits for the first. */
function alone(lock, work) {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (isHeld(lock)) sleep(200);
      else rmSync(lock, { force: true });
    }
  }
  const unlock = () => rmSync(lock, { force: true });
  process.once("exit", unlock);
  work();
  process.off("exit", unlock);
  unlock();
}

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** A lock whose process is gone holds nobody up; one without a number is just being made. */
function isHeld(lock) {
  try {
    const pid = readFileSync(lock, "utf8");
    return pid === "" ? Date.now() - statSync(lock).mtimeMs < 2000 : process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === "EPERM"; // another user's process
  }
}

/** Installs from the lock file unless what is installed is what it asks for. */
function install(root) {
  if (isInstalled(root)) return;
  const shell = process.platform === "win32"; // npm is npm.cmd there
  step("installing packages from package-lock.json", "npm", ["ci", "--loglevel=error"], { cwd: root, shell });
}

/** Compares the lock file with the one that npm leaves in node_modules when an install is complete. */
function isInstalled(root) {
  if (!hasModules(root)) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const found = packagesOf(hiddenLock(root));
  const known = Object.entries(found).every(([path, { version }]) => wanted[path]?.version === version);
  return (
    known && Object.entries(wanted).every(([path, { optional }]) => path === "" || optional || found[path])
  );
}

const hiddenLock = (root) => join(root, "node_modules", ".package-lock.json");
const hasModules = (root) => existsSync(hiddenLock(root));
const packagesOf = (lock) => JSON.parse(readFileSync(lock, "utf8")).packages;

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

/** stdout stays the program's own, which may be JSON. */
function step(what, command, args, options) {
  process.stderr.write(`gradlens: ${what} ...\n`);
  const { status, error } = spawnSync(command, args, { ...options, stdio: ["ignore", 2, 2] });
  if (status === 0) return;
  const reason = error ? ` (${error.message})` : "";
  process.stderr.write(`gradlens: ${what} failed${reason}; what it printed stands above\n`);
  process.exit(1);
}
