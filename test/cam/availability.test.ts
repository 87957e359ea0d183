/** @file Methods that a model has no map of because of its outputs. */

import { expect, test } from "vitest";
import { refusals } from "../../src/cam/request/availability.js";
import { METHOD_NAMES } from "../../src/cam/methods/table.js";
import { buildTemplate } from "../../src/models/registry.js";
import { findTap } from "../../src/models/taps.js";

function refused(classes: number, softmax: boolean): Record<string, string> {
  const template = buildTemplate("resnet18", { size: [64, 64], channels: 3, classes });
  const taps = [findTap(template.modules, "layer4[-1]")];
  const found = refusals(METHOD_NAMES, taps, { template, name: "resnet18" }, { eigenSmooth: false, softmax });
  return Object.fromEntries(found.map(({ method, reason }) => [method, reason]));
}

test("Finer-CAM is refused for one output, which has no other class to compare with", () => {
  const { finercam, ...others } = refused(1, false);
  expect(finercam).toMatch(/^Finer-CAM compares a class with others.*has one output; use gradcam instead$/);
  expect(Object.keys(others).sort()).toEqual(Object.keys(refused(2, false)).sort());
  expect(refused(2, true)).not.toHaveProperty("finercam");
});

test("scorecam and ablationcam by probability are refused for one softmax output, whose probability is 1", () => {
  const { ablationcam, scorecam, ...others } = refused(1, true);
  for (const reason of [ablationcam, scorecam]) {
    expect(reason).toMatch(/^the probability of one output is 1 by softmax.*--score logit/);
  }
  expect(Object.keys(others).sort()).toEqual(Object.keys(refused(1, false)).sort());
  expect(refused(2, true)).not.toHaveProperty("ablationcam");
});
