/** @file Layer paths as users write them. */

import { expect, test } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { buildTemplate } from "../../src/models/registry.js";
import { findTap, listLayers, mapLayout, toMap } from "../../src/models/taps.js";

const { graph, modules } = buildTemplate("densenet121", { size: [64, 96], channels: 3, classes: 14 });

test.each([
  ["features[-1]", "features.norm5"],
  ["features[ -1 ]", "features.norm5"],
  ["features[0]", "features.conv0"],
  ["features.0", "features.conv0"],
  ["features[-2][-1]", "features.denseblock4.denselayer16"],
  ["features.denseblock4[-1]", "features.denseblock4.denselayer16"],
  ["features[-2].denselayer1[1]", "features.denseblock4.denselayer1.relu1"],
  ["model.features.norm5", "features.norm5"],
  ["module.model.features.norm5", "features.norm5"],
  ["model.densenet121.features[-1]", "features.norm5"],
  ["densenet121.features", "features"],
])("the path %s finds the layer %s", (path, wanted) => {
  expect(findTap(modules, path, { prefixes: ["densenet121"] }).path).toBe(wanted);
});

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return error instanceof GradlensError ? error.code : undefined;
  }
  return undefined;
};

test.each(["feature[-1]", "features[99]", "features.norm6", "", "features..norm5", "features[x]", "model"])(
  "the path %j is unknown",
  (path) => {
    expect(codeOf(() => findTap(modules, path))).toBe("unknown-layer");
  },
);

test("the message of an unknown layer names near ones", () => {
  expect(() => findTap(modules, "features.norm6")).toThrow(/no layer "features.norm6".*features\.norm5/);
  expect(() => findTap(modules, "densenet121.features.norm5")).toThrow(/no layer/);
  // All of the path counts, not its beginning; a missing beginning costs little.
  expect(() => findTap(modules, "features.denseblock")).toThrow(
    /nearest: features\.denseblock1, features\.denseblock2, features\.denseblock3$/,
  );
  expect(() => findTap(modules, "denseblok4.denselayer16.conv2")).toThrow(
    /nearest: features\.denseblock4\.denselayer16\.conv2, /,
  );
});

test("a tap has the layout of its feature map, or none", () => {
  const tap = findTap(modules, "features[-1]");
  const layout = mapLayout(tap, "features[-1]");
  expect(layout).toEqual({ height: 2, width: 3, prefix: 0 });
  expect(toMap(graph, tap.output, layout)).toBe(tap.output);
  expect(() => mapLayout(findTap(modules, "classifier"), "features[-1]")).toThrow(
    /classifier cannot be explained: its output \[batch, 14\] is not a map of the picture; try features\[-1\]/,
  );
});

test("the list of layers marks the default and has shapes without the batch", () => {
  const lines = listLayers(modules, "features[-1]");
  expect(lines.filter((l) => l.default)).toEqual([
    { path: "features.norm5", kind: "BatchNorm2d", shape: [2, 3, 1024], default: true },
  ]);
  expect(lines[0]).toMatchObject({ path: "features", kind: "Sequential" });
  expect(lines[1]).toMatchObject({ path: "features.conv0", kind: "Conv2d", shape: [32, 48, 64] });
});
