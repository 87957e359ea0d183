/** @file Which Swin V2 a file is: windows that keys do not show must be said. Key lists are PyTorch's. */

import { describe, expect, it } from "vitest";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import type { Shape } from "../../src/graph/shape.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { Tensors } from "../../src/library/file/tensors.js";
import { unguidable } from "../../src/cam/methods/guided-rules.js";
import { readModuleList } from "../models/module-list.js";

const tensor = (name: string, shape: Shape): CheckpointTensor => ({
  name,
  dtype: "F32",
  shape,
  byteLength: 0,
  bytes: () => Promise.resolve(new Uint8Array()),
  floats: () => Promise.resolve(new Float32Array()),
});

const fileOf = (keys: ReadonlyMap<string, Shape>, words: Record<string, string> = {}): Tensors => ({
  name: "mine.pth",
  tensors: new Map([...keys].map(([key, shape]) => [key, tensor(key, shape)])),
  metadata: new Map(),
  facts: new Map(Object.entries(words)),
});

const timm = (arch: string): Map<string, Shape> => new Map(readModuleList("timm", arch).keys);

/** The authors' keys: a stage ends with the merging, and buffers are kept. @param sides of the stages' windows */
function original(arch: string, sides: readonly number[]): Map<string, Shape> {
  const keys = new Map<string, Shape>();
  for (const [key, shape] of timm(arch))
    keys.set(
      key
        .replace(/layers\.(\d)\.downsample/, (_, i) => `layers.${Number(i) - 1}.downsample`)
        .replace("head.fc.", "head."),
      shape,
    );
  for (const key of [...keys.keys()]) {
    const [, attn, stage] = /^(layers\.(\d)\.blocks\.\d+\.attn)\.logit_scale$/.exec(key) ?? [];
    const side = sides[Number(stage)]!;
    if (attn) keys.set(`${attn}.relative_coords_table`, [1, 2 * side - 1, 2 * side - 1, 2]);
  }
  return keys;
}

const fitted = (file: Tensors, options: FitOptions = {}) => fitModel(file, options).description;

describe("a Swin V2 whose keys do not show its windows", () => {
  const tiny = timm("swinv2_tiny_window8_256");

  it("the refusal of a Swin V2 without windows asks for the network", () => {
    expect(() => fitted(fileOf(tiny))).toThrow(
      "mine.pth may be swinv2_tiny_window8_256 (with windows of 8x8 patches) or swinv2_tiny_window16_256 (with windows of 16x16 patches): their keys are the same, their results are not; name its network with --arch",
    );
    const base = fileOf(timm("swinv2_base_window8_256"), { arch: "swinv2_base" });
    expect(() => fitted(base)).toThrow(
      /window12to16_192to256 \(with windows of 16x16 patches, positions as for 12x12\)/,
    );
  });

  it.each([
    [{ arch: "swinv2_tiny_window16_256" }, "swinv2_tiny_window16_256"],
    [{ model: "swinv2_tiny_patch4_window8_256" }, "swinv2_tiny_window8_256"],
  ])("the windows are those of the network that the file names: %j", (words, arch) => {
    expect(fitted(fileOf(tiny, words)).arch).toBe(arch);
  });

  it("a name or setting of other windows is refused", () => {
    const arch = "swinv2_tiny_window8_256";
    const words = { model_name: arch, window_size: 16 } as unknown as Record<string, string>;
    expect(() => fitted(fileOf(tiny, words))).toThrow(
      /window_size is 16, and swinv2_tiny_window8_256 is computed with windows of 8x8/,
    );
  });
});

describe("the authors' tables of coordinates of a Swin V2", () => {
  it.each([
    ["swinv2_tiny_window8_256", [8, 8, 8, 8], 256],
    ["swinv2_tiny_window16_256", [16, 16, 16, 8], 256],
    ["swinv2_base_window12to24_192to384", [24, 24, 24, 12], 384],
    ["swinv2_tiny_window8_256", [8, 8, 8, 4], 128],
  ])("the tables of %s show its windows: %j", (arch, sides, size) => {
    const { template, description } = fitModel(fileOf(original(arch, sides)));
    expect(description).toMatchObject({ arch, spelling: "original", preprocessing: { size: [size, size] } });
    const table = template.graph.params.get("layers.0.blocks.0.attn.relative_coords_table");
    expect(table?.shape[1]).toBe(2 * sides[0]! - 1);
  });

  it("the tables are used as they are, so that it does not matter which windows they were measured by", () => {
    const file = fileOf(original("swinv2_base_window16_256", [16, 16, 16, 8]));
    const { arch, assumed } = fitted(file);
    expect(arch).toBe("swinv2_base_window16_256");
    expect(assumed[0]).toMatchObject({
      what: "arch",
      because: "the keys of swinv2_base_window12to16_192to256 are the same",
    });
    expect(() => fitted(file, { size: [512, 512] })).toThrow(
      "layers.3.blocks.0.attn.relative_coords_table is for windows of 8x8 patches, at this size they are 16x16",
    );
  });

  it("the tables are computed anew for a size of other windows", () => {
    const file = fileOf(original("swinv2_tiny_window8_256", [8, 8, 8, 8]));
    expect(fitted(file, { size: [128, 128] }).report.foreign).toEqual([]);
  });

  it("the tables are refused where no Swin V2 has such windows", () => {
    const file = fileOf(original("swinv2_tiny_window8_256", [7, 7, 7, 7]));
    expect(() => fitted(file, { arch: "swinv2_tiny_window8_256" })).toThrow(
      /its windows are of another size/,
    );
  });
});

it("torchvision's Swin V2 is refused where its tables are not the architecture's own", () => {
  const keys = new Map(readModuleList("torchvision", "swinv2_tiny_window8_256").keys);
  expect(fitted(fileOf(keys))).toMatchObject({ arch: "swinv2_tiny_window8_256", spelling: "torchvision" });
  for (const key of keys.keys()) if (key.endsWith("relative_coords_table")) keys.set(key, [1, 13, 13, 2]);
  const options = { arch: "swinv2_tiny_window8_256", spelling: "torchvision" } as const;
  expect(() => fitted(fileOf(keys), options)).toThrow(/relative_coords_table/);
});

it("the ReLUs of position biases pass no gradient to the picture: guided backprop is not defined", () => {
  const { template } = fitModel(fileOf(timm("swinv2_tiny_window8_256")), { arch: "swinv2_tiny_window8_256" });
  expect(unguidable({ template, name: "it" })).toMatch(/has no ReLU/);
});
