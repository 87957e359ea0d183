/** @file A model of one's own for the page's tests: the demo's weights as a file of torch.save, with labels in a text file. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { contiguousStrides } from "../../src/graph/shape.js";
import { openFile } from "../../src/node/file-source.js";
import { dict, pickle, storage, tensor, text, torchZip } from "../checkpoint/pickle-bytes.js";

const DEMO = fileURLToPath(new URL("../../weights/efficientnet_lite0-imagenet.safetensors", import.meta.url));

export const OWN = { weights: "own.pkl", labels: "own-labels.txt", headless: "headless.pkl" } as const;

/** Writes all files into a folder: the model, its labels, and the model without its classifier. */
export async function writeOwnModel(folder: string): Promise<void> {
  const source = await openFile(DEMO);
  const { tensors, metadata } = await readCheckpoint(source);
  const records: Record<string, Uint8Array> = {};
  const pairs: Uint8Array[] = [];
  const trunk: Uint8Array[] = [];
  for (const [i, [key, one]] of [...tensors].entries()) {
    const floats = await one.floats();
    records[i] = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength).slice();
    const pair = [
      text(key),
      tensor(storage(`${i}`, floats.length), 0, one.shape, contiguousStrides(one.shape)),
    ];
    pairs.push(...pair);
    if (!key.startsWith("_fc.")) trunk.push(...pair);
  }
  await source.close();
  writeFileSync(join(folder, OWN.weights), torchZip(pickle(dict(...pairs)), records));
  writeFileSync(join(folder, OWN.headless), torchZip(pickle(dict(...trunk)), records));
  const labels = JSON.parse(metadata.get("labels")!) as string[];
  writeFileSync(join(folder, OWN.labels), labels.map((label) => `my ${label.split(",")[0]}`).join("\n"));
}
