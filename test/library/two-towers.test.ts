/** @file Image towers of CLIP and SigLIP: files with a text tower, projections and classifiers, and what keys leave open. */

import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { GradlensError } from "../../src/errors.js";
import type { Shape } from "../../src/graph/shape.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import { readModuleList } from "../models/module-list.js";
import { fitKeys } from "../reference/fitted.js";
import { fit } from "./key-files.js";

type Keys = ReadonlyMap<string, Shape>;

const SMALL = "vit_xsmall_patch16_clip_224";
const GELU = "vit_base_patch32_clip_224";
const QUICK = "vit_base_patch32_clip_quickgelu_224";

const described = (keys: Keys, options?: FitOptions): ModelDescription => fitKeys(keys, options).description;

const listed = (spelling: string, arch: string, head: string): Map<string, Shape> =>
  new Map([...readModuleList(spelling, arch).keys].filter(([key]) => !key.startsWith(`${head}.`)));

const below = (prefix: string, keys: Keys): Map<string, Shape> =>
  new Map([...keys].map(([key, shape]) => [prefix + key, shape]));

/** The text towers of open_clip's and transformers' models, of one block (tools/make_text_towers.py). */
const TEXT = JSON.parse(readFileSync(new URL("../data/text-towers.json", import.meta.url), "utf8")) as Record<
  "open_clip" | "open_clip, custom text" | "huggingface" | "huggingface, SigLIP",
  Record<string, Shape>
>;

const open = (arch: string, ...more: readonly (readonly [string, Shape])[]): Map<string, Shape> =>
  new Map([
    ...below("visual.", listed("open_clip", arch, "head")),
    ...Object.entries(TEXT.open_clip),
    ...more,
  ]);

const huggingFace = (...more: readonly (readonly [string, Shape])[]): Map<string, Shape> =>
  new Map([...listed("huggingface", SMALL, "classifier"), ...more]);

const PROJECTED = ["visual_projection.weight", [512, 256]] as const;

describe("a file with both towers", () => {
  it("a file with both towers gives the projected embedding; the text's tensors are on record", () => {
    const { arch, spelling, embedding, report, preprocessing } = described(open(SMALL));
    expect({ arch, spelling, embedding }).toEqual({
      arch: SMALL,
      spelling: "open_clip",
      embedding: { length: 512 },
    });
    expect(report.unused.map(({ key }) => key).sort()).toEqual(Object.keys(TEXT.open_clip).sort());
    expect(report.unused[0]!.because).toContain("text tower");
    expect(preprocessing).toMatchObject({ size: [224, 224], resize: "pillow-bicubic" });
    expect(preprocessing.mean[0]).toBe(0.48145466);
  });

  it.each([
    ["open_clip's", () => open(SMALL)],
    ["Hugging Face's", () => huggingFace(PROJECTED, ...Object.entries(TEXT.huggingface))],
  ])(
    "a classifier behind both towers may normalise the embedding before it, and %s file does not say so",
    (_, towers) => {
      const layers: readonly (readonly [string, Shape][])[] = [
        [["fc.weight", [7, 512]]],
        [
          ["fc.0.weight", [24, 512]],
          ["fc.2.weight", [7, 24]],
        ],
      ];
      for (const head of layers) {
        const { assumed, classes } = described(new Map([...below("clip.", towers()), ...head]));
        expect(classes).toBe(7);
        expect(assumed).toContainEqual(expect.objectContaining({ what: "head", value: "embedding" }));
      }
    },
  );

  it("an adapter of the embedding is refused, unless labels make that a classifier", () => {
    const adapted = below("clip.", open(SMALL));
    adapted.set("adapter.fc.0.weight", [128, 512]).set("adapter.fc.2.weight", [512, 128]);
    expect(() => described(adapted)).toThrow("may adapt the embedding");
    const labels = Array.from({ length: 512 }, (_, i) => `class ${i}`);
    expect(described(adapted, { labels }).classes).toBe(512);
  });

  it("a file with both towers may be wrapped, and may have a classifier of the embedding", () => {
    const keys = below("module.clip.", open(SMALL));
    expect(described(keys).embedding).toEqual({ length: 512 });
    const probed = new Map([...keys, ["fc.weight", [7, 512]], ["fc.bias", [7]]] as [string, Shape][]);
    expect(described(probed)).toMatchObject({ classes: 7, embedding: undefined });
  });

  it("the text tower may stand apart, as in open_clip's other models and Hugging Face's", () => {
    const custom = new Map([
      ...below("visual.", listed("open_clip", SMALL, "head")),
      ...Object.entries(TEXT["open_clip, custom text"]),
    ]);
    expect(described(custom).embedding).toEqual({ length: 512 });
    const theirs = huggingFace(PROJECTED, ...Object.entries(TEXT.huggingface));
    expect(described(theirs)).toMatchObject({ spelling: "huggingface", embedding: { length: 512 } });
  });

  it.each([
    ["a tensor that is of neither tower", open(SMALL, ["extra.weight", [5, 5]])],
    ["another part of a block", open(SMALL, ["transformer.resblocks.0.gate.weight", [5]])],
    ["no class token", dropped(open(SMALL), "visual.class_embedding")],
    ["no scale, which says what the towers are for", dropped(open(SMALL), "logit_scale")],
    ["attention pooling, as CoCa's", attentionPooled()],
    ["LayerScale", open(SMALL, ...gammas)],
    [
      "no norm before the blocks, as CLIPA",
      dropped(open(SMALL), "visual.ln_pre.weight", "visual.ln_pre.bias"),
    ],
    ["an activation with a parameter", open(SMALL, ["visual.transformer.resblocks.9.mlp.gelu.weight", [1]])],
  ])("a file with both towers is refused with %s, in words", (_, keys) => expectRefusal(keys));

  it("a CoCa is refused by name, and a SigLIP of any size is named", () => {
    expect(() => described(attentionPooled())).toThrow("holds a CLIP of another kind, in open_clip's names");
    const siglip = listed("timm", "vit_base_patch16_siglip_224", "head");
    const flexible = [...siglip].map(([key, shape]): [string, Shape] => [
      key.replace(/^(?:patch_embed\.proj|pos_embed)/, (own) => `embeds.${own.replace("patch_embed.", "")}`),
      shape,
    ]);
    expect(() => described(new Map(flexible))).toThrow("holds a SigLIP of another kind, in timm's names");
  });

  it("a text tower alone is refused: it lacks a picture's tower", () => {
    expectRefusal(new Map(Object.entries(TEXT.open_clip)));
    expectRefusal(new Map(Object.entries(TEXT.huggingface)));
  });
});

const BLOCKS = Array.from({ length: 10 }, (_, i) => `visual.transformer.resblocks.${i}`);
const gammas = BLOCKS.map((block) => [`${block}.ls_1.gamma`, [256]] as const);

/** open_clip's `attentional_pool` has as many features as the embedding. */
function attentionPooled(): Map<string, Shape> {
  const query = ["visual.attn_pool.query", [256, 512]] as const;
  return open(SMALL, query, ["visual.attn_pool.attn.q_proj_weight", [512, 512]], ["visual.proj", [512, 512]]);
}

/** The error is for people, and none of the graph's own. */
function expectRefusal(keys: Keys): void {
  let error: unknown;
  try {
    described(keys);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(GradlensError);
  expect((error as GradlensError).code).not.toBe("internal");
}

function dropped(keys: Map<string, Shape>, ...names: readonly string[]): Map<string, Shape> {
  return new Map([...keys].filter(([key]) => !names.includes(key)));
}

describe("SigLIP's image tower", () => {
  const SIGLIP = "vit_base_patch16_siglip_224";
  const LABELLED = new Map(readModuleList("huggingface", SIGLIP).keys);
  const tower = listed("huggingface", SIGLIP, "classifier");

  it("SigLIP's image tower is read from whole models of Hugging Face and of open_clip, whose activations differ", () => {
    const theirs = new Map([...tower, ...Object.entries(TEXT["huggingface, SigLIP"])]);
    expect(described(theirs)).toMatchObject({
      arch: SIGLIP,
      spelling: "huggingface",
      embedding: { length: 768 },
    });
    const open = new Map([
      ...below("visual.trunk.", listed("timm", SIGLIP, "head")),
      ...Object.entries(TEXT["open_clip, custom text"]),
    ]);
    const { arch, spelling, embedding, preprocessing } = described(open);
    expect({ arch, spelling, embedding }).toEqual({
      arch: SIGLIP,
      spelling: "timm",
      embedding: { length: 768 },
    });
    expect(preprocessing).toMatchObject({ mean: [0.5, 0.5, 0.5], resize: "pillow-bicubic" });
  });

  it("SigLIP's image tower is pooled by attention, but for SiglipForImageClassification", () => {
    expect(described(tower).assumed).toContainEqual(
      expect.objectContaining({ what: "pooling", value: "attention" }),
    );
    const pool = /^vision_model\.head\./;
    const found = described(LABELLED);
    expect(found.classes).toBe(10);
    expect(found.assumed).toContainEqual(expect.objectContaining({ what: "pooling", value: "avg" }));
    expectRefusal(new Map([...tower].filter(([key]) => !pool.test(key))));
  });

  it.each(["vit_so400m_patch14_siglip_224", "vit_so400m_patch16_siglip_256"])(
    "a SigLIP without its pool is no %s",
    (arch) =>
      expectRefusal(
        new Map([...listed("timm", arch, "head")].filter(([key]) => !key.startsWith("attn_pool."))),
      ),
  );
});

describe("QuickGELU or GELU", () => {
  it("a file that may be of QuickGELU or GELU is refused with both names", () => {
    for (const keys of [open(QUICK), listed("timm", QUICK, "head"), listed("timm", GELU, "head")])
      expect(() => described(keys)).toThrow(
        `w.pth may be ${GELU} (with GELU, as LAION's weights) or ${QUICK} (with QuickGELU, as OpenAI's weights): their keys are the same, their results are not; name its network with --arch`,
      );
  });

  it("a picture size does not decide between QuickGELU and GELU, which both may be trained at", () => {
    for (const arch of ["vit_huge_patch14_clip_quickgelu_378", "vit_huge_patch14_clip_336"] as const) {
      expect(() => described(listed("timm", arch, "head"))).toThrow(
        "their keys are the same, their results are not",
      );
      expect(described(listed("timm", arch, "head"), { arch })).toMatchObject({ arch });
    }
  });

  it("--arch, a configuration's hidden_act, or OpenAI's own numbers decide between QuickGELU and GELU", () => {
    expect(described(open(QUICK), { arch: GELU })).toMatchObject({ arch: GELU, spelling: "open_clip" });
    expect(described(open(QUICK), { arch: QUICK })).toMatchObject({ arch: QUICK, spelling: "open_clip" });
    const numbers = ["input_resolution", "context_length", "vocab_size"].map((key) => [key, []] as const);
    expect(described(open(QUICK, ...numbers))).toMatchObject({ arch: QUICK, spelling: "openai" });
    for (const [hidden_act, arch] of [
      ["quick_gelu", QUICK],
      ["gelu", GELU],
    ] as const) {
      const said = { "config.vision_config.hidden_act": hidden_act };
      expect(fit(open(QUICK), {}, {}, said).description.arch).toBe(arch);
    }
    expect(() => fit(open(QUICK), {}, {}, { "config.hidden_act": "relu" })).toThrow(
      "their keys are the same",
    );
    // Of another network they are its own.
    for (const key of ["vocab_size", "input_resolution"])
      expect(() => described(new Map([...readModuleList("timm", "resnet18").keys, [key, []]]))).toThrow(key);
  });
});

describe("what the output is made of", () => {
  it.each([
    ["CLIPVisionModel", huggingFace(), 0, 256, "token"],
    ["CLIPVisionModelWithProjection", huggingFace(PROJECTED), 0, 512, undefined],
    [
      "older files, with a table of numbers",
      huggingFace(PROJECTED, ["vision_model.embeddings.position_ids", [1, 197]]),
      0,
      512,
      undefined,
    ],
    ["CLIPForImageClassification", new Map(readModuleList("huggingface", SMALL).keys), 10, undefined, "avg"],
  ])("the output is made of %s", (_, keys, classes, length, read) => {
    const found = described(keys);
    expect({ classes: found.classes, length: found.embedding?.length }).toEqual({ classes, length });
    const pooling = found.assumed.filter(({ what }) => what === "pooling").map(({ value }) => value);
    expect(pooling).toEqual(read === undefined ? [] : [read]);
  });

  it.each([
    ["a SigLIP", "vit_base_patch16_siglip_224", 768],
    ["a CLIP", SMALL, 256],
  ])("the output without the classifier of %s for labels is the patches' mean", (_, arch, length) => {
    const { description, template } = fitKeys(new Map(readModuleList("huggingface", arch).keys), {
      embedding: true,
    });
    expect(description.embedding).toEqual({ length, without: "classifier" });
    expect(description.assumed).toContainEqual(expect.objectContaining({ what: "pooling", value: "avg" }));
    expect(template.poolsPatches).toBe(true);
  });

  it.each([
    ["a SigLIP", "vit_base_patch16_siglip_224", 768, "attention"],
    ["a CLIP", SMALL, 256, "token"],
  ])("a user's own head behind Hugging Face's tower of %s reads its embedding", (_, arch, width, value) => {
    const tower = below("encoder.", listed("huggingface", arch, "classifier"));
    const head = (name: string): [string, Shape][] => [
      [`${name}.weight`, [7, width]],
      [`${name}.bias`, [7]],
    ];
    const pooling = (keys: Keys): string[] =>
      described(keys)
        .assumed.filter(({ what }) => what === "pooling")
        .map((one) => String(one.value));
    for (const name of ["fc", "encoder.fc", "classifier", "classifier.1"])
      expect([name, ...pooling(new Map([...tower, ...head(name)]))]).toEqual([name, value]);
    expect(pooling(new Map([...tower, ...head("encoder.classifier")]))).toEqual(["avg"]);
  });

  it("open_clip's tower without its projection gives the class token", () => {
    const keys = dropped(listed("open_clip", SMALL, "head"), "proj");
    expect(described(keys).embedding).toEqual({ length: 256 });
  });

  it("timm's head of a projection's width is the projection, and that is an assumption; --labels makes it a classifier", () => {
    const keys = new Map(listed("timm", SMALL, "head"));
    keys.set("head.weight", [512, 256]).set("head.bias", [512]);
    const found = described(keys);
    expect(found).toMatchObject({ classes: 0, embedding: { length: 512 } });
    expect(found.assumed).toContainEqual(expect.objectContaining({ what: "head", value: "projection" }));
    expect(described(keys, { embedding: true }).embedding).toEqual({ length: 512 });
    const labels = Array.from({ length: 512 }, (_, i) => `class ${i}`);
    expect(described(keys, { labels })).toMatchObject({ classes: 512, embedding: undefined });
    const kept = new Map([["labels", JSON.stringify(labels)]]);
    expect(fitKeys(keys, {}, "", kept).description).toMatchObject({ classes: 512, embedding: undefined });
    expect(fitKeys(keys, { embedding: true }, "", kept).description.embedding).toMatchObject({ length: 256 });
    keys.set("head.weight", [1000, 256]).set("head.bias", [1000]);
    expect(described(keys)).toMatchObject({ classes: 1000 });
    expect(described(keys).assumed.map(({ what }) => what)).not.toContain("head");
  });
});
