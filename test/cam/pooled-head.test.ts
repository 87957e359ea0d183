/** @file Which layers the original CAM is defined at: in every spelling the one that the model's head pools. */

import { describe, expect, test } from "vitest";
import { isPooled } from "../../src/cam/methods/pooled-head.js";
import { ARCHITECTURES, type Arch } from "../../src/models/architectures.js";
import { buildTemplate } from "../../src/models/registry.js";
import { findTap } from "../../src/models/taps.js";

const LAYERS: readonly (readonly [arch: Arch, pooled: string | undefined, not: string])[] = [
  ["densenet121", "features[-1]", "features.denseblock4"],
  ["resnet18", "layer4[-1]", "layer4[-2]"],
  ["mnasnet0_5", "layers[-1]", "layers[-3]"],
  ["swin_tiny_patch4_window7_224", "norm", "layers[-1].blocks[-1].norm1"],
  ["pvt_v2_b0", "stages[-1].norm", "stages[-1].blocks[-1].norm1"],
  ["vgg11", undefined, "features[-1]"],
  ["vit_tiny_patch16_224", undefined, "norm"],
];

describe.each(LAYERS)("%s", (arch, pooled, not) => {
  test.each(ARCHITECTURES[arch].spellings.map(({ name }) => name))(
    "the original CAM is defined at the layer that the head pools, in the spelling %s",
    (spelling) => {
      const { preprocessing } = ARCHITECTURES[arch];
      const template = buildTemplate(arch, { size: preprocessing.size, channels: 3, classes: 5, spelling });
      const { modules, otherNames } = template;
      const at = (path: string): boolean => isPooled(template, findTap(modules, path, { otherNames }));
      if (pooled !== undefined) expect(at(pooled), pooled).toBe(true);
      expect(at(not), not).toBe(false);
    },
  );
});
