/** @file What is said of a model of which the file or the options allow several readings. */

import { expect, test } from "vitest";
import { modelNotes } from "../../src/cli/explain/model-notes.js";
import { buildTemplate } from "../../src/models/registry.js";
import { findTap, listLayers } from "../../src/models/taps.js";

const REPORT = {
  used: [],
  renamed: [],
  prefixes: [] as string[],
  alternatives: [] as string[],
  unused: [],
  foreign: [],
  missing: [],
  mismatched: [],
  ambiguous: [],
};

function notes(
  settings: Parameters<typeof modelNotes>[1],
  report: Partial<typeof REPORT> = {},
  arch: "resnet18" | "resnet50" = "resnet18",
): string[] {
  const { modules } = buildTemplate(arch, { size: [64, 64], channels: 3, classes: 3 });
  const model = {
    report: { ...REPORT, ...report },
    labels: ["1", "2", "7"],
    layers: () => listLayers(modules, "layer4[-1]"),
    resolveLayer: (path: string) => findTap(modules, path).path,
  };
  return modelNotes(model, settings);
}

test("the run prints which of several copies of the weights it uses", () => {
  expect(notes({}, { prefixes: ["student"], alternatives: ["teacher", ""] })).toEqual([
    "the file holds the whole model again under teacher, at its top; the weights under student are used",
  ]);
  expect(notes({}, { prefixes: ["student"] })).toEqual([]);
});

// pytorch-grad-cam's hooks of resnet18's layer4[-1].relu run twice, of resnet50's three times.
test("the run prints which output it uses of a module that is called several times", () => {
  expect(notes({ layers: ["layer4[-1].relu", "layer4[-1]"] })).toEqual([
    "layer layer4.1.relu is called 2 times: its first output is used, as by pytorch-grad-cam; its second output is layer4.1.relu#2",
  ]);
  expect(notes({ layers: ["layer4[-1].relu"] }, {}, "resnet50")[0]).toMatch(
    /called 3 times.*its later outputs are layer4\.2\.relu#2, layer4\.2\.relu#3$/,
  );
  expect(notes({ layers: ["layer4[-1].relu#2", "layer4[-1].bn1"] })).toEqual([]);
});

test("the run prints what a number among the targets means", () => {
  expect(notes({ targets: ["1", "7"] })).toEqual([
    'target 1 is the index 1, whose label is "2"; the label "1" is label:1',
    'target 7 is the label "7" (index 2): index 7 does not exist',
  ]);
});
