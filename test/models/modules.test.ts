/** @file Every parameter's key and shape, every module's path, kind and output shape against PyTorch's. */

import { readdirSync } from "node:fs";
import { describe, test } from "vitest";
import { ARCH_NAMES, findSpelling, type Arch } from "../../src/models/registry.js";
import { checkModuleList, checkRespelled } from "./module-list.js";

const folder = (name: string): URL => new URL(`../data/${name}/`, import.meta.url);
const isArch = (name: string): name is Arch => (ARCH_NAMES as readonly string[]).includes(name);

describe.each(["torchvision", "timm"])("%s's module lists", (spelling) => {
  const archs = readdirSync(folder(`modules/${spelling}`)).map((file) => file.replace(".txt", ""));
  test.each(archs.filter(isArch))("%s", (arch) => {
    const { table } = findSpelling(arch, spelling);
    (table ? checkRespelled : checkModuleList)(spelling, arch);
  });
});
