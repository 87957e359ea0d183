/** @file In a page: a torch.save file and a safetensors file of the same weights, read from Blobs. */

import { fromBlob, readCheckpoint } from "../../src/checkpoint/index.js";

async function read(name: string): Promise<Record<string, number[]>> {
  const response = await fetch(`/test/data/checkpoints/${name}`);
  const { tensors } = await readCheckpoint(fromBlob(name, await response.blob()));
  const values: Record<string, number[]> = {};
  for (const [key, tensor] of tensors) values[key.replace(/^module\./, "")] = [...(await tensor.floats())];
  return values;
}

export default async function main() {
  return { pickle: await read("chexnet-zip.pkl"), safetensors: await read("chexnet.safetensors") };
}
