/** @file Relatives of ViT in their implementations' names, against PyTorch; more of them are in vit-families.slow.test.ts. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Shape } from "../../src/graph/shape.js";
import { renameKey } from "../../src/checkpoint/rename-key.js";
import { named } from "../../src/models/registry.js";
import { keyRulesFor } from "../../src/models/template.js";
import { buildSiglip } from "../../src/models/siglip.js";
import { buildVit } from "../../src/models/vit-graph.js";
import { evaluate } from "../reference/index.js";
import { channelsLast } from "../reference/golden.js";
import { expectNear, fitKeys } from "../reference/fitted.js";
import { makeWeight } from "../reference/weights.js";
import { readModuleList } from "./module-list.js";
import { QUICK, testVitFamilies } from "./vit-family-cases.js";

testVitFamilies((name) => QUICK.has(name));

const swiglu = JSON.parse(readFileSync(new URL("../data/swiglu.json", import.meta.url), "utf8")) as {
  readonly seed: number;
  readonly logits: readonly number[];
};

/** SwiGLU's gate and value as two Linears: halves of timm's one. */
function weightOf(key: string, shape: Shape): Float32Array {
  const half = /^(.*\.mlp\.)(gate|up)(\.\w+)$/.exec(key);
  if (half === null) return makeWeight(key, shape, swiglu.seed, 1);
  const [rows, ...rest] = shape as [number, ...number[]];
  const whole = makeWeight(`${half[1]}fc1${half[3]}`, [2 * rows, ...rest], swiglu.seed, 1);
  return half[2] === "gate" ? whole.subarray(0, whole.length / 2) : whole.subarray(whole.length / 2);
}

it.each([false, true])("SwiGLU is timm's, its gate apart: %s", (isApart) => {
  const b = new Builder();
  const shape = { channels: 48, depth: 2, heads: 3, patch: 14, size: 28, scales: true, gated: true };
  const shapes = new Map([
    ["cls_token", [1, 1, 48]],
    ["blocks.0.mlp.gate.weight", [128, 48]],
  ]);
  const options = { size: [28, 28], channels: 3, classes: 5, spelling: "timm" } as const;
  const { logits } = buildVit(b, shape, isApart ? { ...options, shapes } : options);
  const { copyOf } = instantiate([logits], { batch: 1 });
  const params = new Map([...b.params].map(([key, node]) => [key, weightOf(key, node.shape)]));
  const x = [1, 3, 28, 28];
  const picture = channelsLast({ shape: x, data: makeWeight("picture", x, swiglu.seed, 1) });
  const inputs = new Map([["picture", Float64Array.from(picture.data, (v) => 10 * v)]]);
  const [found] = evaluate([copyOf(logits)], { inputs, params });
  expect(b.params.has("blocks.1.mlp.fc1.weight")).toBe(!isApart);
  expectNear([...found!.data], swiglu.logits);
});

const pools = JSON.parse(readFileSync(new URL("../data/attention-pool.json", import.meta.url), "utf8")) as {
  readonly seed: number;
  readonly towers: Record<string, { keys: Record<string, Shape>; values: readonly number[] }>;
};

it.each(Object.entries(pools.towers))(
  "attention pooling and its activation are PyTorch's: %s",
  (name, tower) => {
    const [spelling, act] = name.split(", ") as [string, "GELU" | "GELUTanh"];
    const rules = keyRulesFor({ ...named("vit_base_patch16_siglip_224"), spelling });
    const params = new Map(
      Object.entries(tower.keys).map(([key, shape]) => [
        renameKey(key, rules).key,
        makeWeight(key, shape, pools.seed, 1),
      ]),
    );
    const b = new Builder();
    const shape = {
      channels: 48,
      depth: 2,
      heads: 3,
      patch: 16,
      size: 32,
      scales: false,
      registers: false,
      classToken: false,
    };
    const own = { ...shape, act, ...(spelling === "huggingface" && { flat: "module" as const }) };
    const { logits } = buildSiglip(b, own, { size: [32, 32], channels: 3, classes: 0, spelling });
    expect([...b.params.keys()].sort()).toEqual([...params.keys()].sort());
    const { copyOf } = instantiate([logits], { batch: 1 });
    const x = [1, 3, 32, 32];
    const picture = channelsLast({ shape: x, data: makeWeight("picture", x, pools.seed, 1) });
    const inputs = new Map([["picture", Float64Array.from(picture.data, (v) => 10 * v)]]);
    const [found] = evaluate([copyOf(logits)], { inputs, params });
    expectNear([...found!.data], tower.values);
  },
);

it.each(["timm", "original", "huggingface"])(
  "%s's DINOv2 without a classifier gives its class token",
  (spelling) => {
    const { keys } = readModuleList(spelling, "vit_small_patch14_reg4_dinov2");
    const backbone = [...keys].filter(([key]) => !/^(?:head|classifier)\./.test(key));
    const published = backbone.map(
      ([key, shape]) => [key.replace("dinov2_with_registers.", ""), shape] as const,
    );
    const { template, description } = fitKeys(new Map(published), { size: [28, 42] });
    expect(description).toMatchObject({ arch: "vit_small_patch14_reg4_dinov2", spelling });
    expect(template.embedding?.shape.slice(1)).toEqual([384]);
  },
);
