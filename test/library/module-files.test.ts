/** @file Files that hold modules: computed as their modules say, against PyTorch's numbers (tools/make_module_files.py), or refused. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Checkpoint, FileModule } from "../../src/checkpoint/types.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { grad } from "../../src/graph/grad.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import { findTap } from "../../src/models/taps.js";
import { channelsLast } from "../reference/golden.js";
import { evaluate } from "../reference/index.js";
import { makeWeight } from "../reference/weights.js";
import { FOLDER, read, rewritten } from "./module-files.js";

interface Made {
  readonly seed: number;
  readonly gain: number;
  /** Side of the picture in pixels. */
  readonly size: number;
}

interface Expected extends Made {
  readonly target: number;
  readonly layer: string;
  readonly logits: readonly number[];
  readonly map: readonly (readonly number[])[];
}

const table = <Row>(name: string): Record<string, Row> =>
  JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Record<string, Row>;

const EXPECTED = table<Expected>("expected.json");
const EMBEDDINGS = table<Made & { readonly embedding: readonly number[] }>("embeddings.json");
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".pt"))
  .map((file) => file.slice(0, -3));

/** The model, with the weights that the rule makes of the file's keys. */
async function computed(name: string, o: Expected) {
  const { template, tensors } = fitModel(await read(name), { size: [o.size, o.size] });
  const tap = findTap(template.modules, o.layer);
  const { graph, copyOf } = instantiate([template.logits, tap.output], { batch: 1 });
  const [logits, output] = [copyOf(template.logits), copyOf(tap.output)];
  const seed = new Float32Array(o.logits.length);
  seed[o.target] = 1;
  const [gradient] = grad(graph, logits, graph.constant(seed, [1, seed.length]), [output]);
  return evaluate([logits, output, gradient!], valuesOf(tensors, o));
}

/** Weights and a picture by rule. */
function valuesOf(tensors: FittedModel["tensors"], { seed, gain, size }: Made) {
  const params = new Map([...tensors].map(([key, t]) => [key, makeWeight(t.name, t.shape, seed, gain)]));
  const shape = [1, 3, size, size];
  const picture = channelsLast({ shape, data: makeWeight("picture", shape, seed, 1) });
  const inputs = new Map([["picture", Float64Array.from(picture.data, (v) => 10 * v)]]);
  return { inputs, params };
}

/** The sum over channels of the mean gradient times the value, of values [1, H, W, C]. */
function gradCam(value: ArrayLike<number>, gradient: ArrayLike<number>, channels: number): number[] {
  const places = value.length / channels;
  return Array.from({ length: places }, (_, p) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      let mean = 0;
      for (let q = 0; q < places; q++) mean += gradient[q * channels + c]! / places;
      sum += mean * value[p * channels + c]!;
    }
    return sum;
  });
}

const off = (found: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!))) / Math.max(...wanted.map(Math.abs));

describe("changed networks are computed as their files say", () => {
  it.each(Object.keys(EXPECTED))(
    "a changed network is computed as its file says: %s",
    { timeout: 120_000 },
    async (name) => {
      const o = EXPECTED[name]!;
      const [logits, value, gradient] = await computed(name, o);
      expect(off(logits!.data, o.logits)).toBeLessThan(1e-5);
      const map = gradCam(value!.data, gradient!.data, value!.shape.at(-1)!);
      expect(map).toHaveLength(o.map.flat().length);
      expect(off(map, o.map.flat())).toBeLessThan(1e-5);
    },
  );
});

describe("the output without a classifier is that of the file's class", () => {
  it.each(Object.entries(EMBEDDINGS))(
    "the output without a classifier is that of the file's class: %s",
    { timeout: 120_000 },
    async (name, o) => {
      const fitted = fitModel(await read(name), { size: [o.size, o.size] });
      const { copyOf } = instantiate([fitted.template.logits], { batch: 1 });
      const [output] = evaluate([copyOf(fitted.template.logits)], valuesOf(fitted.tensors, o));
      expect(output!.data).toHaveLength(o.embedding.length);
      expect(off(output!.data, o.embedding)).toBeLessThan(1e-5);
      expect(fitted.description.assumed.map(({ what }) => what)).not.toContain("pooling");
    },
  );
});

describe("networks as published are read, and nothing in them differs", () => {
  const names = FILES.filter((name) => /-(?:zip|legacy|script|trace)$/.test(name) && !(name in EXPECTED));
  it.each(names.filter((name) => !/^(?:nopool|halved)/.test(name)))(
    "a network as published is read, and nothing in it differs: %s",
    async (name) => {
      const checkpoint = await read(name);
      // Else its output would not be compared.
      expect(checkpoint.calls?.has("")).toBe(/-(?:script|trace)$/.test(name) || undefined);
      const { modules, assumed } = fitModel(checkpoint, { size: [224, 224] }).description;
      expect(modules).toMatchObject({ computed: [] });
      expect(modules!.notes.filter((note) => note.startsWith("not checked"))).toEqual([]);
      expect(assumed.map(({ what }) => what).filter((what) => /modules|forward|hooks/.test(what))).toEqual(
        [],
      );
    },
  );
});

it("a file whose modules state the strides may have biases in its shortcuts", async () => {
  const checkpoint = await read("resnet18-zip");
  const key = "layer2.0.downsample.0.bias";
  const tensors = new Map(checkpoint.tensors);
  tensors.set(key, { ...tensors.get("layer2.0.bn1.bias")!, name: key });
  expect(fitModel({ ...checkpoint, tensors }).tensors.get(key)?.name).toBe(key);
});

/** resnet18-zip with some modules changed; undefined removes one. */
async function fitChanged(
  name: string,
  changes: Readonly<Record<string, readonly [string, Readonly<Record<string, never>> | object] | undefined>>,
  options: FitOptions = {},
) {
  const checkpoint = await read(name);
  const modules = new Map<string, FileModule>(checkpoint.modules);
  for (const [path, change] of Object.entries(changes)) {
    if (change === undefined) modules.delete(path);
    else {
      const [className, settings] = change;
      modules.set(path, {
        className: className === "" ? modules.get(path)!.className : className,
        settings: new Map([
          ...(modules.get(path)?.settings ?? []),
          ...Object.entries(settings),
        ]) as FileModule["settings"],
      });
    }
  }
  return fitModel({ ...checkpoint, modules }, options).description;
}

const NN = "torch.nn.modules";

describe("whole pickles that cannot be computed are refused with the module and both values", () => {
  it.each([
    [
      "a pool that is not there",
      "resnet18-zip",
      { maxpool: undefined },
      "it has no module maxpool (MaxPool2d)",
    ],
    [
      "no pooling",
      "vit_tiny-zip",
      { "": ["", { global_pool: "" }] },
      'its global_pool is ""; gradlens computes token only',
    ],
    [
      "reflected borders",
      "resnet18-zip",
      { conv1: ["", { padding_mode: "reflect" }] },
      "conv1.padding_mode is reflect",
    ],
    [
      "a class of the user's own",
      "resnet18-zip",
      { "layer1.0.relu": ["__main__.Clipped", {}] },
      "its layer1.0.relu is __main__.Clipped, where the architecture has ReLU",
    ],
    [
      "a module beside",
      "resnet18-zip",
      { "layer1.0.extra": [`${NN}.activation.Tanh`, {}] },
      `its module layer1.0.extra (${NN}.activation.Tanh) does not belong to it`,
    ],
    [
      "another convolution",
      "resnet18-zip",
      { conv1: ["timm.layers.std_conv.StdConv2d", {}] },
      "its conv1 is timm.layers.std_conv.StdConv2d",
    ],
    [
      "shapes that no longer fit",
      "resnet18-zip",
      { "layer4.0.conv1": ["", { stride: [1, 1] }] },
      "its modules do not fit together at 224x224 pixels",
    ],
    [
      "an MLP without a forward of its own",
      "vit_tiny-zip",
      { "blocks.0.mlp": [`${NN}.container.Sequential`, {}] },
      `its blocks.0.mlp is ${NN}.container.Sequential, where the architecture has Mlp`,
    ],
    [
      "a patch of another stride",
      "vit_tiny-zip",
      { "patch_embed.proj": ["", { stride: [8, 8] }] },
      "patch_embed.proj.stride is 8x8",
    ],
    [
      "another number of heads",
      "vit_tiny-zip",
      { "blocks.3.attn": ["", { num_heads: 6 }] },
      "its blocks.3.attn.num_heads is 6; gradlens computes 3 only",
    ],
    [
      "a block that does not shift",
      "swin_t-zip",
      { "features.1.1.attn": ["", { shift_size: [0, 0] }] },
      "has a shift_size of 0x0; in the architecture it shifts",
    ],
    [
      "windows of another size",
      "timm-swinv2_tiny-zip",
      { "layers.0.blocks.0.attn": ["", { window_size: [16, 16] }] },
      "its layers.0.blocks.0.attn has windows of 16x16 patches; in the architecture they are 8x8",
    ],
    [
      "positions measured by other windows",
      "timm-swinv2_tiny-zip",
      { "layers.1.blocks.1.attn": ["", { pretrained_window_size: [6, 6] }] },
      "has a pretrained_window_size of 6x6; in the architecture it is 0",
    ],
    [
      "a pool that is not called",
      "resnet18-zip",
      { "": ["monai.networks.nets.resnet.ResNet", { no_max_pool: true }] },
      "its no_max_pool is true; gradlens computes false only",
    ],
    ["a mean over tokens", "vit_tiny-zip", { "": ["", { global_pool: "avg" }] }, "its global_pool is avg"],
    [
      "norms after the layers",
      "vit_tiny-zip",
      { "blocks.0": ["timm.models.vision_transformer.ResPostBlock", {}] },
      "its blocks.0 is timm.models.vision_transformer.ResPostBlock",
    ],
  ] as const)(
    "a whole pickle is refused with the module and both values: %s",
    async (_, name, changes, problem) => {
      await expect(fitChanged(name, changes)).rejects.toMatchObject({
        code: "bad-weights",
        message: expect.stringContaining(problem) as string,
      });
    },
  );
});

describe("padding by code around a convolution", () => {
  const NETWORK = "hf-mobilenetv2_035-trace";

  it("padding with another fill than zero is refused", async () => {
    const changed = await rewritten(NETWORK, '"constant", 0.', '"constant", 0.5');
    expect(() => fitModel(changed)).toThrow("pad_value is 0.5");
  });

  it("padding in another mode is refused", async () => {
    const changed = await rewritten(NETWORK, '"constant"', '"reflect"');
    expect(() => fitModel(changed)).toThrow("padding_mode is reflect");
  });

  it("padding with other zeros is computed", async () => {
    const changed = await rewritten(NETWORK, "[0, 1, 0, 1]", "[1, 0, 1, 0]");
    const { computed } = fitModel(changed).description.modules!;
    expect(computed[0]).toBe("conv_stem.first_conv.convolution.padding 1,0x1,0 (not 0,1x0,1)");
  });

  it("a trace that states no zeros is not padded as the architecture is", async () => {
    const { tensors, modules, ...rest } = await read(NETWORK);
    const without = new Map(
      [...modules!].map(([path, one]) => [
        path,
        { ...one, settings: new Map([...one.settings].filter(([name]) => name !== "pads")) },
      ]),
    );
    expect(() => fitModel({ tensors, ...rest, modules: without })).toThrow("do not fit together");
  });
});

describe("windows of a trace", () => {
  const SIDES = { "timm-swin_tiny-zip": 7, "timm-swinv2_tiny-zip": 8 };

  /** As TorchScript has a traced network: no settings, but buffers too that state dicts leave out. */
  async function traced(name: keyof typeof SIDES): Promise<Checkpoint> {
    const checkpoint = await read(name);
    const tensors = new Map(checkpoint.tensors);
    const modules = new Map(
      [...checkpoint.modules!].map(([path, module]) => {
        if (!/\.blocks\.\d+(?:\.attn)?$/.test(path)) return [path, module];
        const offsets = 2 * SIDES[name] - 1;
        const table = `${path}.relative_coords_table`;
        const shape = [1, offsets, offsets, 2];
        if (name.includes("v2") && path.endsWith("attn"))
          tensors.set(table, { ...[...tensors.values()][0]!, name: table, shape });
        return [path, { ...module, settings: new Map() }];
      }),
    );
    return { ...checkpoint, tensors, modules };
  }

  it.each(Object.entries(SIDES))("windows of a trace stay at every size: %s", async (name, side) => {
    const checkpoint = await traced(name as keyof typeof SIDES);
    expect(() => fitModel(checkpoint, { size: [32 * side, 32 * side] })).not.toThrow();
    expect(() => fitModel(checkpoint, { size: [96, 96] })).toThrow(
      `has windows of ${side}x${side} patches; at this size they are 6x6 in the architecture`,
    );
  });
});

describe("assumptions about what a file's modules leave open", () => {
  it("the note names a class whose code is not in the file, and hooks", async () => {
    const { assumed } = fitModel(await read("subclass-whole")).description;
    expect(assumed.at(-1)).toMatchObject({ what: "forward", value: "__main__.NoPool" });
    const hooked = await fitChanged("resnet18-zip", { layer4: ["", { "forward hooks": ["__main__.save"] }] });
    expect(hooked.assumed.at(-1)).toMatchObject({ what: "hooks", value: "__main__.save" });
  });

  it("the note says that the file is in training mode", async () => {
    const { modules } = await fitChanged("resnet18-zip", { "": ["", { training: true }] });
    expect(modules!.notes).toEqual(["it was saved in training mode; gradlens computes it as after .eval()"]);
  });

  it("the note names settings that the file does not state", async () => {
    const checkpoint = await read("resnet18-zip");
    const bare = { className: `${NN}.conv.Conv2d`, settings: new Map() };
    const modules = new Map(checkpoint.modules).set("conv1", bare);
    expect(fitModel({ ...checkpoint, modules }).description.modules!.notes).toEqual([
      "not checked, since the file does not state them: conv1.stride, conv1.padding, conv1.dilation, and 1 more",
    ]);
  });

  it("the note says that a state dict has no modules", async () => {
    const { name, tensors, metadata } = await read("resnet18-zip");
    const { assumed, modules } = fitModel({ name, tensors, metadata }).description;
    expect(modules).toBeUndefined();
    expect(assumed.at(-1)).toMatchObject({ what: "modules", value: "resnet18" });
  });
});

describe("modules that change nothing", () => {
  it("transformers' name of GELU and timm 0.6's mean without a module change nothing", async () => {
    const gelu = { "blocks.0.mlp.act": ["transformers.activations.GELUActivation", {}] } as const;
    expect((await fitChanged("vit_tiny-zip", gelu)).modules!.computed).toEqual([]);
    const mean = { "head.global_pool.pool": undefined, "": ["", { global_pool: "avg" }] } as const;
    expect((await fitChanged("timm-swin_tiny-zip", mean)).modules!.computed).toEqual([]);
  });

  it.each([
    [
      "dropouts, losses, what follows the logits",
      {
        drop: [`${NN}.dropout.Dropout`, { p: 0.5 }],
        loss: [`${NN}.loss.CrossEntropyLoss`, {}],
        prob: [`${NN}.activation.Softmax`, { dim: 1 }],
      },
    ],
    ["SyncBatchNorm", { bn1: [`${NN}.batchnorm.SyncBatchNorm`, {}] }],
    [
      "torchvision's pool before 0.3, at its size",
      { avgpool: [`${NN}.pooling.AvgPool2d`, { kernel_size: 7, stride: 1, padding: 0 }] },
    ],
  ] as const)("the module changes nothing: %s", async (_, changes) => {
    expect((await fitChanged("resnet18-zip", changes)).modules!.computed).toEqual([]);
  });

  it("torchvision's old pool at another size than 224 is refused", async () => {
    const old = { avgpool: [`${NN}.pooling.AvgPool2d`, { kernel_size: 7, stride: 1, padding: 0 }] } as const;
    await expect(fitChanged("resnet18-zip", old, { size: [320, 320] })).rejects.toThrow(
      "avgpool.kernel_size",
    );
  });
});

describe("ResNeSt's networks of the same keys", () => {
  it.each(["zip", "trace"])(
    "the file's modules decide that it is resnest50_fast_2s1x64d-%s",
    async (form) => {
      const checkpoint = await read(`resnest50_fast_2s1x64d-${form}`);
      expect(fitModel(checkpoint).description).toMatchObject({
        arch: "resnest50_fast_2s1x64d",
        spelling: "resnest",
      });
      expect(() => fitModel(checkpoint, { arch: "resnest50d", spelling: "resnest" })).toThrow(
        form === "zip"
          ? /avd_first is true; gradlens computes false only/
          : /is made of .* in the architecture of/,
      );
    },
  );
});
