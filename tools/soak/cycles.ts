/**
 * @file A model loaded, asked once and disposed of, many times on one device. A line for each time: the GPU memory that it took
 * and that was left, in bytes, as the engine counts them.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomCheckpoint } from "../../bench/random-checkpoint.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import { loadModel } from "../../src/index.js";
import { openDevice, openFile, readPicture, type AdapterChoice } from "../../src/node/index.js";

/** The smallest of all. */
const ARCH = "mnasnet0_5";

const [count, adapter] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "gradlens-soak-"));
const weights = join(folder, "weights.safetensors");
writeFileSync(weights, await writeSafetensors(randomCheckpoint(ARCH, 14).tensors.values()));
const picture = await readPicture("pictures/cat-dog.png");
const gpu = await openDevice({ adapter: adapter as AdapterChoice });
for (let i = 0; i < Number(count); i++) {
  const file = await openFile(weights);
  const model = await loadModel(file, { gpu, arch: ARCH, size: [64, 64] });
  await model.explain(picture, { methods: ["gradcam"], targets: [i % model.classes] });
  const { now } = model.memory;
  model.dispose();
  await file.close();
  console.log(`${now} ${model.memory.now}`);
}
rmSync(folder, { recursive: true });
// Drivers may keep threads alive.
process.exit(0);
