/** @file What is made of the words of training states: files of tools/make_training_states.py, with a network's keys in them. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import { keysOf, unreadTensors, type Keys } from "./key-files.js";

/** The state's words around the keys of a network. */
async function describeState(
  name: string,
  keys: Keys = keysOf("torchvision", "resnet18", 5),
  options: FitOptions = {},
): Promise<ModelDescription> {
  const state = await readCheckpoint(readFileSync(`test/data/training-states/${name}.pt`));
  return fitModel({ ...state, name: "w.pt", tensors: unreadTensors(keys) }, options).description;
}

/** What is used, by setting, and from where. */
const used = ({ said }: ModelDescription): Record<string, string> =>
  Object.fromEntries(said.flatMap(({ what, from, used }) => (used ? [[what, from]] : [])));

const refusal = (name: string, keys?: Keys, options?: FitOptions): Promise<unknown> =>
  describeState(name, keys, options).then(
    () => "it was read",
    (error: Error) => error.message,
  );

const CIFAR = { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] };
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const NAMES = ["cat", "dog", "fish", "bird", "tree"];

describe("a training state's preprocessing", () => {
  const HALF = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  const TIMM = { ...HALF, resize: "pillow-bicubic", cropPct: 0.9 };
  it.each<[string, object]>([
    ["timm", { ...TIMM, size: [96, 96] }],
    ["timm-bce", { ...TIMM, size: [96, 128] }],
    [
      "torchvision-references",
      { ...IMAGENET, size: [224, 224], resize: "pillow-bilinear", cropPct: 0.965517 },
    ],
    ["lightning", { ...IMAGENET, size: [96, 96], resize: "opencv-bilinear", cropPct: undefined }],
    ["lightning-omegaconf", { ...CIFAR, size: [64, 64] }],
    ["dataclass", { ...CIFAR, size: [96, 128] }],
    ["image-folder", { ...CIFAR, resize: "pillow-bicubic" }],
    ["yacs", IMAGENET],
    ["mmpretrain", { ...IMAGENET, bgr: true }],
    ["hugging-face", { mean: [0.5, 0.5, 0.5], size: [96, 96], resize: "pillow-bicubic", cropPct: 0.875 }],
    ["easydict", { ...IMAGENET, size: [96, 96] }],
    // A regression's target is no picture.
    ["regression-target", IMAGENET],
  ])("pictures are prepared as the state says: %s", async (name, expected) => {
    const { preprocessing, assumed, ...description } = await describeState(name);
    const { mean, std, ...others } = expected as ModelDescription["preprocessing"];
    expect(preprocessing).toMatchObject(others);
    mean?.forEach((value, i) => expect(preprocessing.mean[i]).toBeCloseTo(value, 6));
    std?.forEach((value, i) => expect(preprocessing.std[i]).toBeCloseTo(value, 6));
    // Nothing is both said and assumed.
    for (const { what } of assumed)
      expect(used({ ...description } as ModelDescription)).not.toHaveProperty(what);
  });

  it("options win over the state's preprocessing", async () => {
    const { preprocessing, said } = await describeState("timm", undefined, {
      mean: [0.1],
      size: [64, 64],
      cropPct: "off",
    });
    expect(preprocessing).toMatchObject({
      mean: [0.1, 0.1, 0.1],
      std: HALF.std,
      size: [64, 64],
      cropPct: undefined,
    });
    expect(said).toContainEqual({
      what: "mean",
      value: HALF.mean.map(() => 0.5),
      from: "args.mean",
      used: false,
      note: "said otherwise by option or metadata",
    });
  });

  it("the state's preprocessing is not used where it says two things as near to the weights", async () => {
    const { preprocessing, assumed } = await describeState("contradicting");
    expect(preprocessing).toMatchObject({ mean: IMAGENET.mean, std: [0.5, 0.5, 0.5] });
    expect(assumed.find(({ what }) => what === "mean")?.because).toBe(
      "usual for resnet18 (torchvision); the file says args.mean 0.5,0.5,0.5 and cfg.mean 0.4914,0.4822,0.4465, which is not used",
    );
  });

  it("a state's mean of 123.675 is read as 0.485, which is printed", async () => {
    const { said } = await describeState("yacs");
    expect(said.find(({ what }) => what === "mean")).toMatchObject({
      from: "cfg.INPUT.PIXEL_MEAN",
      note: "123.675,116.28,103.53 of samples 0..255",
    });
  });
});

describe("a training state's classes", () => {
  it.each<[string, readonly string[] | undefined]>([
    ["lightning", NAMES],
    ["udacity", ["1", "2", "3", "4", "5"]],
    ["image-folder", [...NAMES].sort()],
    ["hugging-face", NAMES],
    ["easydict", NAMES],
    ["mmpretrain", NAMES],
    ["fastai", NAMES],
    ["timm", undefined],
  ])("classes have the state's names: %s", async (name, labels) =>
    expect((await describeState(name)).labels).toEqual(labels),
  );

  it("the state's names are not used where their number is another", async () => {
    const { labels, said } = await describeState("contradicting");
    expect(labels).toBeUndefined();
    expect(said).toContainEqual(
      expect.objectContaining({ what: "labels", used: false, note: "3 names for 5 classes" }),
    );
  });
});

describe("a training state's loss", () => {
  it.each([
    ["timm-bce", "sigmoid", "args.bce_loss"],
    ["lightning", "sigmoid", "hyper_parameters.criterion"],
    ["lightning-omegaconf", "sigmoid", "hyper_parameters.model.loss"],
    ["lightning-hydra", "softmax", "hyper_parameters.loss._target_"],
    ["image-folder", "softmax", "criterion"],
    ["hugging-face", "sigmoid", "config.problem_type"],
    ["mmpretrain", "softmax", "meta.cfg.loss.type"],
    ["fastai", "softmax", "loss_func"],
    ["timm", "softmax", undefined],
  ])("scores are what the loss trains: %s: %s", async (name, activation, from) => {
    const description = await describeState(name);
    expect(description.activation).toBe(activation);
    expect(used(description)["activation"]).toBe(from);
  });

  it("scores are what the loss trains for a fork of CheXNet too", async () => {
    const description = await describeState("chexnet-fork", keysOf("torchvision", "densenet121", 14));
    expect(description.activation).toBe("sigmoid");
    expect(used(description)).toEqual({ arch: "args.backbone", activation: "args.loss" });
  });
});

describe("a training state's network", () => {
  it.each([
    "imagenet-example",
    "timm",
    "lightning",
    "lightning-hydra",
    "dataclass",
    "udacity",
    "mmpretrain",
    "hugging-face",
  ])("the state's own name of its network is the detected one: %s", async (name) =>
    expect(used(await describeState(name))).toHaveProperty("arch"),
  );

  it("the state's name decides between a ViT and a DeiT of the same keys, and a free name does not", async () => {
    const keys = keysOf("timm", "vit_small_patch16_224", 1000);
    expect((await describeState("dino", keys)).assumed.map(({ what }) => what)).not.toContain("arch");
    const { said, arch } = await describeState("free-form");
    expect(arch).toBe("resnet18");
    expect(said.map(({ from, note }) => [from, note])).toEqual(
      ["model_name", "args.model", "args.net"].map((from) => [from, "names no network that is known"]),
    );
  });

  it("a state that names another network with the same keys is refused, also with --arch", async () => {
    for (const options of [{}, { arch: "resnet18" }] as const)
      expect(await refusal("places365", undefined, options)).toMatch(
        /^w\.pt: its arch says wideresnet18, which gradlens does not compute, though its keys are resnet18's; use a checkpoint/,
      );
  });

  it("a state that names a network of other tensors is refused, unless --arch says whose they are", async () => {
    expect(await refusal("moco")).toMatch(
      /^w\.pt: its arch says resnet50, but its tensors are resnet18's; if arch is not/,
    );
    const { said } = await describeState("moco", undefined, { arch: "resnet18" });
    expect(said[0]).toMatchObject({ value: "resnet50", used: false, note: "its tensors are resnet18's" });
  });

  it("a state whose settings change the network is refused", async () => {
    expect(await refusal("timm-max")).toMatch(
      /its args\.gp is max, and resnet18 is computed with average pooling/,
    );
    expect(await refusal("timm-stride")).toMatch(
      /its args\.model_kwargs\.output_stride is 8, and resnet18 is computed with/,
    );
  });
});
