/** @file Container classes whose forward is known without their code. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import type { Family } from "./family.js";
import { LIBRARY } from "./file-layer.js";

/** Classes that compute the same as our module of a kind, beside those of the same name. */
const SAME: Readonly<Record<string, RegExp>> = {
  BasicBlock: /^(?:Quantizable)?BasicBlock$|^ResNetBlock$|^ResNetBasicLayer$/,
  Bottleneck: /^(?:Quantizable)?Bottleneck$|^ResNetBottleneck$|^ResNetBottleNeckLayer$/,
  // Only the same name counts: these classes differ in which convolution has the stride.
  SEResNetBlock: /^SEResNetBlock$/,
  SEResNetBottleneck: /^SEResNetBottleneck$/,
  SEResNeXtBottleneck: /^SEResNeXtBottleneck$/,
  SEBottleneck: /^SEBottleneck$/,
  ResNestBottleneck: /^ResNestBottleneck$/,
  _DenseLayer: /^_?DenseLayer$/,
  DenseLayer: /^_?DenseLayer$/,
  _DenseBlock: /^_?DenseBlock$/,
  DenseBlock: /^_?DenseBlock$/,
  _Transition: /^_Transition$|^DenseTransition$/,
  DenseTransition: /^_Transition$|^DenseTransition$/,
  _InvertedResidual: /^_InvertedResidual$/,
  Block:
    /^Block$|^NestedTensorBlock$|^EncoderBlock$|^ResidualAttentionBlock$|^(?:ViT|DeiT|Dinov2|Dinov2WithRegisters|PvtV2Block|CLIPEncoder|SiglipEncoder|Beit|Data2VecVision|ConvNext|ConvNextV2)Layer$/,
  Attention:
    /^(?:MemEff)?Attention$|^MultiheadAttention$|^(?:ViT|DeiT|Dinov2|PvtV2|CLIP|Siglip|Beit|Data2VecVision)\w*Attention$|^(?:Beit|Data2VecVision)RelativePositionBias$/,
  Mlp: /^Mlp$|^MLP$|^MLPBlock$|^(?:CLIP|Siglip)MLP$|^(?:ViT|DeiT|Dinov2|Swin|Beit|Data2VecVision)\w*$/,
  AttentionPoolLatent: /^AttentionPoolLatent$|^SiglipMultiheadAttentionPoolingHead$/,
  GluMlp: /^GluMlp$|^SwiGLUFFN(?:Fused)?$|^Dinov2\w*SwiGLUFFN$/,
  MlpWithDepthwiseConv: /^MlpWithDepthwiseConv$|^PvtV2\w*$/,
  SwinTransformerBlock: /^SwinTransformerBlock$|^SwinLayer$/,
  SwinTransformerV2Block: /^SwinTransformer(?:V2)?Block$|^SwinTransformerBlockV2$|^Swinv2Layer$/,
  WindowAttention:
    /^WindowAttention$|^ShiftedWindowAttention(?:V2)?$|^Swin\w*Attention$|^SwinRelativePositionBias$/,
  PatchMerging: /^PatchMerging(?:V2)?$|^Swin(?:v2)?PatchMerging$/,
};

/**
 * Compares a class's forward with that of our module of `kind` (undefined if we have none there). "unknown": its code is of no
 * known library. "other": its library is known, and its forward differs.
 */
export function containerIs(
  className: string,
  kind: string | undefined,
  family: Family,
): "known" | "other" | "unknown" {
  if (!LIBRARY.test(className)) return "unknown";
  const same = kind === undefined ? undefined : SAME[kind];
  if (kind === undefined || same === undefined) return "known";
  const name = className.slice(className.lastIndexOf(".") + 1);
  return same.test(name) || family.classes?.[kind]?.test(name) ? "known" : "other";
}

/** Names of modules without tensors, which the spellings' tables of keys lack. */
export const MODULE_ALIASES: readonly KeyRule[] = [
  // transformers 4 has the activation and the attention inside modules to which our tables give these names.
  { name: "intermediate", pattern: /\.act\.intermediate_act_fn\.$/, replacement: ".act." },
  { name: "attention", pattern: /\.attn\.attention\.$/, replacement: ".attn." },
  // Swin's pool in the original repository and in timm before 0.9
  { name: "avgpool", pattern: /^avgpool\.$/, replacement: "head.global_pool.pool." },
  // MONAI's ResNet
  { name: "act", pattern: /(^|\.)act\.$/, replacement: "$1relu." },
];
