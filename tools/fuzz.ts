/**
 * @file `npm run fuzz -- [READER ...] [--seconds N] [--seed S] [--case NUMBER]`: changed files, as many as time allows for each
 * reader (default: all). Each must be read or refused with an error of ours, in bounded time and memory. One that is not is
 * written to disk; --case runs it again. Cases run in a process of their own, which one of them may end.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { READER_NAMES, READERS, type ReaderName } from "../test/fuzz/readers.js";
import { caseFile, runCases, type Job } from "../test/fuzz/run-cases.js";
import { watch } from "../test/fuzz/watch.js";

/** Before the reader's name and the job: this process runs cases. */
const RUN = "run-cases";

function nameOf(text: string): ReaderName {
  const name = READER_NAMES.find((one) => one === text);
  if (name !== undefined) return name;
  console.error(`"${text}" is no reader: give some of ${READER_NAMES.join(", ")}, or none for all`);
  process.exit(2);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${option} ${text}: give a number from 0 up`);
  process.exit(2);
}

async function fuzz(name: ReaderName, job: Job): Promise<void> {
  const reader = READERS[name];
  const program = { path: fileURLToPath(import.meta.url), args: [RUN, name], maxMs: reader.maxMs };
  const { cases, read, slowestMs, slowestNumber, peakBytes, faults } = await watch(program, job);
  console.log(
    `${name}, seed ${job.seed}: ${cases} cases, ${read} read, ${cases - read} refused, ${faults.length} faults; slowest ${slowestMs.toFixed(0)} ms (case ${slowestNumber}); peak memory ${(peakBytes / 1e6).toFixed(0)} MB`,
  );
  for (const { number, reason } of faults) {
    const file = await caseFile(reader, job.seed, number);
    const path = join(tmpdir(), `gradlens-fuzz-${name}-${job.seed}-${number}.bin`);
    writeFileSync(path, file.bytes);
    console.error(`${name}, case ${number} (from ${file.name}, written to ${path}): ${reason}`);
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      case: { type: "string" },
    },
    allowPositionals: true,
  });
  const names = positionals.length === 0 ? READER_NAMES : positionals.map(nameOf);
  const once = values.case !== undefined;
  if (once && names.length !== 1) {
    console.error(`--case ${values.case} is of one reader: name it first (${READER_NAMES.join(", ")})`);
    process.exit(2);
  }
  const job = {
    seed: numberOf("seed", values.seed),
    seconds: numberOf("seconds", values.seconds),
    first: numberOf("case", values.case ?? "0"),
    once,
  };
  for (const name of names) await fuzz(name, job);
}

const [mode, name, job] = process.argv.slice(2);
if (mode === RUN) await runCases(READERS[nameOf(name!)], JSON.parse(job!) as Job);
else await main();
