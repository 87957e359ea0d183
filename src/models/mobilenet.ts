/** @file MobileNetV2 and MobileNetV3 (Sandler et al. 2018, Howard et al. 2019). */

import { HALF, type ArchDef } from "./arch.js";
import type { Family } from "./family.js";
import { mobileArch, type Implementations } from "./mobile-arch.js";
import { blocksOf, inverted, roundChannels, type MobileShape, type StageRow } from "./mobile-shape.js";

export const MOBILENET: Family = { name: "mobilenet", title: "MobileNet", blurPools: true };

const STAGES2 = [
  [inverted(3, 1, 1, 16, 1)],
  [inverted(3, 2, 6, 24, 2)],
  [inverted(3, 2, 6, 32, 3)],
  [inverted(3, 2, 6, 64, 4)],
  [inverted(3, 1, 6, 96, 3)],
  [inverted(3, 2, 6, 160, 3)],
  [inverted(3, 1, 6, 320, 1)],
];

/**
 * @param deep the depth of timm's deeper networks. Their first and last convolutions keep their width, their first and last
 * stages their depth
 */
function version2(width: number, deep?: number): MobileShape {
  const stem = deep === undefined ? roundChannels(32 * width) : 32;
  const scale = { width, depth: deep ?? 1, fixedEnds: deep !== undefined };
  const last = deep === undefined ? roundChannels(1280 * Math.max(1, width)) : 1280;
  return { stem, stages: blocksOf(STAGES2, stem, "ReLU6", scale), last, act: "ReLU6" };
}

const SE = { squeeze: "expanded" } as const;
const RELU = { act: "ReLU" } as const;
const SE_RELU = { ...SE, ...RELU };

/** Stages of the third version, by timm's division. */
const LARGE3 = [
  [inverted(3, 1, 1, 16, 1, RELU)],
  [inverted(3, 2, 4, 24, 1, RELU), inverted(3, 1, 3, 24, 1, RELU)],
  [inverted(5, 2, 3, 40, 3, SE_RELU)],
  [inverted(3, 2, 6, 80, 1), inverted(3, 1, 2.5, 80, 1), inverted(3, 1, 2.3, 80, 2)],
  [inverted(3, 1, 6, 112, 2, SE)],
  [inverted(5, 2, 6, 160, 3, SE)],
];

const SMALL3 = [
  [inverted(3, 2, 1, 16, 1, SE_RELU)],
  [inverted(3, 2, 4.5, 24, 1, RELU), inverted(3, 1, 3.67, 24, 1, RELU)],
  [inverted(5, 2, 4, 40, 1, SE), inverted(5, 1, 6, 40, 2, SE)],
  [inverted(5, 1, 3, 48, 2, SE)],
  [inverted(5, 2, 6, 96, 3, SE)],
];

type Rows = readonly (readonly StageRow[])[];

/** Kernels of 3x3, ReLU and no squeeze-excitation. */
const minimal = (stages: Rows): Rows =>
  stages.map((rows) => rows.map((row) => inverted(3, row.stride, row.expansion, row.out, row.repeats, RELU)));

function version3(rows: Rows, ends: { last: number; hidden: number }, width = 1): MobileShape {
  const stem = width < 0.75 ? 16 : roundChannels(16 * width);
  return {
    stem,
    stages: blocksOf(rows, stem, "Hardswish", { width }),
    last: roundChannels(ends.last * width),
    act: "Hardswish",
    gating: { act: "ReLU", gate: "Hardsigmoid" },
    hidden: ends.hidden,
  };
}

const LARGE = { last: 960, hidden: 1280 };
const SMALL = { last: 576, hidden: 1024 };

const mobilenet = (shape: MobileShape, implementations: Implementations): ArchDef =>
  mobileArch(MOBILENET, shape, implementations);

const both2 = (width: number): ArchDef =>
  mobilenet(version2(width), {
    torchvision: { network: "MobileNetV2", eps: 1e-5 },
    timm: {},
    huggingface: { network: "MobileNetV2", statistics: HALF },
  });

const both3 = (shape: MobileShape): ArchDef =>
  mobilenet(shape, { torchvision: { network: "MobileNetV3", eps: 1e-3 }, timm: {} });

const timm = (shape: MobileShape): ArchDef => mobilenet(shape, { timm: {} });

const tf = (shape: MobileShape): ArchDef => mobilenet(shape, { timm: { tf: true, statistics: HALF } });

export const MOBILENETS = {
  mobilenet_v2: both2(1),
  mobilenetv2_035: both2(0.35),
  mobilenetv2_050: both2(0.5),
  mobilenetv2_075: both2(0.75),
  mobilenetv2_140: both2(1.4),
  mobilenetv2_110d: timm(version2(1.1, 1.2)),
  mobilenetv2_120d: timm(version2(1.2, 1.4)),
  mobilenet_v3_large: both3(version3(LARGE3, LARGE)),
  mobilenet_v3_small: both3(version3(SMALL3, SMALL)),
  mobilenetv3_large_075: timm(version3(LARGE3, LARGE, 0.75)),
  mobilenetv3_small_050: timm(version3(SMALL3, SMALL, 0.5)),
  mobilenetv3_small_075: timm(version3(SMALL3, SMALL, 0.75)),
  tf_mobilenetv3_large_075: tf(version3(LARGE3, LARGE, 0.75)),
  tf_mobilenetv3_large_100: tf(version3(LARGE3, LARGE)),
  tf_mobilenetv3_large_minimal_100: tf({ ...version3(minimal(LARGE3), LARGE), act: "ReLU" }),
  tf_mobilenetv3_small_075: tf(version3(SMALL3, SMALL, 0.75)),
  tf_mobilenetv3_small_100: tf(version3(SMALL3, SMALL)),
  tf_mobilenetv3_small_minimal_100: tf({ ...version3(minimal(SMALL3), SMALL), act: "ReLU" }),
};
