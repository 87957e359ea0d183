/** @file What a checkpoint is taken for, what that assumes, and what is refused: from key lists of PyTorch's models, no tensor read. */

import { describe, expect, it, test } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import { preprocess } from "../../src/image/preprocess.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import { findArch } from "../../src/models/registry.js";
import { findTap } from "../../src/models/taps.js";
import { fit, keysOf } from "./key-files.js";

/** torchxrayvision's DenseNet121: torchvision's keys, one channel, 18 labels, and its thresholds. */
function xray(): Map<string, Shape> {
  const keys = keysOf("torchvision", "densenet121");
  keys.set("features.conv0.weight", [64, 1, 7, 7]);
  keys.set("classifier.weight", [18, 1024]).set("classifier.bias", [18]);
  return keys.set("op_threshs", [18]);
}

const assumed = ({ description }: FittedModel): [string, unknown][] =>
  description.assumed.map(({ what, value }) => [what, value]);

describe("preprocessing", () => {
  it("statistics for samples 0..255 are converted to 0..1, which is reported", () => {
    const given = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };
    const { description } = fit(keysOf("torchvision", "resnet18"), given);
    expect(description.preprocessing).toMatchObject({
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    });
    expect(description.assumed).toContainEqual({
      what: "mean",
      value: [0.485, 0.456, 0.406],
      because: "123.675,116.28,103.53 is of samples 0..255, and is divided by 255",
    });
    expect(() => fit(keysOf("torchvision", "resnet18"), { ...given, std: [0.229, 0.224, 0.225] })).toThrow(
      /one is of samples 0\.\.255, the other of samples 0\.\.1/,
    );
  });

  it("the requested resize is used, else OpenCV's straight to the size", () => {
    const keys = keysOf("torchvision", "densenet121");
    expect(fit(keys).description.preprocessing).toMatchObject({
      resize: "opencv-bilinear",
      cropPct: undefined,
    });
    const asked = { resize: "pillow-bicubic", cropPct: 0.9 } as const;
    expect(fit(keys, asked).description.preprocessing).toMatchObject(asked);
    expect(() => fit(keys, { cropPct: 90 })).toThrow("cropPct 90: give");
    expect(() => fit(keys, { resize: "area" as "pillow-bicubic" })).toThrow('resize "area" is not one of');
  });
});

it.each([
  [{ size: 96 }, "size 96: [height, width] is needed"],
  [{ size: [96] }, "size [96]: [height, width] is needed"],
  [{ mean: 0.5 }, "mean 0.5: a list of numbers is needed"],
  [{ std: [0.5, "0.5", 0.5] }, 'std [0.5,"0.5",0.5]: a list of numbers is needed'],
])("a file's preprocessing is refused: %o", (options, message) => {
  const keys = keysOf("torchvision", "densenet121");
  expect(() => fit(keys, options as never)).toThrow(message);
});

describe("assumptions about what keys leave open", () => {
  it("a choice between ViT and DeiT is assumed and printed", () => {
    const { description } = fit(keysOf("timm", "deit_base_patch16_224"));
    expect(description.assumed[0]).toEqual({
      what: "arch",
      value: "vit_base_patch16_224",
      because: "the keys of deit_base_patch16_224 are the same",
    });
    const said = fit(keysOf("timm", "deit_base_patch16_224"), { arch: "deit_base_patch16_224" });
    expect(assumed(said).map(([what]) => what)).not.toContain("arch");
    expect(said.description.preprocessing.mean).toEqual([0.485, 0.456, 0.406]);
  });

  it("a choice between torchvision's and timm's DenseNet, whose last norms differ, is assumed and printed", () => {
    const keys = keysOf("torchvision", "densenet121");
    expect(fit(keys).description.assumed[0]).toEqual({
      what: "spelling",
      value: "torchvision",
      because: "the keys fit timm (features.norm5 contains its ReLU) too",
    });
    for (const options of [{ spelling: "timm" }, { spelling: "torchvision", arch: "densenet121" }] as const)
      expect(assumed(fit(keys, options)).map(([what]) => what)).not.toContain("spelling");
  });

  it("no choice between torchvision's and timm's ResNet, which compute the same, is printed", () => {
    const what = assumed(fit(keysOf("timm", "resnet34"))).map(([one]) => one);
    expect(what).toEqual(["size", "mean", "std", "activation", "modules"]);
  });
});

test("efficientnet_pytorch's padding is assumed at other sizes than the architecture's", () => {
  const keys = keysOf("efficientnet_pytorch", "efficientnet_lite0");
  expect(assumed(fit(keys)).map(([what]) => what)).not.toContain("padding");
  expect(assumed(fit(keys, { size: [240, 224] }))).toContainEqual(["padding", "of 224x224 pixels"]);
});

describe("an EfficientNet's pictures are those of the implementation whose names it has", () => {
  const preprocessing = (spelling: string, arch: string): unknown =>
    fit(keysOf(spelling, arch), { arch: arch as never }).description.preprocessing;

  it.each([
    ["torchvision", "efficientnet_b2", 288, 0.485],
    ["timm", "efficientnet_b3", 320, 0.485],
    ["efficientnet_pytorch", "efficientnet_b2", 260, 0.485],
    ["efficientnet_pytorch", "efficientnet_lite3", 280, 127 / 255],
    ["timm", "tf_efficientnet_lite3", 300, 0.5],
  ])("%s's %s", (spelling, arch, side, mean) => {
    expect(preprocessing(spelling, arch)).toMatchObject({
      size: [side, side],
      mean: mean === 0.485 ? [0.485, 0.456, 0.406] : [mean, mean, mean],
    });
  });
});

describe("a relative of ResNet", () => {
  it.each([
    ["timm", "resnet50d", "timm", 288],
    ["timm", "resnet26t", "timm", 320],
    ["timm", "seresnext50_32x4d", "timm", 288],
    ["timm", "senet154", "timm", 224],
    ["pretrainedmodels", "se_resnet50", "pretrainedmodels", 224],
    ["timm", "legacy_seresnet18", "timm", 224],
    ["timm", "resnest101e", "timm", 256],
    ["resnest", "resnest50_fast_4s2x40d", "resnest", 224],
  ])("the relative of ResNet is known from its keys: %s's %s", (spelling, arch, read, side) =>
    expect(fit(keysOf(spelling, arch)).description).toMatchObject({
      ...{ arch, spelling: read, defaultLayer: "layer4[-1]" },
      preprocessing: { size: [side, side], mean: [0.485, 0.456, 0.406] },
    }),
  );

  it("a relative of ResNet is known by timm's name too", () => {
    expect(findArch("legacy_seresnext50_32x4d").arch).toBe("se_resnext50_32x4d");
    expect(findArch("resnest50d_1s4x24d").arch).toBe("resnest50_fast_1s4x24d");
  });

  it("a relative of ResNet is refused where another one has its keys, unless a name decides", () => {
    const keys = keysOf("resnest", "resnest50d");
    expect(() => fit(keys)).toThrow(
      /may be resnest50d or resnest50_fast_2s1x64d \(with its pooling before the split attention\): .*--arch$/,
    );
    for (const [word, arch] of [
      ["resnest50", "resnest50d"],
      ["timm/resnest50d.in1k", "resnest50d"],
      ["resnest50_fast_2s1x64d", "resnest50_fast_2s1x64d"],
    ] as const) {
      expect(fit(keys, {}, {}, { arch: word }).description.arch).toBe(arch);
      expect(fit(keys, { arch }).description.arch).toBe(arch);
    }
  });

  it("a ResNet whose file has another eps of its norms than PyTorch's is refused", () =>
    expect(() => fit(keysOf("timm", "resnet50d"), {}, {}, { bn_eps: 1e-3 })).toThrow(
      "resnet50d is computed with an eps of 1e-5",
    ));
});

describe("a RegNet", () => {
  it.each([
    ["torchvision", "regnet_y_3_2gf", 224, "trunk_output[-1]"],
    ["timm", "regnet_y_3_2gf", 288, "s4"],
    ["timm", "regnetx_002", 224, "s4"],
    ["timm", "regnety_002", 224, "s4"],
  ])("the RegNet is known from its keys: %s's %s", (spelling, arch, side, defaultLayer) =>
    expect(fit(keysOf(spelling, arch)).description).toMatchObject({
      ...{ arch, spelling, defaultLayer, assumed: expect.not.arrayContaining([{ what: "arch" }]) as unknown },
      preprocessing: { size: [side, side], mean: [0.485, 0.456, 0.406] },
    }),
  );

  it("a RegNet is known by timm's name too, and layers may have hyphens in their names", () => {
    expect(findArch("regnety_008_tv").arch).toBe("regnet_y_800mf");
    const { template } = fit(keysOf("torchvision", "regnet_y_400mf"));
    const options = { otherNames: template.otherNames };
    for (const path of ["trunk_output.block2.block2-1", "model.trunk_output[1][-2]", "s2.b2"])
      expect(findTap(template.modules, path, options).path).toBe("trunk_output.block2.block2-1");
  });
});

describe("a ConvNeXt", () => {
  const keys = keysOf("timm", "convnext_tiny");

  it.each([
    ["torchvision", "convnext_base", 224, "features[-1]"],
    ["timm", "convnext_base", 288, "stages[-1]"],
    ["timm", "convnextv2_pico", 288, "stages[-1]"],
  ])("the ConvNeXt is known from its keys: %s's %s", (spelling, arch, side, defaultLayer) =>
    expect(fit(keysOf(spelling, arch)).description).toMatchObject({
      ...{ arch, spelling, defaultLayer, assumed: expect.not.arrayContaining([{ what: "arch" }]) as unknown },
      preprocessing: { size: [side, side], mean: [0.485, 0.456, 0.406] },
    }),
  );

  it("a ConvNeXt of one version is not read as the other", () => {
    expect(() => fit(keys, { arch: "convnextv2_tiny" })).toThrow(/does not fit convnextv2_tiny/);
    expect(() => fit(keys, {}, {}, { arch: "convnextv2_tiny" })).toThrow(
      /says convnextv2_tiny, but its tensors are convnext_tiny's/,
    );
  });

  it.each([
    [{ norm_eps: 1e-5 }, "an eps of 1e-6"],
    [{ act_layer: "gelu_tanh" }, "GELU"],
    [{ norm_layer: "rmsnorm2d" }, "LayerNorm"],
    [{ output_stride: 16 }, "an output stride of 32"],
  ])("a ConvNeXt whose file says %o is refused", (said, computed) =>
    expect(() => fit(keys, {}, {}, said)).toThrow(`convnext_tiny is computed with ${computed}`),
  );

  it("a ConvNeXt whose file says what is computed is read", () =>
    expect(() =>
      fit(keys, {}, {}, { norm_eps: 1e-6, act_layer: "gelu", norm_layer: "layernorm2d", bn_eps: 1e-3 }),
    ).not.toThrow());
});

describe("a SigLIP", () => {
  const keys = keysOf("timm", "vit_large_patch16_siglip_384");

  it.each([
    [{ act_layer: "gelu_tanh" }, "is computed with GELU"],
    [{ global_pool: "avg" }, "is computed with attention pooling"],
    [{ model: "vit_large_patch16_siglip_512" }, "but its tensors are vit_large_patch16_siglip_384's"],
  ])("a SigLIP whose file says %o is refused", (said, words) =>
    expect(() => fit(keys, {}, {}, said)).toThrow(words),
  );

  it.each([{ global_pool: "map", act_layer: "gelu" }, { hidden_act: "gelu_pytorch_tanh" }])(
    "a SigLIP whose file says %o is read",
    (said) => expect(fit(keys, {}, {}, said).description.arch).toBe("vit_large_patch16_siglip_384"),
  );

  it("a SigLIP of another size and activation is read as --arch says", () =>
    expect(fit(keys, { arch: "vit_large_patch16_siglip_512" }).description.preprocessing.size).toEqual([
      384, 384,
    ]));
});

test("a ViT's pictures are normalised as the implementation whose names it has does", () => {
  const statistics = (spelling: string): unknown =>
    fit(keysOf(spelling, "vit_base_patch16_224")).description.preprocessing;
  expect(statistics("timm")).toMatchObject({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
  expect(statistics("torchvision")).toMatchObject({
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  });
});

describe("torchxrayvision's DenseNet121", () => {
  it("torchxrayvision's DenseNet121 is known by its one channel and 18 labels, with or without its thresholds", () => {
    const keys = xray();
    for (const metadata of [{}, { arch: "densenet121" }]) {
      const { description } = fit(keys, {}, metadata);
      expect(description).toMatchObject({ arch: "densenet121", spelling: "torchxrayvision", channels: 1 });
      expect(description.labels?.slice(-2)).toEqual(["Lung Opacity", "Enlarged Cardiomediastinum"]);
      keys.delete("op_threshs");
    }
  });

  it("torchxrayvision's DenseNet121 gets pixels of -1024 to 1024, as xrv.datasets.normalize(picture, 255) makes them", () => {
    const { mean, std } = fit(xray()).description.preprocessing;
    const data = Uint8Array.of(0, 51, 255);
    const how = { size: { height: 1, width: 3 }, channels: 1, mean, std, bgr: false } as const;
    const { data: got } = preprocess({ data, width: 3, height: 1, channels: 1 }, how);
    [...data].forEach((p, i) => expect(got[i]).toBeCloseTo((2 * (p / 255) - 1) * 1024, 3));
  });

  it("torchxrayvision's untrained labels are marked, where its list leaves them empty", () => {
    const labels = [...Array.from({ length: 17 }, (_, i) => `finding ${i}`), ""];
    expect(fit(xray(), { labels }).description.labels?.at(-1)).toBe("17 (not trained)");
  });

  it("torchxrayvision's DenseNet121 is not another DenseNet of one channel, nor one of three", () => {
    const other = keysOf("torchvision", "densenet169").set("features.conv0.weight", [64, 1, 7, 7]);
    expect(fit(other).description.spelling).toBe("torchvision");
    expect(fit(xray().set("features.conv0.weight", [64, 3, 7, 7])).description.spelling).toBe("torchvision");
    expect(fit(xray(), { spelling: "torchvision" }).description.spelling).toBe("torchvision");
  });
});

test("torchxrayvision's ResNet50 is known by the same, at 512x512", () => {
  const keys = new Map([...keysOf("torchvision", "resnet50")].map(([key, shape]) => [`model.${key}`, shape]));
  keys.set("model.conv1.weight", [64, 1, 7, 7]).set("op_threshs", [18]);
  keys.set("model.fc.weight", [18, 2048]).set("model.fc.bias", [18]);
  const { description } = fit(keys);
  expect(description).toMatchObject({ arch: "resnet50", spelling: "torchxrayvision", activation: "sigmoid" });
  expect(description.preprocessing).toMatchObject({ size: [512, 512], mean: [0.5], std: [1 / 2048] });
  expect(description.labels?.at(-1)).toBe("Enlarged Cardiomediastinum");
});

describe("timm's densenetblur", () => {
  const refusal = /a DenseNet with a stem of three convolutions and blurred pooling \(densenetblur121d\)/;

  it("timm's densenetblur is refused by name", () =>
    expect(() => findArch("densenetblur121d")).toThrow(refusal));

  it.each([{}, { arch: "densenet121" } as const])(
    "timm's densenetblur is refused by its keys with %j",
    (options) => {
      // Its state dict differs from densenet121's in the stem (timm/models/densenet.py, stem_type "deep").
      const keys = keysOf("timm", "densenet121");
      keys.set("features.conv0.weight", [32, 3, 3, 3]).set("features.conv1.weight", [32, 32, 3, 3]);
      keys.set("features.conv2.weight", [64, 32, 3, 3]);
      expect(() => fit(keys, options)).toThrow(refusal);
    },
  );
});

test("the refusal of an architecture that is not the file's says whose keys they are", () => {
  expect(() => fit(keysOf("timm", "resnet50"), { arch: "densenet121" })).toThrow(
    /These keys are resnet50's: try --arch resnet50/,
  );
});

describe("an unsupported network", () => {
  const message = (keys: ReadonlyMap<string, Shape>): string => {
    try {
      fit(keys);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("it was read");
  };

  it("an unsupported network is refused with the nearest architecture and the differences", () => {
    const prompted = keysOf("timm", "vit_base_patch16_224").set("prompt_token", [1, 4, 768]);
    expect(message(prompted)).toMatch(
      /fit none of the \d+ architectures that gradlens models lists: the nearest is vit_base_patch16_224 \(timm\): 152 of its 152 parameters fit, but prompt_token does not belong to it; --arch vit_base_patch16_224 lists/,
    );
    const shallow = keysOf("torchvision", "resnet34");
    for (const key of [...shallow.keys()]) if (key.startsWith("layer3.5.")) shallow.delete(key);
    expect(message(shallow)).toMatch(
      /nearest is resnet34 \(torchvision\): \d+ of its \d+ parameters fit, but the file lacks layer3\.5\.conv1\.weight;/,
    );
  });

  it("an unsupported network without a near architecture is refused in few words", () => {
    const keys = new Map([
      ["stem.0.weight", [96, 3, 4, 4]],
      ["features.0.weight", [64, 3, 11, 11]],
    ]);
    expect(message(keys)).toMatch(
      /models lists: name it with --arch if it is one of them under other names$/,
    );
    expect(message(keys).length).toBeLessThan(250);
  });
});

describe("a SqueezeNet", () => {
  /** With other tensors in the place of its last convolution. */
  const withHead = (head: Readonly<Record<string, Shape>>): Map<string, Shape> =>
    new Map([
      ...[...keysOf("torchvision", "squeezenet1_1")].filter(([key]) => !key.startsWith("classifier.")),
      ...Object.entries(head),
    ]);

  it("a SqueezeNet is read where its last convolution has another name, as pretrainedmodels has it", () => {
    const { description } = fit(withHead({ "last_conv.weight": [7, 512, 1, 1], "last_conv.bias": [7] }));
    expect(description).toMatchObject({ arch: "squeezenet1_1", classes: 7 });
  });

  it.each([
    ["a Linear", { "classifier.weight": [7, 512], "classifier.bias": [7] }],
    [
      "several Linears",
      {
        ...{ "classifier.2.weight": [64, 512], "classifier.2.bias": [64] },
        ...{ "classifier.4.weight": [7, 64], "classifier.4.bias": [7] },
      },
    ],
  ])("a SqueezeNet is refused with %s in the place of that convolution", (_, head) => {
    expect(() => fit(withHead(head))).toThrow(/^w\.pth does not fit squeezenet1_1: /);
  });
});

describe("torchvision's transform_input", () => {
  const inception = keysOf("torchvision", "inception_v3");
  const setting = ({ description }: FittedModel): [value: unknown, said: unknown, assumed: unknown] => [
    description.transformInput,
    description.said.filter(({ what }) => what === "transform-input").map(({ from, used }) => [from, used]),
    description.assumed.find(({ what }) => what === "transform-input")?.value,
  ];

  it("transform_input is assumed of a state dict, and no longer where it is given or stated", () => {
    expect(setting(fit(inception))).toEqual([true, [], true]);
    expect(setting(fit(keysOf("torchvision", "googlenet")))).toEqual([true, [], true]);
    expect(setting(fit(inception, { transformInput: false }))).toEqual([false, [], undefined]);
    expect(setting(fit(inception, {}, { transform_input: "false" }))).toEqual([false, [], undefined]);
    const said = { "args.transform_input": false };
    expect(setting(fit(inception, {}, {}, said))).toEqual([
      false,
      [["args.transform_input", true]],
      undefined,
    ]);
    expect(setting(fit(inception, { transformInput: true }, {}, said))).toEqual([
      true,
      [["args.transform_input", false]],
      undefined,
    ]);
  });

  it("transform_input changes what the network computes", () => {
    const ops = (transformInput: boolean): number =>
      fit(inception, { transformInput }).template.graph.nodes.filter(({ path }) => path === "").length;
    expect(ops(true)).toBeGreaterThan(ops(false));
  });

  it("transform_input does not apply to other implementations, nor to grey pictures", () => {
    const timm = { spelling: "timm" } as const;
    expect(setting(fit(inception, timm))).toEqual([undefined, [], undefined]);
    expect(() => fit(inception, { ...timm, transformInput: true })).toThrow(
      "transform input true: inception_v3 (timm) has no such setting; leave the option out",
    );
    const grey = new Map(inception).set("Conv2d_1a_3x3.conv.weight", [32, 1, 3, 3]);
    expect(setting(fit(grey))).toEqual([false, [], undefined]);
    expect(() => fit(grey, { transformInput: true })).toThrow("the network reads grey pictures");
  });
});

describe("Inception v3 and Xception", () => {
  it("Inception v3 and Xception of pretrainedmodels are known by their head, and normalised as it does", () => {
    for (const arch of ["inception_v3", "xception"]) {
      const { description } = fit(keysOf("pretrainedmodels", arch));
      expect(description).toMatchObject({ arch, spelling: "pretrainedmodels", transformInput: undefined });
      expect(description.preprocessing).toMatchObject({ size: [299, 299], mean: [0.5, 0.5, 0.5] });
      expect(description.assumed.map(({ what }) => what)).not.toContain("spelling");
    }
    expect(fit(keysOf("pretrainedmodels", "xception")).description.defaultLayer).toBe("bn4");
  });

  it("Inception v3 and Xception may be timm's, which is printed", () => {
    const { assumed: open } = fit(keysOf("timm", "inception_v3")).description;
    expect(open.find(({ what }) => what === "spelling")).toEqual({
      what: "spelling",
      value: "torchvision",
      because: "the keys fit timm (its norms contain their ReLUs) too",
    });
  });

  it("Inception v3 and Xception have timm's names", () => {
    expect(findArch("tf_inception_v3").arch).toBe("inception_v3");
    expect(findArch("legacy_xception").arch).toBe("xception");
  });

  const AUXILIARY = "an auxiliary classifier, which runs in training alone";
  const auxiliary = (keys: ReadonlyMap<string, Shape>): string[] => {
    const { unused } = fit(keys).description.report;
    return unused.flatMap(({ key, because }) => (because === AUXILIARY ? [key] : []));
  };
  const wrapped = (keys: ReadonlyMap<string, Shape>): Map<string, Shape> =>
    new Map([...keys].map(([key, shape]) => [`net.${key}`, shape]));

  it("auxiliary classifiers of Inception v3 are reported and not used", () => {
    const inception = keysOf("torchvision", "inception_v3");
    inception
      .set("AuxLogits.conv0.conv.weight", [128, 768, 1, 1])
      .set("AuxLogits.conv1.bn.running_var", [768]);
    expect(auxiliary(inception)).toEqual(["AuxLogits.conv0.conv.weight", "AuxLogits.conv1.bn.running_var"]);
    const googlenet = keysOf("torchvision", "googlenet");
    googlenet.set("aux1.conv.conv.weight", [128, 512, 1, 1]).set("aux2.fc2.bias", [10]);
    expect(auxiliary(wrapped(googlenet))).toEqual(["net.aux1.conv.conv.weight", "net.aux2.fc2.bias"]);
  });

  it("auxiliary classifiers of Inception v3 stand beside a head of several layers too", () => {
    const keys = keysOf("torchvision", "inception_v3").set("AuxLogits.fc.bias", [10]);
    for (const name of ["weight", "bias"]) keys.delete(`fc.${name}`);
    keys
      .set("fc.0.weight", [24, 2048])
      .set("fc.0.bias", [24])
      .set("fc.2.weight", [5, 24])
      .set("fc.2.bias", [5]);
    expect(fit(keys).description.classes).toBe(5);
  });

  it.each([
    ["inception_v3", "AuxLogits.decoder.weight"],
    ["inception_v3", "AuxLogits.conv.conv.weight"],
    ["inception_v3", "aux1.conv.conv.weight"],
    ["inception_v3", "branch.AuxLogits.fc.weight"],
    ["googlenet", "AuxLogits.fc.weight"],
    ["googlenet", "aux1.fc.weight"],
    ["googlenet", "aux3.fc1.weight"],
    ["resnet18", "aux1.fc1.weight"],
    ["densenet121", "AuxLogits.fc.bias"],
  ])("an unknown key of an auxiliary classifier is refused: %s has no %s", (arch, key) => {
    expect(() => fit(keysOf("torchvision", arch).set(key, [3, 3]))).toThrow(key);
  });
});
