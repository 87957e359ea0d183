/**
 * @file `npm run bench -- scorecam-memory [--top-channels N|all] [--only '500M|2G']`: Score-CAM of densenet121 at 384x384
 * within three budgets of memory: what it took beyond the weights as the device saw it, and how far the maps lie apart.
 */

import { loadModel } from "../src/index.js";
import { watchMemory } from "./methods/gpu-memory.js";
import { benchPicture } from "./model-cases.js";
import type { Options } from "./options.js";
import { randomCheckpoint } from "./random-checkpoint.js";
import { openSetting } from "./setting.js";

const SIZE = 384;
/** Bytes, as --memory reads them. */
const BUDGETS = { "150M": 150 * 2 ** 20, "500M": 500 * 2 ** 20, "2G": 2 * 2 ** 30 };
/** Pictures at once, at most: beyond the smaller budgets, and what lavapipe can bind at once. */
const BATCH = 32;

export async function benchScorecamMemory({ json, topChannels, ...options }: Options): Promise<void> {
  const setting = await openSetting({ json, topChannels, ...options });
  const memory = watchMemory(setting.gpu.device);
  const checkpoint = randomCheckpoint("densenet121", 14);
  const maps: Float32Array[] = [];
  for (const [name, budget] of Object.entries(BUDGETS).filter(([name]) => options.only.test(name))) {
    const model = await loadModel(checkpoint, { gpu: setting.gpu, arch: "densenet121", size: [SIZE, SIZE] });
    const before = memory.now;
    // Weights are prepared first, for which memory is taken and given back.
    await model.run(benchPicture());
    await model.releasePlans();
    memory.restart();
    const start = performance.now();
    const { maps: found } = await model.explain(benchPicture(), {
      methods: ["scorecam"],
      targets: 0,
      batchSize: BATCH,
      memory: budget,
      ...(topChannels === undefined ? {} : { topChannels }),
      onProgress: ({ done, total, what }) => {
        if (!json) process.stderr.write(`\r${name}: ${done} of ${total} ${what} `);
      },
    });
    const seconds = (performance.now() - start) / 1e3;
    maps.push(found[0]!.data);
    const peak = memory.peak - before;
    const scored = found[0]!.channels?.[0]?.scored ?? "all";
    if (json) {
      const { adapter, commit } = setting;
      console.log(
        JSON.stringify({
          case: `scorecam-memory/${name}`,
          budget,
          peak,
          seconds,
          channels: scored,
          adapter,
          commit,
        }),
      );
    } else {
      const mib = (peak / 2 ** 20).toFixed(0);
      console.log(
        `\r${name.padEnd(5)} peak ${mib} MiB beyond the weights, ${seconds.toFixed(1)} s, ${scored} channels`,
      );
    }
    model.dispose();
  }
  const last = maps.at(-1)!;
  const differences = maps.flatMap((map) => [...map].map((value, i) => Math.abs(value - last[i]!)));
  const apart = differences.reduce((most, difference) => Math.max(most, difference), 0);
  const line = { case: "scorecam-memory/difference", largest: apart };
  console.log(json ? JSON.stringify(line) : `largest difference of the maps: ${apart.toExponential(1)}`);
  setting.gpu.dispose();
}
