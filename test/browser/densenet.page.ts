/** @file In a page: a golden DenseNet121 case by the library's own entry; how far its numbers are from PyTorch's. */

import {
  fromBlob,
  loadModel,
  METHOD_NAMES,
  METHODS,
  readCheckpoint,
  type Checkpoint,
  type Picture,
} from "../../src/index.js";
import { openDevice } from "../../src/web/open-device.js";
import { makeWeights } from "../reference/weights.js";

const FOLDER = "/test/data/golden";

async function fetchBlob(name: string): Promise<Blob> {
  const response = await fetch(`${FOLDER}/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.blob();
}

async function decode(blob: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p++) data.set(rgba.subarray(4 * p, 4 * p + 3), 3 * p);
  return { data, width, height, channels: 3 };
}

/** The largest difference, as a share of `scale` or of the largest value. */
function deviation(got: Float32Array, want: Float32Array, scale?: number): number {
  const largest = scale ?? want.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return want.reduce((m, v, i) => Math.max(m, Math.abs(v - (got[i] ?? NaN))), 0) / largest;
}

export default async function main() {
  const golden = await readCheckpoint(
    fromBlob("densenet121.safetensors", await fetchBlob("densenet121.safetensors")),
  );
  const { seed, gain, size, mean, std, target } = JSON.parse(golden.metadata.get("case")!) as {
    seed: number;
    gain: number;
    size: number;
    mean: number[];
    std: number[];
    target: number;
  };
  const keys = JSON.parse(await (await fetchBlob("densenet121.keys.json")).text()) as Record<
    string,
    number[]
  >;
  const tensors: Checkpoint["tensors"] = new Map(
    [...makeWeights(keys, seed, gain)].map(([name, { shape, data }]) => [
      name,
      {
        name,
        dtype: "F32",
        shape,
        byteLength: data.byteLength,
        bytes: () => Promise.resolve(new Uint8Array(data.buffer)),
        floats: () => Promise.resolve(data),
      },
    ]),
  );
  const gpu = await openDevice();
  const model = await loadModel(
    { name: "densenet121", tensors, metadata: new Map() },
    { gpu, arch: "densenet121", size: [size, size], mean, std },
  );
  const picture = await decode(await fetchBlob("picture.png"));
  // Methods that need one forward and one backward pass. Channel weights need a pass for each channel.
  const methods = METHOD_NAMES.filter((name) => {
    const method = METHODS[name];
    return golden.tensors.has(`cam.${name}`) && ("gradient" in method || method.classAgnostic);
  });
  const { logits, maps } = await model.explain(picture, { methods, targets: target });
  const floats = (name: string): Promise<Float32Array> => golden.tensors.get(name)!.floats();
  const deviations: Record<string, number> = { logits: deviation(logits, await floats("logits")) };
  for (const { method, data } of maps) {
    deviations[method] = deviation(data, await floats(`cam.${method}`), 1);
  }
  model.dispose();
  gpu.dispose();
  return { adapter: gpu.adapter, deviations };
}
