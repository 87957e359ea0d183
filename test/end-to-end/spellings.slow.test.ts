/** @file The same weights under every implementation's names give the same maps bit for bit; what MODELS.md excepts equals its own model. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import { loadModel, type Arch, type Gpu, type Picture } from "../../src/index.js";
import { renamed } from "../models/interpreter-golden.js";
import { readModuleList } from "../models/module-list.js";
import { channelsLast, goldenKeys, readTensors } from "../reference/golden.js";
import { makeWeight, makeWeights, type Tensor } from "../reference/weights.js";
import { checkpointOf, goldenPicture, openTestGpu } from "./harness.js";

let gpu: Gpu;
let picture: Picture;
beforeAll(async () => {
  gpu = await openTestGpu();
  picture = await goldenPicture();
});
afterAll(() => gpu.dispose());

type Weights = ReadonlyMap<string, Tensor>;

/** Of a parameter, also of a third of timm's query, key and value in one, or of a half of its key and value in one. */
function valueOf(weights: Weights, key: string): Tensor | undefined {
  const [, before, part, what] = /^(.*\.attn\.)([qkv])\.(weight|bias)$/.exec(key) ?? [];
  const own = weights.get(key);
  if (own || part === undefined) return own;
  const joint = ["qkv", "kv"].find((name) => weights.has(`${before}${name}.${what}`));
  if (joint === undefined) return undefined;
  const { shape, data } = weights.get(`${before}${joint}.${what}`)!;
  const size = data.length / joint.length;
  const at = joint.indexOf(part) * size;
  return { shape: [shape[0]! / joint.length, ...shape.slice(1)], data: data.slice(at, at + size) };
}

/** Names of a spelling, and what each means in the first one's. */
type Pairs = Iterable<readonly [theirs: string, ours: string]>;

/** Weights under other names; all are used. */
function respelled(weights: Weights, pairs: Pairs): Weights {
  const result = new Map<string, Tensor>();
  for (const [theirs, ours] of pairs) {
    const value = valueOf(weights, ours);
    if (value) result.set(theirs, value);
  }
  const count = (some: Weights): number => [...some.values()].reduce((sum, { data }) => sum + data.length, 0);
  expect(count(result)).toBe(count(weights));
  return result;
}

const keysOf = (arch: Arch, spelling: string): Map<string, Shape> =>
  new Map(
    [...readModuleList(spelling, arch).keys].filter(
      ([key]) => !/relative_position_index|attn_mask/.test(key),
    ),
  );

const SEED = 5;

/** Names that mean one of the first spelling's by our own rules, which other tests hold against PyTorch. */
const byRule = (names: Iterable<string>, arch: Arch, spelling: string): Pairs =>
  [...names].map((name) => {
    const [ours = ""] = renamed(arch, new Map([[name, undefined]]), { spelling }).keys();
    return [name, ours] as const;
  });

/** As PyTorch lists them. */
const listed =
  (spelling: string) =>
  (arch: Arch): Pairs =>
    byRule(keysOf(arch, spelling).keys(), arch, spelling);

/** Names made from timm's. */
const rewritten =
  (...parts: readonly (readonly [RegExp, string | ((found: string, group: string) => string)])[]) =>
  (arch: Arch): Pairs =>
    [...keysOf(arch, "timm").keys()].map((key) => [
      parts.reduce((name, [from, to]) => name.replace(from, to as string), key),
      key,
    ]);

/** The original's, which timm's files had too before 0.9. */
const originalSwin = rewritten(
  [/layers\.(\d)\.downsample/, (_, stage) => `layers.${Number(stage) - 1}.downsample`],
  [/^head\.fc\./, "head."],
);

/** torchvision has no tiny ViT: its names by vision_transformer.py. */
const torchvisionVit = rewritten(
  [/^cls_token$/, "class_token"],
  [/^pos_embed$/, "encoder.pos_embedding"],
  [/^patch_embed\.proj/, "conv_proj"],
  [/^norm/, "encoder.ln"],
  [/^head/, "heads.head"],
  [/^blocks\.(\d+)/, "encoder.layers.encoder_layer_$1"],
  [/\.norm([12])\./, ".ln_$1."],
  [/\.attn\.qkv\./, ".self_attention.in_proj_"],
  [/\.attn\.proj\./, ".self_attention.out_proj."],
  [/\.mlp\.fc1/, ".mlp.0"],
  [/\.mlp\.fc2/, ".mlp.3"],
);

interface Family {
  readonly arch: Arch;
  readonly gain: number;
  readonly size: number;
  /** Layers of the first spelling: an early one, and the usual one. */
  readonly layers: readonly string[];
  /** The first one's own names are those that weights are made for. */
  readonly spellings: Readonly<Record<string, (arch: Arch) => Pairs>>;
}

const FAMILIES: readonly Family[] = [
  {
    arch: "densenet121",
    gain: Math.SQRT2,
    size: 64,
    layers: ["features.denseblock2", "features.denseblock4.denselayer16.conv2"],
    spellings: { torchvision: listed("torchvision"), timm: listed("timm") },
  },
  {
    arch: "resnet18",
    gain: Math.SQRT2,
    size: 64,
    layers: ["layer2[0].conv1", "layer4[-1]"],
    spellings: { torchvision: listed("torchvision"), timm: listed("timm") },
  },
  {
    arch: "vit_tiny_patch16_224",
    gain: 1,
    size: 96,
    layers: ["blocks[2].norm2", "blocks[-1].norm1"],
    spellings: { timm: listed("timm"), torchvision: torchvisionVit },
  },
  {
    arch: "swin_tiny_patch4_window7_224",
    gain: 1,
    size: 224,
    layers: ["layers[1].blocks[1].norm1", "layers[-1].blocks[-1].norm1"],
    spellings: {
      timm: listed("timm"),
      original: originalSwin,
      torchvision: listed("torchvision"),
      huggingface: listed("huggingface"),
    },
  },
  {
    arch: "pvt_v2_b0",
    gain: 1,
    size: 64,
    layers: ["stages[1].blocks[0].norm2", "stages[-1].norm"],
    spellings: {
      timm: listed("timm"),
      // The larger network's names; those of blocks that this one lacks are left out.
      original: (arch) => byRule(Object.keys(goldenKeys("pvt_v2_b2_li")), arch, "original"),
    },
  },
];

describe("every spelling gives the same maps, bit for bit", () => {
  test.each(FAMILIES.map((family) => [family.arch, family] as const))(
    "every spelling gives the same maps, bit for bit: %s",
    async (arch, family) => {
      const { gain, size, layers, spellings } = family;
      const [first] = Object.keys(spellings) as [string];
      const made = makeWeights(Object.fromEntries(keysOf(arch, first)), SEED, gain);
      const values = new Map<string, readonly Float32Array[]>();
      for (const [spelling, names] of Object.entries(spellings)) {
        const weights = respelled(made, names(arch));
        const model = await loadModel(checkpointOf(spelling, weights), {
          gpu,
          ...(["densenet121", "resnet18"].includes(arch) && { spelling }),
          size: [size, size],
          mean: [0.5],
          std: [0.25],
        });
        try {
          expect([model.arch, model.spelling]).toEqual([arch, spelling]);
          const methods = ["gradcam", "layercam"] as const;
          const { logits, maps } = await model.explain(picture, {
            methods,
            layers,
            layersEach: true,
            targets: 3,
          });
          const layercam = maps.filter((map) => map.method === "layercam");
          expect(layercam.map((map) => map.flat)).toEqual([undefined, undefined]);
          values.set(spelling, [logits, ...maps.map((map) => map.data)]);
        } finally {
          model.dispose();
        }
      }
      for (const [spelling, got] of values) expect(got, spelling).toEqual(values.get(first));
    },
  );
});

interface ModelCase {
  readonly arch: Arch;
  readonly spelling: string;
  readonly size: readonly [number, number];
  readonly seed: number;
  readonly gain: number;
  readonly target: number;
  readonly layers: readonly string[];
  readonly keys: Readonly<Record<string, Shape>>;
}

describe("each spelling equals its own implementation in PyTorch's float64", () => {
  const { metadata, tensors } = readTensors(new URL("../data/models.safetensors", import.meta.url));
  const cases = Object.entries(JSON.parse(metadata["cases"]!) as Record<string, ModelCase>);

  test.each(cases)(
    "the spelling equals its own implementation in PyTorch's float64: %s",
    async (name, { arch, spelling, size, seed, gain, target, layers, keys }) => {
      const weights = checkpointOf(name, makeWeights(keys, seed, gain));
      const model = await loadModel(weights, { gpu, arch, spelling, size });
      const shape = [1, 3, ...size];
      const { data } = channelsLast({ shape, data: makeWeight("picture", shape, seed, 1) });
      const input = { input: data.map((v) => 10 * v) };
      const expectClose = (key: string, got: Float32Array, tolerance: number): void => {
        const tensor = tensors.get(`${name}.${key}`) as Tensor;
        // timm's and torchvision's Swin have channels last themselves.
        const want = tensor.shape.length === 4 && !arch.startsWith("swin") ? channelsLast(tensor) : tensor;
        const scale = want.data.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        expect(got.length).toBe(want.data.length);
        const off = want.data.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i]!)), 0);
        expect(off / scale, key).toBeLessThan(tolerance);
      };
      try {
        const { logits, taps } = await model.run(input, { taps: layers });
        const gradients = await model.grad(input, { layers, target });
        expectClose("logits", logits, 1e-4);
        layers.forEach((layer, i) => {
          expectClose(`activations.${i}`, taps.get(layer)!.data, 1e-3);
          expectClose(`gradients.${i}`, gradients.get(layer)!.data, 1e-3);
        });
      } finally {
        model.dispose();
      }
    },
  );
});
