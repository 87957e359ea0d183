/**
 * @file `npm run bench -- [--only PATTERN] [--json] [--rounds N] [--adapter A]`: medians and minima of every case, one
 * object a line with --json; the adapter's own multiply-add ceiling first, then each kernel family's share of it.
 */

import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { openDevice, type AdapterChoice } from "../src/node/open-device.js";
import { measureCeiling } from "./ceiling.js";
import { coldStart } from "./cold-start.js";
import { measure, type Measured } from "./measure.js";
import { BENCH_MODELS, benchPicture, modelCases, openModel } from "./model-cases.js";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    adapter: { type: "string", default: process.env["GRADLENS_ADAPTER"] ?? "auto" },
  },
});
const pattern = new RegExp(options.only ?? "");
const commit = gitCommit();
const gpu = await openDevice({
  adapter: options.adapter as AdapterChoice,
  onMessage: (line) => console.error(line),
});
const adapter = gpu.adapter.name;
console.error(`adapter: ${adapter}, commit ${commit}`);

function report(row: Measured): void {
  const { name, medianMs, minMs, gflops } = row;
  if (options.json) {
    console.log(
      JSON.stringify({
        case: name,
        medianMs,
        minMs,
        ...(gflops === undefined ? {} : { gflops }),
        adapter,
        commit,
      }),
    );
  } else {
    const rate = gflops === undefined ? "" : `${gflops.toFixed(1)} GF/s`;
    console.log(
      `${name.padEnd(40)} ${medianMs.toFixed(2).padStart(10)} ms  min ${minMs.toFixed(2).padStart(10)} ms  ${rate}`,
    );
  }
}

const ceiling = await measureCeiling(gpu);
console.error(`multiply-add ceiling: ${ceiling.toFixed(1)} GF/s`);

for (const bench of BENCH_MODELS) {
  const names = modelCases(bench, undefined as never).map((c) => c.name);
  if (!names.some((name) => pattern.test(name))) continue;
  const model = await openModel(bench, gpu);
  try {
    await model.run(benchPicture());
    const profile = await model.profile();
    const flops = profile.reduce((sum, { step }) => sum + step.flops, 0);
    const cases = modelCases(bench, model)
      .filter(({ name }) => pattern.test(name))
      .map((c) => (c.name.endsWith("/forward") ? { ...c, flops } : c));
    for (const row of await measure(cases, Number(options.rounds))) report(row);
    const families = new Map<string, { ms: number; flops: number; count: number }>();
    for (const { step, milliseconds } of profile) {
      const f = families.get(step.family) ?? { ms: 0, flops: 0, count: 0 };
      families.set(step.family, { ms: f.ms + milliseconds, flops: f.flops + step.flops, count: f.count + 1 });
    }
    for (const [family, { ms, flops: work, count }] of families) {
      const rate = work / ms / 1e6;
      console.error(
        `  ${family.padEnd(12)} ${String(count).padStart(4)} dispatches ${ms.toFixed(1).padStart(8)} ms ${rate.toFixed(1).padStart(7)} GF/s, ${((100 * rate) / ceiling).toFixed(0)} % of the ceiling`,
      );
    }
  } finally {
    model.dispose();
  }
}
gpu.dispose();
if (pattern.test("cold-start"))
  for (const row of coldStart(Number(options.rounds), options.adapter)) report(row);

function gitCommit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], {
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  } catch {
    return "unknown";
  }
}
