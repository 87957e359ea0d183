/** @file Known networks under names that people give them: taken apart, put into Sequentials, of other libraries. */

import { describe, expect, it } from "vitest";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import type { Shape } from "../../src/graph/shape.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import { readModuleList } from "./module-list.js";

type Keys = ReadonlyMap<string, Shape>;

const keysOf = (arch: string): Keys => new Map(readModuleList("torchvision", arch).keys);

/** `children[i]` is what child `i` of the Sequential was called; keys of other modules are left out. */
const childrenOf = (keys: Keys, children: readonly string[], prefix = ""): Map<string, Shape> =>
  new Map(
    [...keys].flatMap(([key, shape]): [string, Shape][] => {
      const at = children.findIndex((child) => key.startsWith(`${child}.`));
      return at < 0 ? [] : [[`${prefix}${at}${key.slice(children[at]!.length)}`, shape]];
    }),
  );

function fit(keys: Keys, options: FitOptions = {}): FittedModel {
  const never = () => Promise.reject(new Error("a tensor was read"));
  const tensors = [...keys].map(([name, shape]): [string, CheckpointTensor] => [
    name,
    { name, dtype: "F32", shape, byteLength: 0, bytes: never, floats: never },
  ]);
  return fitModel({ name: "w.pth", tensors: new Map(tensors), metadata: new Map() }, options);
}

/** The file's key of each of the model's. */
const sources = ({ tensors }: FittedModel): Record<string, string> =>
  Object.fromEntries([...tensors].map(([key, { name }]) => [key, name]));

const RESNET = [
  "conv1",
  "bn1",
  "relu",
  "maxpool",
  "layer1",
  "layer2",
  "layer3",
  "layer4",
  "avgpool",
  "-",
  "fc",
];
const FEATURES = [
  ...["conv0", "norm0", "relu0", "pool0", "denseblock1", "transition1", "denseblock2", "transition2"],
  ...["denseblock3", "transition3", "denseblock4", "norm5"],
].map((child) => `features.${child}`);

describe("Sequential(*model.children())", () => {
  it.each(["", "model.", "module.features."])(
    "Sequential of resnet18's children is read, below %j",
    (prefix) => {
      const fitted = fit(childrenOf(keysOf("resnet18"), RESNET, prefix));
      expect(fitted.description).toMatchObject({ arch: "resnet18", spelling: "sequential", classes: 10 });
      expect(sources(fitted)).toMatchObject({
        "conv1.weight": `${prefix}0.weight`,
        "bn1.running_var": `${prefix}1.running_var`,
        "layer4.1.conv2.weight": `${prefix}7.1.conv2.weight`,
        "fc.weight": `${prefix}10.weight`,
      });
    },
  );

  it("Sequential of resnet50's children without its head, which is beside it, is read", () => {
    const keys = childrenOf(keysOf("resnet50"), RESNET.slice(0, 9), "features.");
    keys.set("classifier.weight", [7, 2048]).set("classifier.bias", [7]);
    const fitted = fit(keys);
    expect(fitted.description).toMatchObject({ arch: "resnet50", classes: 7 });
    expect(sources(fitted)["fc.bias"]).toBe("classifier.bias");
  });

  it("Sequential of densenet121's children, and of its features, is read", () => {
    const keys = childrenOf(keysOf("densenet121"), ["features", "classifier"]);
    expect(sources(fit(keys))).toMatchObject({
      "features.conv0.weight": "0.conv0.weight",
      "classifier.weight": "1.weight",
    });
    const features = childrenOf(keysOf("densenet121"), FEATURES, "body.");
    features.set("head.1.weight", [14, 1024]).set("head.1.bias", [14]);
    expect(sources(fit(features))).toMatchObject({
      "features.conv0.weight": "body.0.weight",
      "features.norm5.running_mean": "body.11.running_mean",
      "classifier.bias": "head.1.bias",
    });
  });

  it("Sequential of mnasnet0_5's children is read", () => {
    const fitted = fit(childrenOf(keysOf("mnasnet0_5"), ["layers", "-", "-", "classifier"]));
    expect(sources(fitted)["classifier.1.weight"]).toBe("3.1.weight");
  });

  it.each([
    ["features", "avgpool", "classifier"],
    ["features", "avgpool", "-", "classifier"],
  ])("Sequential of vgg11_bn's children is read as %s, %s, %s", (...children) => {
    const fitted = fit(childrenOf(keysOf("vgg11_bn"), children));
    expect(sources(fitted)["classifier.3.weight"]).toBe(`${children.length - 1}.3.weight`);
  });

  it("fastai's network is read: a body, and a head of one Linear", () => {
    const keys = childrenOf(keysOf("resnet34"), RESNET.slice(0, 8), "0.");
    keys.set("1.2.weight", [5, 512]).set("1.2.bias", [5]);
    expect(sources(fit(keys))).toMatchObject({ "conv1.weight": "0.0.weight", "fc.weight": "1.2.weight" });
    // A PReLU, or a norm without bias.
    keys.set("1.1.weight", [512]);
    expect(() => fit(keys)).toThrow(/1 tensor that \w+ lacks \("1.1.weight" \[512\]/);
  });
});

it("a ResNet with layer0 before the stages is read", () => {
  const keys = new Map(
    [...keysOf("resnet18")].map(([key, shape]) => [
      key.replace(/^conv1\./, "layer0.0.").replace(/^bn1\./, "layer0.1."),
      shape,
    ]),
  );
  expect(sources(fit(keys))).toMatchObject({ "conv1.weight": "layer0.0.weight" });
});

it("MONAI's DenseNet is read", () => {
  const keys = new Map(
    [...keysOf("densenet169")].map(([key, shape]) => [
      key.replace(/(denselayer\d+)\./, "$1.layers.").replace(/^classifier\./, "class_layers.out."),
      shape,
    ]),
  );
  expect(fit(keys).description).toMatchObject({ arch: "densenet169", spelling: "monai", classes: 10 });
});

it("a VGG before torchvision 0.1.8, whose head begins with a Dropout, is read", () => {
  const at = (key: string): string =>
    key.replace(/^classifier\.([03])\./, (_, i) => `classifier.${Number(i) + 1}.`);
  const keys = new Map([...keysOf("vgg16")].map(([key, shape]) => [at(key), shape]));
  expect(sources(fit(keys))).toMatchObject({
    "classifier.0.weight": "classifier.1.weight",
    "classifier.3.bias": "classifier.4.bias",
    "classifier.6.weight": "classifier.6.weight",
  });
});

describe("parameters that an architecture lacks or may lack", () => {
  it.each(["resnet18", "densenet121", "mnasnet0_5"])("%s with biases in its convolutions is read", (arch) => {
    const keys = new Map(keysOf(arch));
    const convolutions = [...keys].filter(
      ([key, shape]) => shape.length === 4 && !key.includes("downsample"),
    );
    for (const [key, [out]] of convolutions) keys.set(key.replace(/weight$/, "bias"), [out!]);
    for (const options of [{}, { arch } as FitOptions]) {
      expect(fit(keys, options).tensors.size).toBe(fit(keysOf(arch)).tensors.size + convolutions.length);
    }
  });

  it("MONAI's ResNet, whose shortcuts have a bias and whose first stride no state dict holds, is refused", () => {
    const keys = new Map(keysOf("resnet18"));
    keys.set("layer2.0.downsample.0.bias", [128]);
    expect(() => fit(keys)).toThrow(/layer2\.0\.downsample\.0\.bias/);
    expect(() => fit(keys, { arch: "resnet18" })).toThrow(/layer2\.0\.downsample\.0\.bias/);
  });

  it.each(["resnet18", "vgg11", "mnasnet0_5", "vit_b_16", "swin_t"])(
    "%s with a head without bias is read",
    (arch) => {
      const names: Record<string, string> = {
        vit_b_16: "vit_base_patch16_224",
        swin_t: "swin_tiny_patch4_window7_224",
      };
      const keys = new Map(keysOf(names[arch] ?? arch));
      const head = [...keys.keys()].at(-1)!;
      expect(head).toMatch(/bias$/);
      keys.delete(head);
      const { tensors, description } = fit(keys);
      expect(tensors.size).toBe(fit(keysOf(names[arch] ?? arch)).tensors.size - 1);
      expect(description.classes).toBe(10);
    },
  );
});

describe("what is another network", () => {
  it("a deeper network is not read as a shallower one", () => {
    expect(() => fit(keysOf("resnet34"), { arch: "resnet18" })).toThrow(
      /tensors that \w+ lacks .*resnet34's: try --arch resnet34/,
    );
  });

  it("two backbones that a Linear joins are refused", () => {
    const body = [...keysOf("resnet18")].filter(([key]) => !key.startsWith("fc."));
    const keys = new Map(
      ["a.", "b."].flatMap((p) => body.map(([key, shape]) => [`${p}${key}`, shape] as const)),
    );
    keys.set("fc.weight", [5, 1024]).set("fc.bias", [5]);
    expect(() => fit(keys)).toThrow(/None of its matrices is the one Linear .*"fc.weight" \[5, 1024\]/);
    keys.set("fc.weight", [5, 512]);
    expect(() => fit(keys)).toThrow(/tensors that \w+ lacks \("b.conv1.weight"/);
  });
});
