/** @file EfficientNet B0 to B7, EfficientNet-Lite and EfficientNetV2 (Tan and Le 2019, 2021). */

import { HALF, IMAGENET, TENSORFLOW_EPS, type ArchDef } from "./arch.js";
import type { Family } from "./family.js";
import { mobileArch, type Implementations } from "./mobile-arch.js";
import { blocksOf, inverted, roundChannels, type MobileShape, type MobileScale } from "./mobile-shape.js";

const EFFICIENTNET: Family = { name: "efficientnet", title: "EfficientNet", blurPools: true };

const SILU = { act: "SiLU", gating: { act: "SiLU", gate: "Sigmoid" } } as const;

type Row = readonly [kernel: number, stride: number, expansion: number, out: number, repeats: number];

const squeezing = (row: Row) => inverted(...row, { squeeze: "input" });
const fused = (row: Row) => inverted(...row, { kind: row[2] === 1 ? "conv" : "fused" });

/** B0's stages. */
const STAGES: readonly Row[] = [
  [3, 1, 1, 16, 1],
  [3, 2, 6, 24, 2],
  [5, 2, 6, 40, 2],
  [3, 2, 6, 80, 3],
  [5, 1, 6, 112, 3],
  [5, 2, 6, 192, 4],
  [3, 1, 6, 320, 1],
];

function original(width: number, depth: number): MobileShape {
  const stem = roundChannels(32 * width);
  const rows = STAGES.map((row) => [squeezing(row)]);
  const stages = blocksOf(rows, stem, "SiLU", { width, depth });
  return { stem, stages, last: roundChannels(1280 * width), ...SILU };
}

/** Without squeeze-excitation. The first and last convolutions keep one width. */
function lite(width: number, depth: number): MobileShape {
  const rows = STAGES.map((row) => [inverted(...row)]);
  const stages = blocksOf(rows, 32, "ReLU6", { width, depth, fixedEnds: true });
  return { stem: 32, stages, last: 1280, act: "ReLU6" };
}

/** Stages of version 2 whose blocks have one convolution for expansion and filter: the first ones. */
const FUSED = 3;

function version2(stem: number, rows: readonly Row[], scale: MobileScale = {}): MobileShape {
  const all = rows.map((row, at) => [at < FUSED ? fused(row) : squeezing(row)]);
  const { width = 1, least } = scale;
  const first = roundChannels(stem * width, least);
  return {
    stem: first,
    stages: blocksOf(all, first, "SiLU", scale),
    last: roundChannels(1280 * width, least),
    ...SILU,
  };
}

const S2 = version2(24, [
  [3, 1, 1, 24, 2],
  [3, 2, 4, 48, 4],
  [3, 2, 4, 64, 4],
  [3, 2, 4, 128, 6],
  [3, 1, 6, 160, 9],
  [3, 2, 6, 256, 15],
]);

const M2 = version2(24, [
  [3, 1, 1, 24, 3],
  [3, 2, 4, 48, 5],
  [3, 2, 4, 80, 5],
  [3, 2, 4, 160, 7],
  [3, 1, 6, 176, 14],
  [3, 2, 6, 304, 18],
  [3, 1, 6, 512, 5],
]);

const L2 = version2(32, [
  [3, 1, 1, 32, 4],
  [3, 2, 4, 64, 7],
  [3, 2, 4, 96, 7],
  [3, 2, 4, 192, 10],
  [3, 1, 6, 224, 19],
  [3, 2, 6, 384, 25],
  [3, 1, 6, 640, 7],
]);

const BASE2: readonly Row[] = [
  [3, 1, 1, 16, 1],
  [3, 2, 4, 32, 2],
  [3, 2, 4, 48, 2],
  [3, 2, 4, 96, 3],
  [3, 1, 6, 112, 5],
  [3, 2, 6, 192, 8],
];

/** The smaller networks of version 2. Their channels are rounded to the nearest multiple, also down. */
const base2 = (width: number, depth: number): MobileShape => version2(32, BASE2, { width, depth, least: 0 });

const efficientnet = (shape: MobileShape, implementations: Implementations): ArchDef =>
  mobileArch(EFFICIENTNET, shape, implementations);

const torchvision = (size: number, eps = 1e-5) => ({ network: "EfficientNet", size, eps }) as const;
/** The larger networks and all of version 2 have TensorFlow's epsilon. */
const torchvisionTf = (size: number) => torchvision(size, TENSORFLOW_EPS);

const LITE = { mean: [127 / 255, 127 / 255, 127 / 255], std: [128 / 255, 128 / 255, 128 / 255] };

const B = {
  0: original(1, 1),
  1: original(1, 1.1),
  2: original(1.1, 1.2),
  3: original(1.2, 1.4),
  4: original(1.4, 1.8),
  5: original(1.6, 2.2),
  6: original(1.8, 2.6),
  7: original(2, 3.1),
};

const LITES = { 0: lite(1, 1), 1: lite(1, 1.1), 2: lite(1.1, 1.2), 3: lite(1.2, 1.4), 4: lite(1.4, 1.8) };

/** @param size the picture size that the networks were published for */
const originals = (
  shape: MobileShape,
  { size, ...packages }: Pick<Required<Implementations>, "torchvision" | "timm"> & { size: number },
): ArchDef =>
  efficientnet(shape, {
    ...packages,
    efficientnet_pytorch: { size },
    huggingface: { network: "EfficientNet", size },
  });

const lites = (shape: MobileShape, timm: number, size: number): ArchDef =>
  efficientnet(shape, { timm: { size: timm }, efficientnet_pytorch: { size, statistics: LITE } });

const tf = (shape: MobileShape, size: number, statistics = IMAGENET): ArchDef =>
  efficientnet(shape, { timm: { tf: true, size, statistics } });

export const EFFICIENTNETS = {
  efficientnet_b0: originals(B[0], { size: 224, torchvision: torchvision(224), timm: { size: 224 } }),
  efficientnet_b1: originals(B[1], {
    size: 240,
    torchvision: torchvision(240),
    timm: { size: 288, statistics: HALF },
  }),
  efficientnet_b2: originals(B[2], { size: 260, torchvision: torchvision(288), timm: { size: 288 } }),
  efficientnet_b3: originals(B[3], { size: 300, torchvision: torchvision(300), timm: { size: 320 } }),
  efficientnet_b4: originals(B[4], { size: 380, torchvision: torchvision(380), timm: { size: 384 } }),
  efficientnet_b5: originals(B[5], { size: 456, torchvision: torchvisionTf(456), timm: { size: 448 } }),
  efficientnet_b6: originals(B[6], { size: 528, torchvision: torchvisionTf(528), timm: { size: 528 } }),
  efficientnet_b7: originals(B[7], { size: 600, torchvision: torchvisionTf(600), timm: { size: 600 } }),
  efficientnet_lite0: lites(LITES[0], 224, 224),
  efficientnet_lite1: lites(LITES[1], 240, 240),
  efficientnet_lite2: lites(LITES[2], 260, 260),
  efficientnet_lite3: lites(LITES[3], 300, 280),
  efficientnet_lite4: lites(LITES[4], 380, 300),
  efficientnet_v2_s: efficientnet(S2, { torchvision: torchvisionTf(384), timm: { size: 384 } }),
  efficientnet_v2_m: efficientnet(M2, { torchvision: torchvisionTf(480), timm: { size: 416 } }),
  efficientnet_v2_l: efficientnet(L2, {
    torchvision: { ...torchvisionTf(480), statistics: HALF },
    timm: { size: 480 },
  }),
  tf_efficientnet_b0: tf(B[0], 224),
  tf_efficientnet_b1: tf(B[1], 240),
  tf_efficientnet_b2: tf(B[2], 260),
  tf_efficientnet_b3: tf(B[3], 300),
  tf_efficientnet_b4: tf(B[4], 380),
  tf_efficientnet_b5: tf(B[5], 456),
  tf_efficientnet_b6: tf(B[6], 528),
  tf_efficientnet_b7: tf(B[7], 600),
  tf_efficientnet_lite0: tf(LITES[0], 224, HALF),
  tf_efficientnet_lite1: tf(LITES[1], 240, HALF),
  tf_efficientnet_lite2: tf(LITES[2], 260, HALF),
  tf_efficientnet_lite3: tf(LITES[3], 300, HALF),
  tf_efficientnet_lite4: tf(LITES[4], 380, HALF),
  tf_efficientnetv2_s: tf(S2, 384, HALF),
  tf_efficientnetv2_m: tf(M2, 480, HALF),
  tf_efficientnetv2_l: tf(L2, 480, HALF),
  tf_efficientnetv2_b0: tf(base2(1, 1), 224),
  tf_efficientnetv2_b1: tf(base2(1, 1.1), 240),
  tf_efficientnetv2_b2: tf(base2(1.1, 1.2), 260),
  tf_efficientnetv2_b3: tf(base2(1.2, 1.4), 300, HALF),
};
