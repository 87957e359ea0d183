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
  requireComplete(report, { file: "f", arch: "densenet121" });
  expect(tensors.size).toBe(expected.size);
  for (const [key, tensor] of tensors) expect(tensor.name).toBe(respell(key));
  return report;
}

const dotted = (key: string) => key.replace(/(denselayer\d+\.(?:norm|conv))([12])/, "$1.$2");
const wrapped = (prefix: string) => (key: string) => `${prefix}.${key}`;

describe("spellings that fit", () => {
  it("takes the model's own keys as they are", () => {
    const report = expectComplete(DENSENET, (key) => key);
    expect(report).toMatchObject({ renamed: [], prefixes: [], unused: [], alternatives: [] });
    expect(report.used).toHaveLength(expected.size);
  });

  it.each(["model", "backbone", "net", "densenet121", "model.backbone.encoder", "a.b.c.d.e"])(
    "peels %s.",
    (prefix) => {
      const report = expectComplete(spelled(DENSENET, wrapped(prefix)), wrapped(prefix));
      expect(report.prefixes).toEqual([prefix]);
      expect(report.renamed).toEqual([]);
    },
  );

  it.each(["module", "_orig_mod", "module._orig_mod", "module.module"])("sees through %s.", (prefix) => {
    const report = expectComplete(spelled(DENSENET, wrapped(prefix)), wrapped(prefix));
    expect(report.prefixes).toEqual([]);
  });

  it("sees through a wrapper in the middle, as `features` alone in DataParallel", () => {
    const respell = (key: string) => key.replace(/^features\./, "features.module.");
    expectComplete(spelled(DENSENET, respell), respell);
  });

  it("reads CheXNet's wrapper in DataParallel with dotted keys, and says what it did", () => {
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

  it("reads PyTorch's own keys of that wrapper", () => {
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
    requireComplete(report, { file: "f", arch: "densenet121" });
    expect(tensors.get("classifier.weight")!.shape).toEqual(keys["densenet121.classifier.0.weight"]);
  });

  it.each(["fc", "head", "head.fc", "classifier.1", "fc.0"])("finds a head called %s", (head) => {
    const respell = (key: string) => key.replace(/^classifier/, head);
    const report = expectComplete(spelled(DENSENET, respell), respell);
    expect(report.renamed).toHaveLength(2);
  });

  it("finds a head outside the wrapper that holds the rest", () => {
    const respell = (key: string) =>
      key.startsWith("classifier") ? `net.${key.replace("classifier", "fc")}` : `net.backbone.${key}`;
    const report = expectComplete(spelled(DENSENET, respell), respell);
    expect(report.prefixes).toEqual(["net.backbone"]);
  });

  it("lists what the model has no use for, but not bookkeeping", () => {
    const report = expectComplete(
      { ...DENSENET, "aux.weight": [3], total_ops: [1], relative_position_index: [4] },
      (key) => key,
    );
    expect(report.unused).toEqual(["aux.weight", "total_ops"]);
  });

  it("prefers the raw weights to averaged ones, tells the others, and takes the one asked for", () => {
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
      requireComplete(report, { file: "w.pth", arch: "densenet121", otherArch: () => otherArch });
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

  it("names a missing key", () => {
    expect(message(without("features.norm5.bias"))).toBe(
      'w.pth does not fit densenet121: 1 key missing ("features.norm5.bias"). The file holds only a part of the model: give the file that holds all of it',
    );
  });

  it("names a wrong shape with both shapes", () => {
    expect(message({ ...DENSENET, "features.conv0.weight": [64, 3, 3, 3] })).toMatch(
      /1 tensor of another shape \("features.conv0.weight" is \[64, 3, 3, 3\], the model's is \[64, 3, 7, 7\]\)/,
    );
  });

  it("says so where only the number of classes differs", () => {
    expect(message({ ...DENSENET, "classifier.weight": [15, 1024], "classifier.bias": [15] })).toMatch(
      /another number of classes/,
    );
  });

  it("says so where there is no head", () => {
    expect(message(without("classifier.weight", "classifier.bias"))).toMatch(/backbone only/);
  });

  it("says whose keys these are", () => {
    expect(message(goldenKeys("resnet18"), "resnet18")).toMatch(
      /keys missing .* These keys are resnet18's: try --arch resnet18/,
    );
    expect(message(goldenKeys("resnet18"))).toMatch(/None of its keys is densenet121's/);
    expect(message({})).toMatch(/it holds no tensors/);
  });

  it("does not choose between the layers of a deeper head", () => {
    const deep = (root: string) => ({
      [`${root}.0.weight`]: [512, 1024],
      [`${root}.0.bias`]: [512],
      [`${root}.2.weight`]: [14, 512],
      [`${root}.2.bias`]: [14],
    });
    const body = without("classifier.weight", "classifier.bias");
    expect(message({ ...body, ...deep("classifier") })).toMatch(
      /several tensors could be "classifier.weight".*head has several layers/,
    );
    expect(message({ ...body, ...deep("fc") })).toMatch(/several tensors could be "classifier.weight"/);
  });

  it("takes bounded time on a hostile file's keys", () => {
    const keys = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`${"a.".repeat(60)}${i}`, [1]]),
    );
    const started = performance.now();
    expect(match(keys).report.missing).toHaveLength(expected.size);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
