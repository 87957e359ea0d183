/** @file Bench cases of a model: forward, forward and backward, each method, many at once, preprocess, overlay. */

import { METHOD_NAMES, METHODS, type MethodName } from "../src/cam/methods/table.js";
import { overlay } from "../src/image/overlay.js";
import type { Picture } from "../src/image/picture.js";
import { preprocess } from "../src/image/preprocess.js";
import { loadModel, type Arch, type Gpu, type Model } from "../src/index.js";
import type { Case } from "./measure.js";
import { randomCheckpoint } from "./random-checkpoint.js";

export interface BenchModel {
  readonly arch: Arch;
  readonly size: number;
  /** A layer near the picture: its gradient takes a whole reverse pass. Where missing, only the main cases are timed. */
  readonly early?: string;
}

export const BENCH_MODELS: readonly BenchModel[] = [
  { arch: "densenet121", size: 224, early: "features.pool0" },
  { arch: "densenet121", size: 384, early: "features.pool0" },
  { arch: "resnet50", size: 224 },
  { arch: "regnet_y_400mf", size: 224 },
  { arch: "vgg16", size: 224 },
  { arch: "mnasnet1_0", size: 224 },
  { arch: "efficientnet_b0", size: 224 },
  { arch: "mobilenet_v3_large", size: 224 },
  { arch: "convnext_tiny", size: 224 },
  { arch: "vit_base_patch16_224", size: 224 },
  { arch: "vit_small_patch14_dinov2", size: 224 },
  { arch: "vit_base_patch32_clip_224", size: 224 },
  { arch: "vit_base_patch16_siglip_224", size: 224 },
  { arch: "beit_base_patch16_224", size: 224 },
  { arch: "swin_base_patch4_window7_224", size: 224 },
  { arch: "pvt_v2_b3", size: 224 },
  { arch: "pvt_v2_b3", size: 384 },
];

/** The methods that one forward and one backward pass serve together. */
const TOGETHER: readonly MethodName[] = [
  "gradcam",
  "gradcam++",
  "xgradcam",
  "layercam",
  "hirescam",
  "elementwise",
  "eigencam",
  "eigengradcam",
];
/** Score-CAM runs the model once a channel: some are enough to know what one costs. */
const MASKED_CHANNELS = 16;

/** Noise of the size that cameras give, so that decoding and resizing are of the usual cost. */
export function benchPicture(width = 640, height = 480): Picture {
  let state = 7;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { data, width, height, channels: 3 };
}

export const openModel = ({ arch, size }: BenchModel, gpu: Gpu): Promise<Model> =>
  loadModel(randomCheckpoint(arch, 14), { gpu, arch, size: [size, size] });

/** All cases of a model; `refused` are methods that are not defined for it. */
export function modelCases(
  { arch, size, early }: BenchModel,
  model: Model,
  refused: readonly MethodName[] = [],
): Case[] {
  const picture = benchPicture();
  const name = (what: string): string => `${arch}@${size}/${what}`;
  const three = [0, 1, 2];
  const map = Float32Array.from({ length: size * size }, (_, i) => (i % 97) / 96);
  const forward: Case = { name: name("forward"), run: () => model.run(picture) };
  const methodCase = (method: MethodName): Case => {
    const masks = METHODS[method].reads?.includes("topChannels");
    const fewer = masks ? { topChannels: MASKED_CHANNELS } : {};
    return {
      name: name(masks ? `${method}-${MASKED_CHANNELS}-channels` : method),
      run: () => model.explain(picture, { methods: [method], targets: 0, ...fewer }),
    };
  };
  if (early === undefined) return [forward, methodCase("gradcam"), methodCase("eigencam")];
  return [
    forward,
    { name: name("forward+backward"), run: () => model.grad(picture, { layers: [early], target: 0 }) },
    ...METHOD_NAMES.filter((method) => !refused.includes(method)).map(methodCase),
    {
      name: name("eight-methods-x3"),
      run: () => model.explain(picture, { methods: TOGETHER, targets: three }),
    },
    { name: name("gradcam-early"), run: () => model.explain(picture, { layers: [early], targets: 0 }) },
    { name: name("gradcam-aug-smooth"), run: () => model.explain(picture, { augSmooth: true, targets: 0 }) },
    { name: name("guided"), run: () => model.explain(picture, { guided: true, targets: 0 }) },
    {
      name: name("preprocess"),
      run: () =>
        Promise.resolve(
          preprocess(picture, {
            ...model.preprocessing,
            size: { width: size, height: size },
            channels: model.channels,
          }),
        ),
    },
    {
      name: name("overlay"),
      run: () => Promise.resolve(overlay(picture, map, { mapSize: { width: size, height: size } })),
    },
  ];
}
