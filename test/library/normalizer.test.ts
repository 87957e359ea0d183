/** @file Mean and std that a file holds as tensors of a module before the network. */

import { describe, expect, it } from "vitest";
import { findNormalizers, readNormalization } from "../../src/checkpoint/normalization.js";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import type { Shape } from "../../src/graph/shape.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import { keysOf, unreadTensors } from "./key-files.js";

type Few = Readonly<Record<string, { readonly shape?: Shape; readonly values: readonly number[] }>>;

const CIFAR = { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] };
const RESNET = keysOf("torchvision", "resnet18", 5);
const below = (prefix: string): Map<string, Shape> =>
  new Map([...RESNET].map(([key, shape]) => [`${prefix}${key}`, shape]));

/** A network's keys, and tensors of few values beside them. */
async function described(
  keys: ReadonlyMap<string, Shape>,
  few: Few,
  options: FitOptions = {},
  metadata: Record<string, string> = {},
): Promise<ModelDescription> {
  const tensors: Map<string, CheckpointTensor> = unreadTensors(keys);
  for (const [name, { values, shape = [values.length] }] of Object.entries(few)) {
    const floats = () => Promise.resolve(Float32Array.from(values));
    const bytes = () => Promise.reject(new Error("only floats are read"));
    tensors.set(name, { name, dtype: "F32", shape, byteLength: 0, floats, bytes });
  }
  const file = { name: "w.pt", tensors, metadata: new Map(Object.entries(metadata)) };
  return fitModel({ ...file, normalization: await readNormalization(tensors) }, options).description;
}

const pair = (mean: string, std: string, shape: Shape = [3], { mean: m, std: s } = CIFAR): Few => ({
  [mean]: { shape, values: m },
  [std]: { shape, values: s },
});

describe("a module that normalises before the network", () => {
  it.each<[string, string, string, Shape]>([
    ["", "mean", "std", [3]],
    ["", "normalize.mean", "normalize.std", [1, 3, 1, 1]],
    ["1.", "0.mean", "0.std", [3, 1, 1]],
    ["model.", "normalizer.new_mean", "normalizer.new_std", [3, 1, 1]],
    ["module.model.", "module.normalizer.mu", "module.normalizer.sigma", [3, 1, 1]],
    ["backbone.", "pixel_mean", "pixel_std", [3, 1, 1]],
    ["model.", "model.image_mean", "model.image_std", [1, 3, 1, 1]],
    ["net.", "norm_layer._mean", "norm_layer._std", [1, 3, 1, 1]],
    ["module.model._orig_mod.", "module.normalize.means", "module.normalize.stds", [3]],
  ])("the normaliser's mean and std are used around %s: %s and %s", async (prefix, mean, std, shape) => {
    const { preprocessing, said, assumed, report } = await described(below(prefix), pair(mean, std, shape));
    expect(preprocessing).toMatchObject(CIFAR);
    expect(said.map(({ from, used }) => [from, used])).toEqual([
      [mean, true],
      [std, true],
    ]);
    expect(assumed.map(({ what }) => what)).toEqual(["size", "activation", "modules"]);
    expect(report.unused).toEqual([]);
  });

  it("the normaliser's mean and std may be one value for all channels, and of samples 0..255", async () => {
    const half = pair("mean", "std", [1], { mean: [0.5], std: [0.25] });
    expect((await described(RESNET, half)).preprocessing).toMatchObject({
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
    });
    const bytes = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };
    const { preprocessing, said, differences } = await described(
      RESNET,
      pair("pixel_mean", "pixel_std", [3, 1, 1], bytes),
    );
    expect(preprocessing).toMatchObject({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
    expect(said[0]!.note).toBe("123.675,116.28,103.53 of samples 0..255");
    expect(differences).toEqual([]);
  });

  it("the normaliser's mean and std may stand twice, in a second copy of the model, as robustness has them", async () => {
    const keys = new Map([...below("module.model."), ...below("module.attacker.model.")]);
    const few = {
      ...pair("module.normalizer.new_mean", "module.normalizer.new_std", [3, 1, 1]),
      ...pair("module.attacker.normalize.new_mean", "module.attacker.normalize.new_std", [3, 1, 1]),
    };
    expect((await described(keys, few)).preprocessing).toMatchObject(CIFAR);
    const shapes = [...keys, ...Object.entries(few).map(([key, { shape }]) => [key, shape!] as const)];
    const tensors = new Map(shapes.map(([key, shape]) => [key, { shape }]));
    const found = findNormalizers(tensors).pairs.flatMap(({ mean, std }) => [mean, std]);
    expect(found.sort()).toEqual(Object.keys(few).sort());
  });
});

describe("mean and std that are not used", () => {
  it("mean and std inside the network are not used: it is another network", async () => {
    const few = pair("layer1.0.norm.mean", "layer1.0.norm.std");
    await expect(described(RESNET, few)).rejects.toThrow(/layer1\.0\.norm\.mean does not belong to it/);
  });

  it("mean and std are not used where an option or the metadata differs, which is printed", async () => {
    const few = pair("normalize.mean", "normalize.std");
    const given = await described(RESNET, few, { mean: [0.5], std: [0.5] });
    const kept = await described(RESNET, few, {}, { mean: "[0.5]", std: "[0.5]" });
    for (const { preprocessing, said } of [given, kept]) {
      expect(preprocessing.mean).toEqual([0.5, 0.5, 0.5]);
      expect(said[0]).toMatchObject({ used: false, note: "said otherwise by option or metadata" });
    }
  });
});

describe("mean and std that are refused", () => {
  const two = {
    ...pair("a.mean", "a.std"),
    ...pair("b.mean", "b.std", [3], { mean: [0.5, 0.5, 0.5], std: CIFAR.std }),
  };
  it.each<[string, Few, RegExp]>([
    [
      "half a pair",
      { "normalize.mean": { values: CIFAR.mean } },
      /^w\.pt holds normalize\.mean, a mean or a std without the other; give both/,
    ],
    [
      "two that differ",
      two,
      /holds two normalisations, a\.mean 0\.4914,0\.4822,0\.4465 and b\.mean 0\.5,0\.5,0\.5;/,
    ],
    [
      "a std of zero",
      pair("mean", "std", [3], { ...CIFAR, std: [0, 1, 1] }),
      /std 0,1,1, which normalise no pictures/,
    ],
    [
      "mixed ranges",
      pair("mean", "std", [3], { ...CIFAR, mean: [123, 116, 103] }),
      /which normalise no pictures/,
    ],
  ])("mean and std in the file are refused, unless both are given: %s", async (_, few, message) => {
    await expect(described(RESNET, few)).rejects.toThrow(message);
    const { preprocessing } = await described(RESNET, few, { mean: [0.5], std: [0.5] });
    expect(preprocessing.mean).toEqual([0.5, 0.5, 0.5]);
  });
});
