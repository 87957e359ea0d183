/** @file TorchScript's code is compared with the graph: files whose code does something else are refused with what it does. */

import { describe, expect, it } from "vitest";
import { replacedTerms, termOf } from "../../src/checkpoint/torch/script/terms.js";
import type { Checkpoint, CheckpointTensor, FileCall, FileModule } from "../../src/checkpoint/types.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import { read, rewritten } from "./module-files.js";

describe("what TorchScript's code does otherwise is refused", () => {
  it.each([
    ["nopool-trace", "its code never calls maxpool"],
    ["halved-trace", "its code has mul value before layer1.0.conv1; the architecture has nothing"],
  ])("TorchScript's code that does something else is refused: %s", async (name, problem) => {
    const checkpoint = await read(name);
    expect(() => fitModel(checkpoint)).toThrow(problem);
  });
});
it("constants that are no real numbers do not hinder reading", async () => {
  const complex = await rewritten("swin_t-trace", "LongStorage", "ComplexFloatStorage", "constants.pkl");
  expect(fitModel(complex, { size: [224, 224] }).description.arch).toBe("swin_tiny_patch4_window7_224");
});

it("a traced ConvNeXt without the scales of its blocks is refused", async () => {
  const unscaled = await rewritten("convnext_tiny-trace", "torch.mul(layer_scale, (", "torch.alias((");
  expect(() => fitModel(unscaled, { size: [64, 64] })).toThrow(
    /its code has add before features\.1\.1\.block\.0/,
  );
});

describe("a ResNeSt whose code does something else between its branches is refused", () => {
  const AUTHORS = "resnest50_fast_2s1x64d-trace";
  it.each([
    [AUTHORS, "(input, [1, 1])", "(torch.sigmoid(input), [1, 1])", "sigmoid"],
    [AUTHORS, "torch.mul(att, split)", "torch.mul(torch.softmax(att, 1), split)", "softmax"],
    [AUTHORS, "torch.add(_6, CONSTANTS.c0)", "torch.add(_6, 1)", "add value"],
    ["timm-resnest14d-trace", "torch.sum(x, [1])", "x", "has nothing before"],
    ["timm-resnest14d-script", "torch.mul(x4, ", "torch.mul(torch.mul(x4, 0.5), ", "mul value"],
  ])(
    "a ResNeSt whose code differs between its branches is refused: %s: %s becomes %s",
    async (name, from, to, problem) => {
      const changed = await rewritten(name, from, to);
      const arch = name === AUTHORS ? "resnest50_fast_2s1x64d" : "resnest14d";
      expect(() => fitModel(changed, { size: [64, 64], arch })).toThrow(problem);
    },
  );
});

describe("what TorchScript's code gives in the end is compared", () => {
  it.each([
    ["vit_tiny-trace", "(head).forward((head_drop).forward(input0, ), )"],
    ["timm-resnet18-script", "(self).forward_head(x0, False, )"],
  ])("TorchScript's code of %s with another output is refused", async (name, output) => {
    const changed = await rewritten(name, output, `torch.tanh(${output})`);
    expect(() => fitModel(changed, { size: [224, 224] })).toThrow("its code has tanh before its output");
  });

  it("a classifier of CLIP's embedding is refused where its code does not compare the towers", async () => {
    const size = [224, 224] as const;
    expect(fitModel(await probedTowers(), { size }).description.classes).toBe(5);
    const changed = await probedTowers("tanh");
    expect(() => fitModel(changed, { size })).toThrow("its code has tanh before its output");
  });
});

const readOf = (layer: string, ops: readonly string[]): FileCall => ({
  inputs: [layer],
  ops: ops.map((name) => ({ name })),
  terms: termOf(layer),
});

/** A TorchScript of a user's network: both of CLIP's towers, and a classifier of the embedding. @param ops behind it */
async function probedTowers(...ops: string[]): Promise<Checkpoint> {
  const towers = await read("clip_quickgelu-trace");
  const inside = (path: string): string => (path === "" ? "clip" : `clip.${path}`);
  const below = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
    [...map].map(([path, value]) => [inside(path), value]);
  const [weight] = [...towers.tensors.values()];
  const of = (name: string, shape: readonly number[]): [string, CheckpointTensor] => [
    name,
    { ...weight!, name, shape },
  ];
  const fed = [...towers.calls!].filter(([path]) => path !== "");
  const linear: FileModule = { className: "torch.nn.modules.linear.Linear", settings: new Map() };
  return {
    ...towers,
    tensors: new Map([...below(towers.tensors), of("fc.weight", [5, 512]), of("fc.bias", [5])]),
    modules: new Map([...below(towers.modules!), ["fc", linear]]),
    calls: new Map<string, FileCall>([
      ...fed.map(([path, call]): [string, FileCall] => {
        const inputs = call.inputs.map((input) => (input === "" ? "" : inside(input)));
        const terms = replacedTerms(call.terms, (input) => termOf(input === "" ? "" : inside(input)));
        return [inside(path), { ...call, inputs, terms }];
      }),
      ["fc", readOf(inside("visual.ln_post"), ["matmul"])],
      ["", readOf("fc", ops)],
    ]),
  };
}

describe("how often TorchScript's code takes a layer's output is compared", () => {
  const HEADS = "torch.add((head).forward(_11, ), (head_dist).forward(_12, ))";
  const VIT = "torch.add(input, _3)";
  const SE = "torch.mul(argument_1";
  it.each([
    [
      "a branch added twice",
      "vit_tiny-trace",
      VIT,
      `torch.add(${VIT}, _3)`,
      "blocks.2.norm1 is made of 2 x blocks.1.mlp.fc2; ",
    ],
    [
      "its input added twice",
      "vit_tiny-trace",
      VIT,
      `torch.add(${VIT}, input)`,
      "blocks.2.norm1 is made of 2 x patch_embed.proj, 2 x",
    ],
    [
      "in windows",
      "swin_t-trace",
      "return torch.add(input, _2)",
      "return torch.add(input, torch.add(_2, _2))",
      "downsample.norm is made of 2 x layers.0.blocks.1.mlp.fc2; ",
    ],
    [
      "a factor as a sum",
      "swin_t-trace",
      "torch.roll(x, ",
      "torch.roll(torch.add(x, x), ",
      "blocks.1.attn.qkv is made of 2 x layers.0.blocks.1.norm1; ",
    ],
    [
      "a gated branch",
      "timm-seresnet18-trace",
      "return x",
      "return torch.add(x, x)",
      "layer1.0.act2 is made of 2 x f(layer1.0.bn2, layer1.0.se.gate); ",
    ],
    [
      "a branch before its gate",
      "timm-seresnet18-trace",
      SE,
      "torch.mul(torch.add(argument_1, argument_1)",
      "its code has 2 x add, mul before layer1.0.act2; ",
    ],
    [
      "one head added twice",
      "deit_tiny_distilled-trace",
      HEADS,
      `torch.add(${HEADS}, (head).forward(_11, ))`,
      "its output is made of 2 x head; ",
    ],
    [
      "behind the logits",
      "deit_tiny_distilled-trace",
      HEADS,
      `torch.sigmoid(torch.add(${HEADS}, (head).forward(_11, )))`,
      "its code has 2 x add before its output; ",
    ],
    [
      "a function beside the branch",
      "vit_tiny-trace",
      VIT,
      "torch.add(torch.softmax(input, 1), _3)",
      "is made of f(",
    ],
    [
      "a block called twice",
      "vit_tiny-trace",
      "(mlp).forward((norm2).forward(input, ), )",
      "(mlp).forward((mlp).forward((norm2).forward(input, ), ), )",
      "fc1 is made of blocks.0.norm2, blocks.0.mlp.fc2; ",
    ],
  ])(
    "TorchScript's code that uses a layer's output more or less often is refused: %s",
    async (_, name, from, to, problem) => {
      const checkpoint = await rewritten(name, from, to);
      expect(() => fitModel(checkpoint, { size: [224, 224] })).toThrow(problem);
    },
  );
});

describe("factors in TorchScript's code are named where they are the network's own", () => {
  const [HALF, SDPA] = ["torch.div(_13, CONSTANTS.c0)", "torch.scaled_dot_product_attention(q, k, v"];
  it.each([
    [
      "the half of two heads is missing",
      "deit_tiny_distilled-trace",
      HALF,
      "torch.alias(_13)",
      "its code lacks the factor of 0.5 in the network, which the architecture has",
    ],
    [
      "a third",
      "deit_tiny_distilled-trace",
      HALF,
      "torch.div(_13, 4.)",
      "its code multiplies by 0.25 in the network, the architecture by 0.5",
    ],
    [
      "attention's scale, which its function has",
      "vit_tiny-trace",
      SDPA,
      SDPA.replace("(q", "(torch.mul(q, 0.125)"),
      "its code multiplies by 0.125 in blocks.0.attn; the architecture does not",
    ],
    [
      "a block's",
      "vit_tiny-trace",
      "torch.add(argument_1, _10)",
      "torch.add(argument_1, torch.mul(_10, 0.5))",
      "its code multiplies by 0.5 in blocks.0; the architecture does not",
    ],
    [
      "a number for each colour",
      "inception_v3-trace",
      "CONSTANTS.c0",
      "0.5",
      "its code multiplies by other numbers in the network than the architecture",
    ],
    ["no scale", "swin_t-trace", "torch.mul(q, torch.pow(_31, -0.5))", "torch.alias(q)", "scale is 1"],
  ])("a factor in TorchScript's code is named: %s", async (_, name, from, to, problem) => {
    const checkpoint = await rewritten(name, from, to);
    expect(() => fitModel(checkpoint, { size: [224, 224] })).toThrow(problem);
  });
});

const SDPA = "torch.scaled_dot_product_attention(q, k, v";

describe("what a traced transformer's code does with the same tensors is compared", () => {
  it.each([
    ["heads", "vit_tiny-trace", "3, 3, 64]", "3, 6, 32]", "its blocks.0.attn.num_heads is 6"],
    ["a scale", "vit_tiny-trace", SDPA, `${SDPA}, None, 0., False, 0.25`, "its blocks.0.attn.scale is 0.25"],
    ["a mask of the future", "vit_tiny-trace", SDPA, `${SDPA}, None, 0., True`, "attn.is_causal is true"],
    [
      "a factor before attention",
      "vit_tiny-trace",
      SDPA,
      "torch.scaled_dot_product_attention(torch.mul(q, 0.5), k, v",
      "its code multiplies by 0.5 in blocks.0.attn",
    ],
    [
      "a factor in a block",
      "vit_tiny-trace",
      "torch.add(argument_1, _10)",
      "torch.add(argument_1, torch.mul(_10, 0.5))",
      "its code multiplies by 0.5 in blocks.0",
    ],
    [
      "a constant of the archive",
      "swin_t-trace",
      "torch.roll(x, [-3, -3], [1, 2])",
      "torch.mul(torch.roll(x, [-3, -3], [1, 2]), CONSTANTS.c0)",
      "scale is 7",
    ],
    [
      "products that are no cosines",
      "swin_v2_t-trace",
      "torch.linalg_vector_norm(",
      "torch.alias(",
      "its code has clamp_min before layers.0.blocks.0.attn.proj",
    ],
    ["no shift", "swin_t-trace", "torch.roll(", "torch.clone(", "blocks.1 has a shift_size of 0"],
  ])(
    "a traced transformer whose code uses the same tensors otherwise is refused: %s",
    async (_, name, from, to, problem) => {
      const checkpoint = await rewritten(name, from, to);
      expect(() => fitModel(checkpoint, { size: [224, 224] })).toThrow(problem);
    },
  );
});
