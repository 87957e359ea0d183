/** @file Which golden cases of whole models run where, and with which command. */

import type { Arch } from "../../src/models/architectures.js";

/** The first command that runs a case: `npm test` ("always"), `.ci/run` or `npm run test:all`. */
export type When = "always" | "ci" | "all";

interface Row {
  /** What the case adds to those of its family. */
  readonly shows: string;
  /** Logits, activations and gradients in the f64 interpreter (test/models). */
  readonly interpreter?: When;
  /** Tensors, maps and pictures on the adapter (test/end-to-end). */
  readonly adapter?: When;
  /** The method's map on the adapter. */
  readonly scorecam?: When;
  readonly ablationcam?: When;
  /** Wrapper of the checkpoint's keys, with its dot. */
  readonly prefix?: string;
}

/**
 * By the file's name in test/data/golden. On the adapter, a case is "always" if it takes less than two seconds, and one or
 * more of every family are in `.ci/run`. DenseNets lack `adapter`: densenet.test.ts runs them with several device options.
 */
export const GOLDEN_CASES: Readonly<Record<string, Row>> = {
  densenet121: { shows: "square", interpreter: "always", scorecam: "all", ablationcam: "always" },
  "densenet121-half-rect": { shows: "a picture that is not square", interpreter: "always" },
  "densenet121-chexnet-2layers": {
    shows: "CheXNet's wrapper, two layers",
    interpreter: "always",
    prefix: "densenet121.",
  },
  densenet161: { shows: "other widths", interpreter: "all" },
  resnet18: {
    shows: "basic blocks",
    interpreter: "always",
    adapter: "always",
    scorecam: "all",
    ablationcam: "always",
  },
  resnet18d: { shows: "a shortcut that pools", interpreter: "ci", adapter: "ci" },
  resnet26t: { shows: "a layer inside the stem", interpreter: "ci" },
  "resnet50-2layers": { shows: "bottleneck blocks, two layers", interpreter: "ci", adapter: "all" },
  seresnet18: { shows: "timm's", interpreter: "ci", adapter: "ci" },
  se_resnet50: { shows: "Cadene's, the stem explained", interpreter: "ci" },
  resnest14d: { shows: "timm's", interpreter: "ci", adapter: "ci" },
  resnest50_fast_2s2x40d: { shows: "the authors', groups and branches, a pool explained", interpreter: "ci" },
  regnet_y_400mf: { shows: "torchvision's, squeezing", interpreter: "ci", adapter: "ci" },
  "regnet_y_800mf-timm": { shows: "timm's, a squeeze-excitation explained", interpreter: "ci" },
  alexnet: { shows: "torchvision's", interpreter: "ci", adapter: "ci" },
  vgg16: { shows: "without batch norm", interpreter: "all", adapter: "all" },
  vgg16_bn: { shows: "with batch norm", interpreter: "all", adapter: "ci" },
  squeezenet1_1: { shows: "torchvision's", interpreter: "ci", adapter: "always" },
  "squeezenet1_0-squeeze": { shows: "a layer inside a Fire module", interpreter: "ci" },
  googlenet: { shows: "torchvision's", interpreter: "ci", adapter: "always" },
  "googlenet-4b": { shows: "a layer inside a branch", interpreter: "ci" },
  inception_v3: {
    shows: "torchvision's, with auxiliary classifiers in the file",
    interpreter: "ci",
    adapter: "ci",
  },
  "inception_v3-timm": { shows: "timm's, a layer whose norm contains its ReLU", interpreter: "all" },
  xception: { shows: "timm's", interpreter: "ci", adapter: "ci" },
  "xception-pretrainedmodels": {
    shows: "the other implementation's names, the layer before the last ReLU",
    interpreter: "all",
  },
  shufflenet_v2_x0_5: { shows: "torchvision's", interpreter: "ci", adapter: "always" },
  "shufflenet_v2_x1_5-stage3": { shows: "a norm inside a branch", interpreter: "ci" },
  mobilenet_v2: { shows: "torchvision's", interpreter: "always", adapter: "always" },
  tf_mobilenetv3_small_100: { shows: "timm's, padded as TensorFlow does", interpreter: "ci", adapter: "all" },
  mnasnet1_0: { shows: "torchvision's", interpreter: "always", adapter: "always", ablationcam: "always" },
  efficientnet_b0: { shows: "torchvision's", interpreter: "ci", adapter: "ci" },
  "efficientnet_lite0-pytorch": {
    shows: "padding for 224 pixels, at a size that is no multiple of 32",
    interpreter: "ci",
    adapter: "all",
  },
  convnext_tiny: { shows: "torchvision's", interpreter: "ci", adapter: "all" },
  convnextv2_atto: {
    shows: "the original's keys, a picture that is not square",
    interpreter: "always",
    adapter: "always",
  },
  vit_tiny_patch16_224: {
    shows: "96 pixels",
    interpreter: "always",
    adapter: "always",
    scorecam: "all",
    ablationcam: "always",
  },
  vit_base_patch16_224: { shows: "64 pixels", interpreter: "all", adapter: "all" },
  deit3_small_patch16_224: { shows: "no position for the class token", interpreter: "ci", adapter: "ci" },
  vit_small_patch14_dinov2: { shows: "timm's, in a block's layer scale", interpreter: "ci", adapter: "all" },
  "vit_small_patch14_reg4_dinov2-huggingface": {
    shows: "four register tokens, a picture that is not square",
    adapter: "ci",
  },
  "vit_xsmall_patch16_clip_224-open_clip": {
    shows: "open_clip's keys, a picture that is not square",
    adapter: "ci",
  },
  "vit_xsmall_patch16_clip_224-huggingface": {
    shows: "the patches' mean, in a block's activation",
    interpreter: "ci",
  },
  vit_base_patch16_siglip_224: { shows: "timm's, pooled by attention", interpreter: "all", adapter: "ci" },
  "vit_base_patch16_siglip_224-huggingface": {
    shows: "the patches' mean",
    interpreter: "all",
    adapter: "all",
  },
  beit_base_patch16_224: { shows: "relative positions, resampled", interpreter: "all", adapter: "ci" },
  "beit_base_patch16_224-huggingface": {
    shows: "tables resampled bilinearly",
    interpreter: "all",
    adapter: "all",
  },
  pvt_v2_b0: {
    shows: "the original's keys",
    interpreter: "always",
    adapter: "always",
    scorecam: "all",
    ablationcam: "always",
  },
  pvt_v2_b2_li: { shows: "linear attention, the original's keys", interpreter: "ci", adapter: "always" },
  "pvt_v2_b3-norm4": { shows: "the layer norm4", interpreter: "all", adapter: "all" },
  "pvt_v2_b3-block4": {
    shows: "the layer block4[-1].norm1",
    interpreter: "all",
    adapter: "all",
    ablationcam: "all",
  },
  swin_tiny_patch4_window7_224: { shows: "timm's", interpreter: "all", adapter: "ci", ablationcam: "all" },
  "swin_tiny-288": { shows: "288 pixels, where windows are padded", interpreter: "all", adapter: "all" },
  swin_base_patch4_window7_224: { shows: "timm's", interpreter: "all", adapter: "all" },
  swinv2_tiny_window8_256: { shows: "timm's, windows shrunk and padded", interpreter: "all", adapter: "ci" },
  "swinv2_tiny-torchvision": {
    shows: "windows kept, the file's own tables of coordinates",
    interpreter: "ci",
    adapter: "all",
  },
  "swinv2_tiny-huggingface": {
    shows: "windows cut by rows, the mask added twice",
    interpreter: "all",
    adapter: "all",
  },
};

/** The names of the golden cases that run there with a command. */
export const goldenNames = (
  where: "interpreter" | "adapter" | "scorecam" | "ablationcam",
  when: When,
): string[] => Object.keys(GOLDEN_CASES).filter((name) => GOLDEN_CASES[name]![where] === when);

/** Cases of test/data/models.safetensors (tools/make_model_reference.py), in the interpreter: other spellings and sizes. */
export const MODEL_CASES: Readonly<Record<string, { readonly shows: string; readonly interpreter: When }>> = {
  "densenet121-timm": { shows: "the last norm of timm's contains its ReLU", interpreter: "always" },
  "mnasnet0_5-v1": { shows: "a version-1 checkpoint", interpreter: "always" },
  "vit-resized": {
    shows: "position embeddings resampled to a grid that is no square",
    interpreter: "always",
  },
  "deit-distilled": { shows: "two heads averaged", interpreter: "always" },
  "vit-torchvision": { shows: "torchvision's names", interpreter: "always" },
  "vit-huggingface": {
    shows: "query, key and value apart, under the names of transformers 4, and its epsilon",
    interpreter: "always",
  },
  "deit-huggingface": { shows: "the names of transformers 5", interpreter: "always" },
  "pvt-huggingface": { shows: "key and value apart, and its epsilon", interpreter: "always" },
  "swin-resized": {
    shows: "windows shrunk and padded, relative position tables resampled",
    interpreter: "ci",
  },
  "swin-huggingface": { shows: "a picture that is not square", interpreter: "all" },
  "swin-torchvision": { shows: "windows kept, and padded before the shift", interpreter: "all" },
};

/**
 * Small networks of test/data/perturbation.safetensors (tools/make_perturbation_reference.py) by architecture: Score-CAM and
 * Ablation-CAM on the adapter. `.ci/run` has one of each way of pooling and attending.
 */
export const PERTURBATION_CASES: Readonly<Partial<Record<Arch, When>>> = {
  seresnet18: "ci",
  regnet_y_400mf: "ci",
  shufflenet_v2_x0_5: "ci",
  squeezenet1_1: "ci",
  vit_xsmall_patch16_clip_224: "ci",
  googlenet: "ci",
  mnasnet0_5: "ci",
  pvt_v2_b0: "ci",
  densenet121: "all",
  resnet18: "all",
  vit_tiny_patch16_224: "all",
  vgg11_bn: "all",
  resnest14d: "all",
  inception_v3: "all",
  deit_tiny_distilled_patch16_224: "all",
  swin_tiny_patch4_window7_224: "all",
  swinv2_tiny_window8_256: "all",
  xception: "all",
  deit3_small_patch16_224: "all",
  vit_small_patch14_dinov2: "all",
  vit_base_patch16_siglip_224: "all",
  beit_base_patch16_224: "all",
};

/** The networks of `PERTURBATION_CASES` that run with a command. */
export const perturbationCases = (when: When): Arch[] =>
  (Object.keys(PERTURBATION_CASES) as Arch[]).filter((arch) => PERTURBATION_CASES[arch] === when);
