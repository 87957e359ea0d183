/**
 * @file `npm run bench:peers -- [--rounds N] [--adapter A]`: DenseNet121 at 224x224 by onnxruntime-node's WebGPU provider and
 * by gradlens, in turn, each round in a process of its own; prints both and their ratio. onnxruntime-node (pinned) is
 * installed below .cache/ the first time. It takes the adapter that Dawn gives it; --adapter chooses ours.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { openDevice, type AdapterChoice } from "../../src/node/open-device.js";
import { ADAPTER, countOf, fail, readArguments } from "../arguments.js";
import { median } from "../measure.js";
import { benchPicture, openModel } from "../model-cases.js";
import { densenet121Onnx } from "./densenet-onnx.js";

const SIZE = 224;
const CLASSES = 14;
const RUNS = 5;
const PACKAGE = "onnxruntime-node@1.30.0";

const { values: options } = readArguments({
  line: "npm run bench:peers -- [OPTIONS]",
  options: {
    rounds: { type: "string", default: "3", value: "N", help: "processes of each" },
    adapter: ADAPTER,
    only: { type: "string", value: "WHICH", help: "onnxruntime or gradlens: the times of one, as JSON" },
  },
});
const rounds = countOf(options.rounds, "rounds");

const folder = resolve(".cache/peers");

async function timesOf(run: () => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < 2; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

interface Session {
  run(feeds: Record<string, unknown>): Promise<unknown>;
}
interface Ort {
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => unknown;
}

const SUBJECTS: Readonly<Record<string, () => Promise<number[]>>> = {
  async onnxruntime() {
    const ort = createRequire(`${folder}/`)("onnxruntime-node") as Ort;
    const session = await ort.InferenceSession.create(densenet121Onnx(SIZE, CLASSES), {
      executionProviders: ["webgpu"],
      logSeverityLevel: 3,
    });
    const values = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => Math.sin(i));
    const feeds = { x: new ort.Tensor("float32", values, [1, 3, SIZE, SIZE]) };
    return timesOf(() => session.run(feeds));
  },
  async gradlens() {
    const gpu = await openDevice({ adapter: options.adapter as AdapterChoice });
    const model = await openModel({ arch: "densenet121", size: SIZE, early: "features.pool0" }, gpu);
    const picture = benchPicture();
    return timesOf(() => model.run(picture));
  },
};

if (options.only !== undefined) {
  const subject =
    SUBJECTS[options.only] ?? fail(`--only ${options.only}: there is ${Object.keys(SUBJECTS).join(", ")}`);
  const times = await subject();
  process.stdout.write(JSON.stringify(times), () => process.exit(0));
} else {
  installPeers();
  const times = new Map(Object.keys(SUBJECTS).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, all] of times) {
      const args = [
        "scripts/run-ts.mjs",
        "bench/peers/main.ts",
        "--only",
        name,
        "--adapter",
        options.adapter,
      ];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      all.push(...(JSON.parse(stdout) as number[]));
    }
  }
  for (const [name, all] of times) {
    console.log(
      `${name.padEnd(12)} median ${median(all).toFixed(0)} ms, min ${Math.min(...all).toFixed(0)} ms`,
    );
  }
  const [peer, ours] = [...times.values()];
  console.log(
    `onnxruntime / gradlens: medians ${(median(peer!) / median(ours!)).toFixed(2)}, minima ${(Math.min(...peer!) / Math.min(...ours!)).toFixed(2)}`,
  );
}

function installPeers(): void {
  if (existsSync(`${folder}/node_modules/onnxruntime-node`)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  const npm = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", PACKAGE];
  const { status } = spawnSync("npm", npm, {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${PACKAGE} cannot be installed`);
}
