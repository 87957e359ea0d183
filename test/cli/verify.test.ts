/** @file `gradlens verify`: what it says where a tiny model goes another way than its reference, and bad input. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeSafetensors, type WritableTensor } from "../../src/checkpoint/write-safetensors.js";
import type { LoadedModel } from "../../src/cli/engine/engine.js";
import { LABELS, run, userFolder, type Ran } from "./fake.js";
import { refused } from "./refused.js";

const [H, W, C] = [2, 3, 4];
const wave = (length: number, phase: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i + phase));

/** In our layout, channels last. */
const ACTIVATIONS = { data: wave(H * W * C, 1), shape: [1, H, W, C] };
const GRADIENT = { data: wave(H * W * C, 2), shape: [1, H, W, C] };
const LOGITS = Float32Array.of(-1.5, 2.25, 0.5);
const INPUT = wave(3 * 6 * 8, 3);

/** [1, H, W, C] as [1, C, H, W]. */
function channelsFirst({ data, shape }: { data: Float32Array; shape: readonly number[] }): Float32Array {
  const [, height, width, channels] = shape as [number, number, number, number];
  const result = new Float32Array(data.length);
  data.forEach((v, i) => (result[(i % channels) * height * width + Math.floor(i / channels)] = v));
  return result;
}

const tensor = (name: string, shape: readonly number[], data: Float32Array): WritableTensor => ({
  name,
  dtype: "F32",
  shape,
  byteLength: data.byteLength,
  bytes: () => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});

interface Changes {
  readonly without?: string;
  readonly metadata?: Record<string, string>;
  readonly tensors?: readonly WritableTensor[];
}

/** What make_ref.py would write of the tiny model, or of another. */
const reference = ({ without, metadata, tensors = [] }: Changes = {}): Promise<Uint8Array> => {
  const all = [
    tensor("input", [1, 3, 6, 8], INPUT),
    tensor("logits", [1, 3], LOGITS),
    tensor("activations", [1, C, H, W], channelsFirst(ACTIVATIONS)),
    tensor("gradient", [1, C, H, W], channelsFirst(GRADIENT)),
  ].filter(({ name }) => name !== without && !tensors.some((other) => other.name === name));
  return writeSafetensors([...all, ...tensors], metadata ?? { layer: "features.norm5", target: "1" });
};

const plus = (data: Float32Array, place: number, more: number): Float32Array =>
  data.map((v, i) => (i === place ? v + more : v));

interface Made {
  readonly activations?: Float32Array;
  readonly logits?: Float32Array;
  readonly gradient?: Float32Array;
}

/** A model that computes the reference, or something else. */
function model({ activations, logits, gradient }: Made = {}, asked: unknown[] = []): Partial<LoadedModel> {
  return {
    run: (picture, options) => {
      asked.push(picture, options?.taps);
      const data = activations ?? ACTIVATIONS.data;
      const taps = new Map([["features.norm5", { ...ACTIVATIONS, data }]]);
      return Promise.resolve({ logits: logits ?? LOGITS, scores: LOGITS, taps });
    },
    grad: (_, { layers, target }) => {
      asked.push(layers, target);
      const data = gradient ?? GRADIENT.data;
      return Promise.resolve(new Map([["features.norm5", { ...GRADIENT, data }]]));
    },
  };
}

const ARGV = ["verify", "weights.safetensors", "ref.safetensors"];

async function verify(made: Partial<LoadedModel>, changes: Changes = {}, ...more: string[]): Promise<Ran> {
  const folder = await userFolder();
  writeFileSync(join(folder, "ref.safetensors"), await reference(changes));
  return run(folder, [...ARGV, ...more], { model: made });
}

describe("verify of a model that computes the same", () => {
  it("verify says that the model is the same, and frees its memory", async () => {
    const asked: unknown[] = [];
    const ran = await verify(model({}, asked));
    expect(ran).toMatchObject({ code: 0, open: 0 });
    expect(ran.stdout).toMatch(/^activations of features\.norm5 +differ by 0\.0e\+0 of the largest value/m);
    expect(ran.stdout).toMatch(/^Same: .* ref\.safetensors\.$/m);
    // The input as it is, channels last, and the reference's size.
    const [picture, ...rest] = asked as [{ input: Float32Array }, ...unknown[]];
    expect(channelsFirst({ data: picture.input, shape: [1, 6, 8, 3] })).toEqual(INPUT);
    expect(rest).toEqual([["features.norm5"], ["features.norm5"], 1]);
    expect(ran.loaded[0]).toMatchObject({ size: [6, 8] });
  });

  it("verify accepts differences within f32's rounding", async () => {
    const made = { activations: plus(ACTIVATIONS.data, 5, 5e-4), logits: plus(LOGITS, 1, 2e-5) };
    expect((await verify(model(made))).code).toBe(0);
  });

  it("verify accepts layers whose channels are last in PyTorch as well", async () => {
    const tensors = [
      tensor("activations", ACTIVATIONS.shape, ACTIVATIONS.data),
      tensor("gradient", GRADIENT.shape, GRADIENT.data),
    ];
    expect((await verify(model(), { tensors })).code).toBe(0);
  });
});

describe("where a model goes another way, the first deviation is named", () => {
  it.each<[what: string, made: Made, verdict: RegExp, row: RegExp]>([
    [
      "before the layer",
      { activations: plus(ACTIVATIONS.data, 5, 0.5), logits: plus(LOGITS, 0, 1) },
      /Different: the first deviation lies between the input and the output of features\.norm5\./,
      /^activations .* most at \[0, 0, 1, 1\], 0\.220585 instead of -0\.279415$/m,
    ],
    [
      "after the layer",
      { logits: plus(LOGITS, 2, 0.01) },
      /Different: features\.norm5 agrees; the first deviation lies between it and the logits\./,
      /^logits .* most at \[0, 2\], 0\.51 instead of 0\.5$/m,
    ],
    [
      "on the way back",
      { gradient: plus(GRADIENT.data, 23, 0.1) },
      /features\.norm5 and the logits agree; .* on the way back, in the gradient of class 1 at features\.norm5\./,
      /^gradient of class 1 at features\.norm5 .* most at \[0, 1, 2, 3\]/m,
    ],
    [
      "with NaN",
      { activations: plus(ACTIVATIONS.data, 5, NaN) },
      /between the input and the output of features\.norm5/,
      /most at \[0, 0, 1, 1\], NaN instead of/,
    ],
  ])("verify names the first deviation: %s", async (_, made, verdict, row) => {
    const ran = await verify(model(made));
    expect(ran).toMatchObject({ code: 1, open: 0 });
    expect(ran.stdout).toMatch(verdict);
    expect(ran.stdout).toMatch(row);
  });

  it("verify recognises scores in the place of logits", async () => {
    const scores = LOGITS.map((v) => 1 / (1 + Math.exp(-v)));
    const { code, stdout } = await verify(model(), { tensors: [tensor("logits", [1, 3], scores)] });
    expect(code).toBe(1);
    expect(stdout).toContain("scores after a sigmoid");
  });

  it("verify --json gives programs the first deviation", async () => {
    const { code, stdout } = await verify(model({ logits: plus(LOGITS, 2, 0.01) }), {}, "--json");
    const told = JSON.parse(stdout) as { deviations: { what: string; agrees: boolean }[]; verdict: string };
    expect(code).toBe(1);
    expect(told.deviations.map(({ what, agrees }) => [what, agrees])).toEqual([
      ["activations", true],
      ["logits", false],
      ["gradient", true],
    ]);
    expect(told.verdict).toContain("features.norm5 agrees");
  });
});

describe("bad input", () => {
  it.each<[argv: string[], line: RegExp]>([
    [["verify"], /gradlens verify needs WEIGHTS: gradlens verify WEIGHTS REF\.safetensors/],
    [["verify", "weights.safetensors"], /gradlens verify needs REF\.safetensors/],
    [ARGV, /weights .*ref\.safetensors: no such file/],
    [["verify", "weights.safetensors", "x.png"], /x\.png: is a PNG picture/],
    [
      ["verify", "weights.safetensors", "weights.safetensors"],
      /its metadata names no layer: .* tools\/make_ref\.py/,
    ],
    [[...ARGV, "--size", "3"], /gradlens verify has no --size/],
  ])("verify refuses %j", (argv, line) => refused(argv, { code: 2, line }));

  const NAN = tensor("logits", [1, 3], Float32Array.of(1, NaN, 2));
  const layer = "features.norm5";
  it.each<[what: string, changes: Changes, line: RegExp]>([
    ["without a tensor", { without: "gradient" }, /has no tensor "gradient"/],
    ["with NaN", { tensors: [NAN] }, /its "logits" has values that are not finite/],
    ["of another target", { metadata: { layer, target: "3" } }, /target "3" is none of the 3 classes/],
    ["without a target", { metadata: { layer } }, /target "" is none/],
    [
      "of several pictures",
      { tensors: [tensor("input", [2, 3, 6, 4], INPUT)] },
      /several pictures: make a reference of one/,
    ],
    [
      "with an input of another rank",
      { tensors: [tensor("input", [3, 6, 8], INPUT)] },
      /its "input" is F32 \[3, 6, 8\]/,
    ],
    [
      "of grey pictures",
      { tensors: [tensor("input", [1, 1, 12, 12], INPUT)] },
      /its input has 1 channels, the model's pictures have 3/,
    ],
    [
      "of a layer of another shape",
      {
        tensors: [
          tensor("activations", [1, 2, 4, 3], ACTIVATIONS.data),
          tensor("gradient", [1, 2, 4, 3], GRADIENT.data),
        ],
      },
      /its activations of features\.norm5 are \[1, 2, 4, 3\], the model's are \[1, 2, 3, 4\]/,
    ],
    [
      "whose gradient has another shape",
      { tensors: [tensor("gradient", [1, 2, 4, 3], GRADIENT.data)] },
      /its gradient has another shape/,
    ],
    [
      "of another number of classes",
      { tensors: [tensor("logits", [1, 4], Float32Array.of(1, 2, 3, 4))] },
      /its logits are \[1, 4\], the model's are \[1, 3\]/,
    ],
    [
      "of a class that the model has not",
      {
        tensors: [tensor("logits", [1, 9], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))],
        metadata: { layer, target: "8" },
      },
      new RegExp(`the reference has 9 outputs, the model ${LABELS.length}`),
    ],
  ])("verify refuses a reference %s", async (_, changes, line) => {
    const bytes = await reference(changes);
    const write = (folder: string) => writeFileSync(join(folder, "ref.safetensors"), bytes);
    await refused(ARGV, { code: 2, line }, write, { model: model() });
  });
});
