/** @file Cases of test/data/vit-families.json: relatives of ViT, recognised by their keys alone, against PyTorch's float64. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import { expectNear, explainFitted, fitKeys } from "../reference/fitted.js";
import { makeWeight } from "../reference/weights.js";

interface Case {
  readonly arch: string;
  readonly size: Pair;
  readonly seed: number;
  /** A shape, or how many blocks have one of this shape. */
  readonly keys: Readonly<Record<string, Shape | readonly [count: number, shape: Shape]>>;
  readonly target: number;
  readonly logits: readonly number[];
  /** Before ReLU. */
  readonly heat: readonly (readonly number[])[];
}

const cases = JSON.parse(
  readFileSync(new URL("../data/vit-families.json", import.meta.url), "utf8"),
) as Record<string, Case>;

/** The file's keys: tools/make_vit_family_reference.py has one for all blocks. */
function keysOf({ keys }: Case): Map<string, Shape> {
  return new Map(
    Object.entries(keys).flatMap(([key, value]): [string, Shape][] => {
      if (!key.includes("{i}")) return [[key, value as Shape]];
      const [count, shape] = value as readonly [number, Shape];
      return Array.from({ length: count }, (_, i) => [key.replace("{i}", `${i}`), shape]);
    }),
  );
}

/** One of each implementation, which `npm test` runs. */
export const QUICK: ReadonlySet<string> = new Set([
  "dinov2 original, four blocks",
  "dinov2 reg4 huggingface",
  "beit huggingface, trained on pictures that are not square",
  "clip timm",
  "clip open_clip, both towers and a classifier",
  "clip huggingface, CLIPForImageClassification",
  "clip huggingface, a probe of CLIPVisionModel",
  "clip huggingface, layers that read the embedding",
  "dinov2 huggingface, layers that read the mean too",
]);

/** Logits and Grad-CAM of the cases called so are PyTorch's. */
export function testVitFamilies(isWanted: (name: string) => boolean): void {
  const wanted = Object.entries(cases).filter(([name]) => isWanted(name));
  test.each(wanted)("%s: logits and Grad-CAM are PyTorch's", (name, one) => checkCase(name, one));
}

function checkCase(name: string, one: Case): void {
  const model = fitKeys(keysOf(one), { size: one.size });
  const { arch, spelling, report, defaultLayer } = model.description;
  expect([arch, name.split(/[ ,]+/)]).toEqual([one.arch, expect.arrayContaining([spelling])]);
  expect(report.missing).toEqual([]);
  const [logits, heat] = explainFitted(model, {
    ...one,
    layer: defaultLayer,
    weight: (key, shape) => makeWeight(key, shape, one.seed, 1),
  });
  expectNear(logits, one.logits);
  expectNear(heat, one.heat.flat());
}
