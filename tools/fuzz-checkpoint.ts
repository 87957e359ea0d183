/**
 * @file `npm run fuzz -- --seconds N --seed S`: mutated checkpoint files, as many as time allows. Each must be read or refused
 * with an error of ours, in bounded time and memory; the first that is not is written to disk, and can be run again with
 * `--case NUMBER`.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { fuzzFile, readLikeAUser, seeds } from "../test/checkpoint/fuzz-cases.js";

/** A case may take so long on a busy machine. */
const MAX_CASE_MS = 10_000;
/** Of the whole process: files are small, so what a case takes comes from the reader's own limits. */
const MAX_RSS_BYTES = 1.2e9;

interface Job {
  readonly seed: number;
  readonly seconds: number;
  readonly only?: number;
}

interface Summary {
  cases: number;
  read: number;
  slowest: { number: number; ms: number };
  peakBytes: number;
  failure?: { number: number; reason: string };
}

const DATA = new URL("test/data/", `file://${process.cwd()}/`);
const files = () => seeds(DATA);

/** In the worker: runs cases, telling the main thread before each. */
async function work({ seed, seconds, only }: Job, current: Int32Array): Promise<Summary> {
  const all = files();
  const end = performance.now() + 1000 * seconds;
  const summary: Summary = { cases: 0, read: 0, slowest: { number: 0, ms: 0 }, peakBytes: 0 };
  for (let number = only ?? 0; performance.now() < end; number++) {
    Atomics.store(current, 0, number);
    const started = performance.now();
    try {
      if ((await readLikeAUser(fuzzFile(all, seed, number), DATA)) === "read") summary.read++;
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { ...summary, failure: { number, reason } };
    }
    const ms = performance.now() - started;
    if (ms > summary.slowest.ms) summary.slowest = { number, ms };
    summary.cases++;
    if (summary.cases % 256 === 0) {
      summary.peakBytes = Math.max(summary.peakBytes, process.memoryUsage.rss());
      if (summary.peakBytes > MAX_RSS_BYTES) {
        return { ...summary, failure: { number, reason: `${summary.peakBytes} bytes of memory are in use` } };
      }
    }
    if (only !== undefined) break;
  }
  return summary;
}

/** In the main thread: starts the worker, and ends it where a case does not end. */
async function watch(job: Job): Promise<Summary> {
  const current = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { job, current } });
  return new Promise((resolve, reject) => {
    let before = -1;
    const watchdog = setInterval(() => {
      const number = Atomics.load(current, 0);
      if (number === before && before > 0) {
        const failure = { number, reason: `takes longer than ${MAX_CASE_MS} ms` };
        resolve({ cases: number, read: 0, slowest: { number, ms: MAX_CASE_MS }, peakBytes: 0, failure });
        void worker.terminate();
      }
      before = number;
    }, MAX_CASE_MS);
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => clearInterval(watchdog));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      case: { type: "string" },
    },
  });
  const seed = Number(values.seed);
  const job = {
    seed,
    seconds: Number(values.seconds),
    ...(values.case !== undefined && { only: Number(values.case) }),
  };
  const { cases, read, slowest, peakBytes, failure } = await watch(job);
  console.log(
    `seed ${seed}: ${cases} cases, ${read} read, the others refused; slowest ${slowest.ms.toFixed(0)} ms (case ${slowest.number}); peak memory ${(peakBytes / 1e6).toFixed(0)} MB`,
  );
  if (failure === undefined) return;
  const { name, bytes } = fuzzFile(files(), seed, failure.number);
  const path = join(tmpdir(), `gradlens-fuzz-${seed}-${failure.number}.bin`);
  writeFileSync(path, bytes);
  console.error(`case ${failure.number} (from ${name}, written to ${path}): ${failure.reason}`);
  process.exitCode = 1;
}

if (isMainThread) await main();
else {
  const { job, current } = workerData as { job: Job; current: Int32Array };
  parentPort!.postMessage(await work(job, current));
}
