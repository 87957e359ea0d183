/**
 * @file `npm run soak -- [--pictures N] [--cycles N]`: the command over many pictures, and a model loaded and disposed of many
 * times. Fails where memory or descriptors still grow by more than 2 % once half of the work is done. Linux only.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADAPTER, fail, readArguments } from "../bench/arguments.js";
import { makePictures } from "./soak/pictures.js";
import { plateauOf } from "./soak/plateau.js";
import { watch, type Watched } from "./soak/watch.js";

/** What may be noise of the allocator. */
const MAX_GROWTH = 0.02;
const EVERY_MS = 500;
const WEIGHTS = "weights/efficientnet_lite0-imagenet.safetensors";

const { values } = readArguments({
  line: "npm run soak -- [OPTIONS]",
  options: {
    pictures: { type: "string", default: "10000", value: "N", help: "pictures of one run, 0 for none" },
    cycles: { type: "string", default: "1000", value: "N", help: "times that a model is loaded, 0 for none" },
    adapter: ADAPTER,
  },
});
const count = (option: "pictures" | "cycles"): number => {
  const number = Number(values[option]);
  return Number.isSafeInteger(number) && number >= 0
    ? number
    : fail(`--${option} ${values[option]}: a whole number is needed`);
};

if (count("pictures") > 0) await soakPictures(count("pictures"));
if (count("cycles") > 0) await soakCycles(count("cycles"));

async function soakPictures(pictures: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-soak-"));
  try {
    await makePictures(join(folder, "in"), pictures);
    const out = join(folder, "out");
    const run = [
      "--image",
      `${join(folder, "in")}/**`,
      "--out",
      out,
      "--size",
      "64",
      "--quiet",
      "--adapter",
      values.adapter,
    ];
    const begin = performance.now();
    const watched = await watch(["dist/cli.js", "cam", "--weights", WEIGHTS, ...run], EVERY_MS);
    console.log(`${pictures} pictures in one run, ${((performance.now() - begin) / 1e3).toFixed(0)} s`);
    tell(watched);
    const rows = readFileSync(join(out, "scores.csv"), "utf8").trimEnd().split("\n").length - 1;
    if (rows !== pictures) problem(`scores.csv has ${rows} rows`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function soakCycles(cycles: number): Promise<void> {
  const begin = performance.now();
  const program = ["scripts/run-ts.mjs", "tools/soak/cycles.ts", String(cycles), values.adapter];
  const watched = await watch(program, EVERY_MS);
  console.log(
    `a model loaded and disposed of ${cycles} times, ${((performance.now() - begin) / 1e3).toFixed(0)} s`,
  );
  tell(watched);
  const lines = [...watched.stdout.matchAll(/^(\d+) (\d+)$/gm)];
  const bytes = lines.map(([, taken, left]) => ({ taken: Number(taken), left: Number(left) }));
  if (bytes.length !== cycles) problem(`it was loaded ${bytes.length} times`);
  const taken = bytes.map(({ taken }) => taken / 1e6);
  row("GPU memory of the model, MB", taken);
  if (bytes.some(({ left }) => left > 0)) problem("GPU memory of disposed models was left");
}

function tell({ samples, code, stderr }: Watched): void {
  if (code !== 0) problem(`it ended with ${code}: ${stderr.slice(-500)}`);
  row(
    "memory (RSS), MB",
    samples.map(({ megabytes }) => megabytes),
  );
  row(
    "descriptors",
    samples.map(({ descriptors }) => descriptors),
  );
  row(
    "threads",
    samples.map(({ threads }) => threads),
  );
}

function row(what: string, values: readonly number[]): void {
  const { fifths, growth } = plateauOf(values);
  const peak = values.reduce((most, value) => Math.max(most, value), 0);
  const medians = fifths.map((median) => median.toFixed(1)).join(" ");
  console.log(`  ${what}: ${medians} in the fifths of the run, highest ${peak.toFixed(1)}`);
  if (!(growth <= MAX_GROWTH)) problem(`${what}: grows by ${(100 * growth).toFixed(1)} % to the end`);
}

function problem(text: string): void {
  console.error(`  ${text}`);
  process.exitCode = 1;
}
