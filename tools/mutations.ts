/**
 * @file `npm run mutations -- [--cases N] [--seed S] [--only PATTERN] [--case NUMBER] [--refusals] [--out FILE]`: networks with
 * one thing changed, as users save them. Each must be computed as PyTorch does, or be refused. Ends with 1 where one is not.
 * --only is a pattern of family/change/spelling, as `resnet/` or `/gem/`; --refusals prints what refused cases are told; --out
 * keeps every verdict, a line each. Needs PyTorch: the script makes its environment the first time; --python names another.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { openDevice, type AdapterChoice } from "../src/node/open-device.js";
import { isMade, type Case, type Unmade } from "./mutations/case.js";
import { judge } from "./mutations/judge.js";
import { caseLine, isFailure, table, type Judged } from "./mutations/report.js";

const { values: options } = parseArgs({
  options: {
    cases: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    case: { type: "string" },
    refusals: { type: "boolean", default: false },
    out: { type: "string" },
    python: { type: "string", default: "python3" },
    adapter: { type: "string", default: process.env["GRADLENS_ADAPTER"] ?? "auto" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "gradlens-mutations-"));
const maker = spawn(
  options.python,
  [
    ...["tools/make_mutations.py", folder, "--stream", "--cases", options.cases, "--seed", options.seed],
    ...["--only", options.only, ...(options.case === undefined ? [] : ["--case", options.case])],
  ],
  // With one thread sums are always taken in one order, and the other cores are ours.
  { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, OMP_NUM_THREADS: "1" } },
);
const ended = new Promise<number | null>((resolve) => {
  maker.once("error", () => resolve(null));
  maker.once("exit", resolve);
});
// The maker may be at its end when it is told that a case is done with.
maker.stdin.on("error", () => undefined);

const gpu = await openDevice({ adapter: options.adapter as AdapterChoice });
const judged: Judged[] = [];
const unmade: Unmade[] = [];
for await (const text of createInterface({ input: maker.stdout })) {
  const line = JSON.parse(text) as Case | Unmade;
  if (isMade(line)) {
    const verdict = { one: line, ...(await judge(folder, line, gpu)) };
    judged.push(verdict);
    if (isFailure(verdict) || (options.refusals && verdict.outcome === "refused"))
      console.log(caseLine(verdict));
    const number = String(line.case).padStart(5, "0");
    for (const file of [line.file, `${number}.input`, `${number}.map`])
      rmSync(join(folder, file), { force: true });
  } else {
    unmade.push(line);
    console.log(
      `not made [--seed ${line.seed} --case ${line.case}] ${line.family} ${line.change}: ${line.error}`,
    );
  }
  maker.stdin.write("\n");
}
const status = await ended;
rmSync(folder, { recursive: true, force: true });
gpu.dispose();

const failures = judged.filter(isFailure).length;
console.log(`\n${table(judged)}\n`);
console.log(
  `seed ${options.seed}: ${judged.length} cases, ${failures} failed${unmade.length > 0 ? `, ${unmade.length} could not be made` : ""}`,
);
if (options.out !== undefined) {
  writeFileSync(options.out, judged.map((j) => `${caseLine(j)}\n`).join(""));
}
process.exitCode = failures > 0 || status !== 0 || judged.length === 0 ? 1 : 0;
