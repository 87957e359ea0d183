/**
 * @file A checkpoint of CheXNet's wrapper saved from several GPUs, with the old dotted keys, gives the same maps bit for bit
 * as the same weights in safetensors: in torch.save's legacy form and in its zip form.
 */

import { afterAll, beforeAll, expect, it } from "vitest";
import { writeSafetensors, type WritableTensor } from "../../src/checkpoint/index.js";
import { contiguousStrides } from "../../src/graph/shape.js";
import { loadModel, type CamMap, type Gpu } from "../../src/index.js";
import { readPicture } from "../../src/node/read-picture.js";
import { dict, legacyFile, pickle, storage, tensor, text, torchZip } from "../checkpoint/pickle-bytes.js";
import { goldenWeights } from "../reference/golden.js";
import { openTestGpu } from "./harness.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.dispose());

const weights = [...goldenWeights("densenet121-chexnet-2layers")];

/** `densenet121.features...norm1.weight` as `module.densenet121.features...norm.1.weight`. */
const saved = (key: string): string =>
  `module.${key.replace(/(denselayer\d+\.(?:norm|relu|conv))([12]\.)/, "$1.$2")}`;

const stateDict = (): Uint8Array =>
  dict(
    ...weights.flatMap(([key, { shape, data }], i) => [
      text(saved(key)),
      tensor(storage(`${i}`, data.length), 0, shape, contiguousStrides(shape)),
    ]),
  );

const bytesOf = (data: Float32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

async function mapsOf(file: Uint8Array): Promise<readonly CamMap[]> {
  const model = await loadModel(file, { gpu, arch: "densenet121", size: [64, 80] });
  try {
    const picture = await readPicture(new URL("../data/golden/picture.png", import.meta.url));
    const layers = ["model.densenet121.features[-1]", "features.denseblock3"];
    return (
      await model.explain(picture, { methods: ["gradcam", "eigencam"], layers, layersEach: true, targets: 3 })
    ).maps;
  } finally {
    model.dispose();
  }
}

it("a DataParallel pickle with old keys gives the maps of the same weights in safetensors, bit for bit", async () => {
  const plain = weights.map(([name, { shape, data }]): WritableTensor => ({
    name,
    dtype: "F32",
    shape,
    byteLength: data.byteLength,
    bytes: () => bytesOf(data),
  }));
  const wanted = await mapsOf(await writeSafetensors(plain));
  const legacy = legacyFile(
    stateDict(),
    weights.map(([, { data }], i) => [`${i}`, data.slice()] as const),
  );
  const zip = torchZip(
    pickle(stateDict()),
    Object.fromEntries(weights.map(([, { data }], i) => [i, bytesOf(data)])),
  );
  for (const file of [legacy, zip]) {
    const maps = await mapsOf(file);
    expect(maps).toHaveLength(4);
    maps.forEach((map, i) => expect(map.data).toEqual(wanted[i]!.data));
  }
});
