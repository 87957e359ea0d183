/** @file Every parameter's key and shape, every module's path, kind and output shape against PyTorch's. */

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ARCH_NAMES, type Arch } from "../../src/models/architectures.js";
import { spellingOf } from "../../src/models/template.js";
import { isHarmless } from "../../src/checkpoint/unused-tensors.js";
import { detectArch, named } from "../../src/models/registry.js";
import { findTap } from "../../src/models/taps.js";
import { buildTemplate } from "../../src/models/registry.js";
import { sizeOf } from "../../src/graph/shape.js";
import { renamed } from "./interpreter-golden.js";
import { checkModuleList, checkRespelled, readModuleList } from "./module-list.js";

const folder = (name: string): URL => new URL(`../data/${name}/`, import.meta.url);
const isArch = (name: string): name is Arch => (ARCH_NAMES as readonly string[]).includes(name);

describe.each([
  "torchvision",
  "timm",
  "huggingface",
  "original",
  "open_clip",
  "efficientnet_pytorch",
  "pretrainedmodels",
  "resnest",
])("%s's module lists", (spelling) => {
  const archs = readdirSync(folder(`modules/${spelling}`)).map((file) => file.replace(".txt", ""));
  test.each(archs.filter(isArch))(`%s has the modules of ${spelling}'s list`, (arch) => {
    const { table } = spellingOf(named(arch), spelling);
    (table ? checkRespelled : checkModuleList)(spelling, arch);
  });
});

describe("the modules of transformers 5, which files of Hugging Face are older than", () => {
  const archs = readdirSync(folder("modules/huggingface-5")).map((file) => file.replace(".txt", "") as Arch);
  test.each(archs)("%s of transformers 5: keys are read, and modules name layers", (arch) => {
    const { size, keys, modules } = readModuleList("huggingface-5", arch);
    const network = new Map([...keys].filter(([key]) => !isHarmless(key, [])));
    expect(detectArch(network)[0]).toMatchObject({ arch, spelling: "huggingface" });
    const shapes = renamed(arch, keys, { spelling: "huggingface" });
    const ours = buildTemplate(arch, { size, channels: 3, classes: 10, spelling: "huggingface", shapes });
    for (const { path, output } of modules) {
      if (output === undefined || !keys.has(`${path}.weight`)) continue;
      const { shape } = findTap(ours.modules, path, { otherNames: ours.otherNames }).output;
      // Windows are in the batch there.
      expect([sizeOf(shape.slice(1)), sizeOf(shape.slice(2))], path).toContain(sizeOf(output));
    }
  });
});
