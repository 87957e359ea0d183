/** Loaded before a program that run.mjs starts: it ends in order when the starter has ended, however that came. */
import { isMainThread } from "node:worker_threads";

const starter = Number(process.env.GRADLENS_STARTER);
// Programs that this one starts may load this file too: theirs is another parent.
if (isMainThread && process.ppid === starter) {
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 300);
  timer.unref();
}
