/**
 * @file `npm run bench -- methods --torch`: densenet121@224 by pytorch-grad-cam (tools/bench_pgc.py) and by us, in turn, on the
 * same machine; prints their ratio.
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { torchPython } from "../../scripts/start/torch-env.mjs";
import { loadModel, type Model } from "../../src/index.js";
import { median } from "../measure.js";
import { benchPicture } from "../model-cases.js";
import type { Options } from "../options.js";
import { randomCheckpoint } from "../random-checkpoint.js";
import { openSetting, type Setting } from "../setting.js";

interface Subject {
  readonly name: "forward" | "gradcam" | "ablationcam";
  /** Rounds at most: theirs may take minutes. */
  readonly rounds?: number;
  readonly ours: (model: Model) => Promise<unknown>;
}

const picture = benchPicture();
const SUBJECTS: readonly Subject[] = [
  { name: "forward", ours: (model) => model.run(picture) },
  { name: "gradcam", ours: (model) => model.explain(picture, { methods: ["gradcam"], targets: 0 }) },
  {
    name: "ablationcam",
    rounds: 1,
    ours: (model) => model.explain(picture, { methods: ["ablationcam"], targets: 0 }),
  },
];

export async function benchPeer(options: Options): Promise<void> {
  const setting = await openSetting(options);
  const peer = startPeer();
  const checkpoint = randomCheckpoint("densenet121", 14);
  const model = await loadModel(checkpoint, { gpu: setting.gpu, arch: "densenet121", size: [224, 224] });
  try {
    for (const subject of SUBJECTS) {
      if (options.only.test(subject.name))
        report(await timesOf(subject, model, peer, options), options, setting);
    }
  } finally {
    model.dispose();
    setting.gpu.dispose();
    peer.end();
  }
}

interface Times {
  readonly name: string;
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
}

async function timesOf(
  { name, rounds, ours }: Subject,
  model: Model,
  peer: Peer,
  options: Options,
): Promise<Times> {
  const times = { name, theirs: [] as number[], ours: [] as number[] };
  await ours(model);
  // What takes minutes needs no run to warm up.
  if (rounds === undefined) await peer.time(name);
  for (let round = 0; round < Math.min(options.rounds, rounds ?? Infinity); round++) {
    times.theirs.push(await peer.time(name));
    // As many of ours as fit beside it, up to the rounds asked for.
    for (let run = 0; run < (rounds === undefined ? 1 : options.rounds); run++) {
      const start = performance.now();
      await ours(model);
      times.ours.push(performance.now() - start);
    }
  }
  return times;
}

function report({ name, theirs, ours }: Times, { json }: Options, { adapter, commit }: Setting): void {
  const of = (times: readonly number[]) => ({ medianMs: median(times), minMs: Math.min(...times) });
  const [peer, own] = [of(theirs), of(ours)];
  const ratio = { medians: peer.medianMs / own.medianMs, minima: peer.minMs / own.minMs };
  if (json) {
    console.log(JSON.stringify({ case: `torch/${name}`, peer, ours: own, ratio, adapter, commit }));
    return;
  }
  const text = ({ medianMs, minMs }: typeof own): string =>
    `median ${medianMs.toFixed(0).padStart(6)} ms, min ${minMs.toFixed(0).padStart(6)} ms`;
  console.log(
    `densenet121@224 ${name.padEnd(12)} pytorch-grad-cam ${text(peer)}; ours ${text(own)}; theirs / ours: medians ${ratio.medians.toFixed(2)}, minima ${ratio.minima.toFixed(2)}`,
  );
}

interface Peer {
  /** Milliseconds of one run. */
  time(name: Subject["name"]): Promise<number>;
  end(): void;
}

function startPeer(): Peer {
  const root = process.cwd();
  const child = spawn(torchPython(root), ["tools/bench_pgc.py"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, TQDM_DISABLE: "1" },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async time(name) {
      child.stdin.write(`${name}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error("tools/bench_pgc.py ended");
      return Number(line.value);
    },
    end: () => child.stdin.end(),
  };
}
