/** @file Statistics of samples 0..255 and 0..1 are told apart. */

import { describe, expect, test } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { toUnitScale } from "../../src/library/settings/statistics-scale.js";

type Values = readonly number[] | undefined;

describe("statistics of samples 0..255", () => {
  // Written out in torchvision's, mmdetection's and Caffe's sources.
  test.each<[string, Values, Values, Values, Values]>([
    [
      "ImageNet's, as mmdetection has them",
      [123.675, 116.28, 103.53],
      [58.395, 57.12, 57.375],
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ],
    ["halves", [127.5], [127.5], [0.5], [0.5]],
    [
      "Caffe's, whose deviation is 1",
      [104, 117, 123],
      [1, 1, 1],
      [104 / 255, 117 / 255, 123 / 255],
      [1 / 255, 1 / 255, 1 / 255],
    ],
    [
      "dark pictures', with a dark channel",
      [0.3, 12, 3],
      [4, 30, 9],
      [0.3 / 255, 12 / 255, 3 / 255],
      [4 / 255, 30 / 255, 9 / 255],
    ],
    ["a division by 255 alone", [0], [255], [0], [1]],
    ["the mean alone", [127.5], undefined, [0.5], undefined],
    ["the deviation alone", undefined, [51], undefined, [0.2]],
  ])("the statistics are divided by 255: %s", (_, mean, std, unitMean, unitStd) => {
    const found = toUnitScale(mean, std, "--mean and --std");
    expect(found.converted).toBe(true);
    for (const [values, wanted] of [
      [found.mean, unitMean],
      [found.std, unitStd],
    ] as const) {
      expect(values?.length).toBe(wanted?.length);
      values?.forEach((value, i) => expect(value).toBeCloseTo(wanted![i]!, 11));
    }
  });
});

describe("statistics of samples 0..1", () => {
  test.each<[string, Values, Values]>([
    ["ImageNet's", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
    ["none", [0], [1]],
    ["torchxrayvision's", [0.5], [1 / 2048]],
    ["white pictures'", [1, 1, 1], [0.1, 0.1, 0.1]],
    ["a scale of its own", [0.5], [2]],
    ["a shift of its own", [-1], [1]],
    ["nothing said", undefined, undefined],
  ])("the statistics stay as they are: %s", (_, mean, std) => {
    expect(toUnitScale(mean, std, "x")).toEqual({ mean, std, converted: false });
  });
});

describe("statistics of neither scale", () => {
  test.each<[Values, Values, RegExp]>([
    [
      [123.675, 116.28, 103.53],
      [0.229, 0.224, 0.225],
      /one is of samples 0\.\.255, the other of samples 0\.\.1/,
    ],
    [[0.485, 0.456, 0.406], [58.395, 57.12, 57.375], /one is of samples 0\.\.255, the other/],
    [[32768], [4096], /have no such values/],
    [[0, 1000, 0], undefined, /have no such values/],
    [[-5, 120, 3], [50], /have no such values/],
  ])("the statistics are refused: %j and %j", (mean, std, why) => {
    expect(() => toUnitScale(mean, std, "--mean and --std")).toThrow(why);
    expect(() => toUnitScale(mean, std, "--mean and --std")).toThrow(
      /^--mean and --std \(.*give both for samples of 0\.\.1$/,
    );
    expect(() => toUnitScale(mean, std, "x")).toThrow(GradlensError);
  });
});
