/** Processes that the starter begins: they end with it, and what a killed starter left behind is ended by the next one. */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** In the environment of a step and of all that it begins: whose they are. */
const OWNER = "GRADLENS_PREPARING";

/** Runs a program to its end with the owner's mark; signals go to it. Resolves to its exit status, null after a signal. */
export async function runStep(command, args, { owner, ...options }) {
  const env = { ...process.env, [OWNER]: owner };
  const child = spawn(command, args, { ...options, env, stdio: ["ignore", 2, 2] });
  let stopped;
  const pass = (signal) => {
    stopped = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  const unwatch = whenParentEnds(() => pass("SIGTERM"));
  try {
    return await new Promise((resolve) => {
      child.on("error", (error) => resolve({ status: null, error, stopped }));
      child.on("close", (status) => resolve({ status, stopped }));
    });
  } finally {
    unwatch();
    for (const signal of SIGNALS) process.off(signal, pass);
    await endOwned(owner);
  }
}

/** Ends what carries an owner's mark and still runs, and waits until it is gone. (Linux alone shows the marks.) */
export async function endOwned(owner) {
  for (let left = ownedBy(owner); left.length > 0; left = ownedBy(owner)) {
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    }
    await sleep(20);
  }
}

function ownedBy(owner) {
  const mark = `${OWNER}=${owner}`;
  return numbersIn("/proc").filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark));
}

function numbersIn(folder) {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Empty where the process has ended, or is another user's. */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return [];
  }
}

/**
 * Under npm, whose end by a signal leaves its script running: calls back when the process above this one is gone. Without
 * npm a program may well outlive the shell that began it (nohup). Gives a way to stop watching.
 */
export function whenParentEnds(callback) {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const above = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === above) return;
    clearInterval(timer);
    callback();
  }, 300);
  timer.unref();
  return () => clearInterval(timer);
}
