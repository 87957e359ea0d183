/** @file Key matching on the state dicts that PyTorch gives real models, spelled and wrapped as people have them. */

import { describe, expect, it } from "vitest";
import { ANY, matchKeys } from "../../src/checkpoint/match-keys.js";
import { requireComplete } from "../../src/checkpoint/require-complete.js";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import { GradlensError } from "../../src/errors.js";
import { DENSENETS } from "../../src/models/densenet.js";
import { goldenKeys } from "../reference/golden.js";

type Shapes = Record<string, readonly number[]>;

const RULES = DENSENETS.densenet121.keyRules;
const DENSENET: Shapes = goldenKeys("densenet121");
const buffer = /num_batches_tracked$/;
const parametersOf = (keys: Shapes) => new Map(Object.entries(keys).filter(([key]) => !buffer.test(key)));
const expected = parametersOf(DENSENET);

/** A checkpoint of these keys; nothing is read from it. */
function checkpoint(keys: Shapes) {
  const never = () => Promise.reject(new Error("key matching reads no values"));
  const tensors = Object.entries(keys).map(([name, shape]): [string, CheckpointTensor] => [
    name,
    { name, dtype: "F32", shape, byteLength: 0, bytes: never, floats: never },
  ]);
  return { tensors: new Map(tensors) };
}

const spelled = (keys: Shapes, respell: (key: string) => string): Shapes =>
  Object.fromEntries(Object.entries(keys).map(([key, shape]) => [respell(key), shape]));

const match = (keys: Shapes, prefix?: string) =>
  matchKeys(expected, checkpoint(keys), RULES, {
    head: "classifier",
    ...(prefix !== undefined && { prefix }),
  });

/** That each expected key got the tensor that `respell` made of it. */
function expectComplete(keys: Shapes, respell: (key: string) => string) {
  const { tensors, report } = match(keys);
  requireComplete(report, { file: "f", arch: "densenet121", head: "classifier" });
  expect(tensors.size).toBe(expected.size);
  for (const [key, tensor] of tensors) expect(tensor.name).toBe(respell(key));
  return report;
}

const dotted = (key: string) => key.replace(/(denselayer\d+\.(?:norm|conv))([12])/, "$1.$2");
const wrapped = (prefix: string) => (key: string) => `${prefix}.${key}`;

describe("spellings that fit", () => {
  it("matching keeps the model's own keys as they are", () => {
    const report = expectComplete(DENSENET, (key) => key);
    expect(report).toMatchObject({ renamed: [], prefixes: [], foreign: [], alternatives: [] });
    expect(report.unused.every(({ unreported }) => unreported)).toBe(true);
    expect(report.used).toHaveLength(expected.size);
  });

  it.each(["model", "backbone", "net", "densenet121", "model.backbone.encoder", "a.b.c.d.e"])(
    "matching removes the prefix %s.",
    (prefix) => {
      const report = expectComplete(spelled(DENSENET, wrapped(prefix)), wrapped(prefix));
      expect(report.prefixes).toEqual([prefix]);
      expect(report.renamed).toEqual([]);
    },
  );

  it.each(["module", "_orig_mod", "module._orig_mod", "module.module"])(
    "matching removes the wrapper %s.",
    (prefix) => {
      const report = expectComplete(spelled(DENSENET, wrapped(prefix)), wrapped(prefix));
      expect(report.prefixes).toEqual([]);
    },
  );

  it("matching removes a wrapper in the middle, as `features` alone in DataParallel", () => {
    const respell = (key: string) => key.replace(/^features\./, "features.module.");
    expectComplete(spelled(DENSENET, respell), respell);
  });

  it("matching reads CheXNet's wrapper in DataParallel with dotted keys, and reports the renaming", () => {
    const respell = (key: string) =>
      `module.densenet121.${dotted(key).replace("classifier.", "classifier.0.")}`;
    const report = expectComplete(spelled(DENSENET, respell), respell);
    expect(report.prefixes).toEqual(["densenet121"]);
    expect(report.renamed).toContainEqual({
      from: "module.densenet121.features.denseblock1.denselayer1.norm.1.weight",
      to: "features.denseblock1.denselayer1.norm1.weight",
      rule: "old dotted DenseNet keys",
    });
    expect(report.renamed).toContainEqual({
      from: "module.densenet121.classifier.0.bias",
      to: "classifier.bias",
      rule: "head in a Sequential",
    });
  });

  it("matching reads PyTorch's own keys of that wrapper", () => {
    const keys = goldenKeys("densenet121-chexnet-2layers");
    const { tensors, report } = matchKeys(
      new Map(
        [...expected].map(([key, shape]) => [
          key,
          key.startsWith("classifier") ? [ANY, ...shape.slice(1)] : shape,
        ]),
      ),
      checkpoint(keys),
      RULES,
    );
    requireComplete(report, { file: "f", arch: "densenet121", head: "classifier" });
    expect(tensors.get("classifier.weight")!.shape).toEqual(keys["densenet121.classifier.0.weight"]);
  });

  it.each(["fc", "head", "head.fc", "classifier.1", "fc.0"])("matching finds a head called %s", (head) => {
    const respell = (key: string) => key.replace(/^classifier/, head);
    const report = expectComplete(spelled(DENSENET, respell), respell);
    expect(report.renamed).toHaveLength(2);
  });

  it.each(["out", "cls_head", "fc1", "logits", "my_classifier.2.block.1"])(
    "matching finds a head called %s where no other matrix is unused",
    (head) => {
      const respell = (key: string) => key.replace(/^classifier/, head);
      expectComplete(spelled(DENSENET, respell), respell);
    },
  );

  it.each(["classifier", "conv_head", "fc.1"])(
    "matching finds a 1x1 convolution as head, called %s",
    (head) => {
      const [classes, channels] = DENSENET["classifier.weight"] as [number, number];
      const keys = { ...DENSENET, "classifier.weight": [classes, channels, 1, 1] };
      const respell = (key: string) => key.replace(/^classifier/, head);
      expectComplete(spelled(keys, respell), respell);
      const { tensors } = match(spelled(keys, respell));
      expect(tensors.get("classifier.weight")!.shape).toEqual([classes, channels]);
    },
  );

  it.each(["arcface", "metric_fc", "cos_head", "my_thing"])(
    "matching reads no matrix without bias called %s as a Linear: it may be a cosine classifier",
    (name) => {
      const body = Object.entries(DENSENET).filter(([key]) => !key.startsWith("classifier."));
      const keys = { ...Object.fromEntries(body), [`${name}.weight`]: [5, 1024] };
      expect(match(keys).report.foreign).toEqual([{ key: `${name}.weight`, shape: [5, 1024] }]);
    },
  );

  it("matching finds a head of an unusual name in wrappers that are called as other modules are", () => {
    const respell = (key: string) =>
      key.startsWith("classifier") ? key.replace("classifier", "encoder.my_output") : `encoder.embed.${key}`;
    expectComplete(spelled(DENSENET, respell), respell);
  });

  it("matching finds a head outside the wrapper that holds the rest", () => {
    const respell = (key: string) =>
      key.startsWith("classifier") ? `net.${key.replace("classifier", "fc")}` : `net.backbone.${key}`;
    const report = expectComplete(spelled(DENSENET, respell), respell);
    expect(report.prefixes).toEqual(["net.backbone"]);
  });

  it("matching lists the tensors that cannot change the output, with the reason", () => {
    const report = expectComplete(
      {
        ...DENSENET,
        total_ops: [1],
        relative_position_index: [4],
        n_averaged: [],
        "criterion.pos_weight": [14],
        "val_auroc.tp": [14],
        "classifier.loss_weight": [14],
      },
      (key) => key,
    );
    const told = report.unused
      .filter(({ unreported }) => !unreported)
      .map(({ key, because }) => [key, because]);
    expect(told).toEqual([
      ["total_ops", "a count of thop's profiler"],
      ["criterion.pos_weight", "part of the loss"],
      ["val_auroc.tp", "the state of a metric"],
      ["classifier.loss_weight", "a weight of the loss"],
    ]);
  });

  it("matching prefers the raw weights to averaged ones, names the others, and uses the requested one", () => {
    const keys = { ...spelled(DENSENET, wrapped("ema")), ...spelled(DENSENET, wrapped("student")) };
    const { tensors, report } = match(keys);
    expect(tensors.get("classifier.bias")!.name).toBe("student.classifier.bias");
    expect(report.alternatives).toEqual(["ema"]);
    expect(match(keys, "ema").tensors.get("classifier.bias")!.name).toBe("ema.classifier.bias");
  });
});

describe("files that do not fit", () => {
  const message = (keys: Shapes, otherArch?: string) => {
    const { report } = match(keys);
    let error: unknown;
    try {
      requireComplete(report, {
        file: "w.pth",
        arch: "densenet121",
        head: "classifier",
        otherArch: () => otherArch,
      });
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(GradlensError);
    expect((error as GradlensError).code).toBe("bad-weights");
    expect((error as GradlensError).message.split("\n")).toHaveLength(1);
    return (error as GradlensError).message;
  };
  const without = (...keys: string[]): Shapes =>
    Object.fromEntries(Object.entries(DENSENET).filter(([key]) => !keys.includes(key)));

  it("the refusal names a missing key", () => {
    expect(message(without("features.norm5.bias"))).toBe(
      'w.pth does not fit densenet121: 1 key missing ("features.norm5.bias"). The file holds only a part of the model: give the file that holds all of it',
    );
  });

  it("the refusal names a wrong shape with both shapes", () => {
    expect(message({ ...DENSENET, "features.conv0.weight": [64, 3, 3, 3] })).toMatch(
      /1 tensor of another shape \("features.conv0.weight" is \[64, 3, 3, 3\], the model's is \[64, 3, 7, 7\]\)/,
    );
  });

  it("the refusal says that only the number of classes differs", () => {
    expect(message({ ...DENSENET, "classifier.weight": [15, 1024], "classifier.bias": [15] })).toMatch(
      /another number of classes/,
    );
  });

  it("the refusal says that there is no head", () => {
    expect(message(without("classifier.weight", "classifier.bias"))).toMatch(/backbone only/);
  });

  it("the refusal says whose keys these are", () => {
    expect(message(goldenKeys("resnet18"), "resnet18")).toMatch(
      /keys missing .* These keys are resnet18's: try --arch resnet18/,
    );
    expect(message(goldenKeys("resnet18"))).toMatch(/None of its keys is densenet121's/);
    expect(message({})).toMatch(/it holds no tensors/);
  });

  it.each([
    ["an attention module beside the stages", { "ca.fc.0.weight": [32, 1024, 1, 1] }],
    ["a Linear behind the head", { "fc2.weight": [3, 1000], "fc2.bias": [3] }],
    ["a BatchNorm before the head", { "bottleneck.weight": [1024], "bottleneck.bias": [1024] }],
    ["a temperature", { temperature: [] }],
    ["another layer of a block", { "features.denseblock4.denselayer17.norm1.weight": [1024] }],
    [
      "a second backbone without head",
      spelled(without("classifier.weight", "classifier.bias"), wrapped("b")),
    ],
  ])("matching refuses %s, and names its tensors", (_, extra: Shapes) => {
    const [first] = Object.keys(extra);
    expect(message({ ...DENSENET, ...extra })).toContain(`that densenet121 lacks ("${first}" [`);
  });

  it("the refusal does not say that there is no head where matrices are unused", () => {
    const body = without("classifier.weight", "classifier.bias");
    expect(message({ ...body, "fc.weight": [5, 2048] })).toMatch(
      /None of its matrices is the one Linear .*"fc.weight" \[5, 2048\]/,
    );
    expect(message({ ...body, "pooler.dense.weight": [1024, 1024] })).toMatch(/None of its matrices/);
  });

  it("matching does not choose between the layers of a deeper head", () => {
    const deep = (root: string) => ({
      [`${root}.0.weight`]: [512, 1024],
      [`${root}.0.bias`]: [512],
      [`${root}.2.weight`]: [14, 512],
      [`${root}.2.bias`]: [14],
    });
    const body = without("classifier.weight", "classifier.bias");
    expect(message({ ...body, ...deep("classifier") })).toMatch(
      /several tensors could be "classifier.weight".*head has several layers that are not/,
    );
    expect(message({ ...body, ...deep("fc") })).toMatch(/head has several layers/);
  });

  it("matching needs bounded time for a hostile file's keys", () => {
    const keys = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`${"a.".repeat(60)}${i}`, [1]]),
    );
    // Long words, on which patterns of names would go back and forth.
    keys["acc".repeat(100_000)] = [1];
    keys["acc.".repeat(50_000)] = [1];
    const started = performance.now();
    expect(match(keys).report.missing).toHaveLength(expected.size);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
