/** @file Convolutional networks, and hybrids that begin as one, by their keys (known-network.ts). */

import type { KnownNetwork } from "./known-network.js";

export const CONVOLUTIONAL: readonly KnownNetwork[] = [
  {
    name: "a DenseNet with a stem of three convolutions and blurred pooling (densenetblur121d)",
    called: /^densenetblur/,
    keys: { timm: ["features.conv2.weight"] },
  },
  {
    name: "a ViT on top of convolutions",
    called: /^vit\w+r\d+|^vit\w+resnet/,
    keys: {
      timm: ["patch_embed.backbone.stem.conv.weight", "blocks.N.attn.qkv.weight"],
      "timm's ViTamin": ["patch_embed.backbone.stem.convN.weight"],
      "timm's older": ["patch_embed.backbone.layerN.N.convN.weight"],
    },
  },
  {
    name: "an Inception-ResNet v2",
    called: /^inceptionresnet/,
    keys: { timm: ["repeat.N.branchN.conv.weight", "convNd_Na.conv.weight"] },
  },
  { name: "an Inception v4", called: /^inceptionv4/, keys: { timm: ["features.N.branchN.N.conv.weight"] } },
  {
    name: "an aligned Xception (41, 65, 71)",
    called: /^xception\d/,
    keys: { timm: ["blocks.N.stack.convN.conv_dw.weight"] },
  },
  {
    name: "a GhostNet or RepGhostNet",
    called: /^(?:rep)?ghostnet/,
    keys: {
      timm: ["blocks.N.N.ghostN.primary_conv.N.weight"],
      "timm's V3": ["blocks.N.N.ghostN.cheap_rpr_skip.weight"],
    },
  },
  {
    name: "a MobileNetV4",
    called: /^mobilenetv4/,
    keys: { timm: ["blocks.N.N.pw_exp.conv.weight", "blocks.N.N.pw_proj.conv.weight", "conv_stem.weight"] },
  },
  {
    name: "a relative of MobileNetV3 (FBNetV3, HardCoRe-NAS, LCNet, ...)",
    called: /^(?:fbnetv|hardcorenas|lcnet)|^mobilenetv3(?:rw|large150d)/,
    keys: { timm: ["blocks.N.N.conv_dw.weight", "norm_head.weight", "conv_stem.weight"] },
  },
  {
    name: "an EfficientNet of another kind than B0 to B7, Lite and V2 (EdgeTPU, CondConv, B8, L2, ...)",
    called: /^(?:tf)?efficientnet(?!b[0-7]$|lite\d$|v2[sml]$|v2b[0-3]$)/,
    keys: { timm: ["blocks.N.N.routing_fn.weight", "conv_stem.weight"] },
  },
  {
    name: "a relative of EfficientNet (MixNet, TinyNet, ...)",
    called:
      /^(?:tf)?(?:mixnet|semnasnet|gcefficientnet|ecaefficientnet|rwefficientnet|tinynet|spnasnet|fbnetc)/,
    keys: { timm: ["blocks.N.N.conv_dw.N.weight", "conv_stem.weight"] },
  },
  { name: "an EdgeNeXt", called: /^edgenext/, keys: { timm: ["stages.N.blocks.N.xca.qkv.weight"] } },
  {
    name: "a MobileNetV1",
    called: /^mobilenetv1/,
    without: "blocks.N.N.conv_pwl.weight",
    keys: {
      "Hugging Face": ["mobilenet_vN.layer.N.convolution.weight"],
      timm: ["blocks.N.N.conv_dw.weight", "blocks.N.N.conv_pw.weight", "conv_stem.weight"],
    },
  },
  {
    name: "a ConvNeXt of another kind than Tiny to Large and V2's Atto to Large",
    called: /^convnext(?!(?:tiny|small|base|large)$|v2(?:atto|femto|pico|nano|tiny|base|large)$)/,
    keys: {
      "timm's with its norm before the pooling": ["norm_pre.weight", "stages.N.blocks.N.conv_dw.weight"],
      "timm's with a second Linear": ["head.pre_logits.fc.weight", "stages.N.blocks.N.conv_dw.weight"],
    },
  },
  {
    name: "a RegNet of another kind than X and Y (V, Z, SGN, 2560)",
    called: /^regnet(?:[vz]|y040sgn|y2560)/,
    keys: { timm: ["sN.bN.normN.weight", "sN.bN.convN.weight"] },
  },
  {
    name: "a RegNet of another kind than X and Y (V, Z, SGN, 2560)",
    without: "sN.bN.downsample.conv.weight",
    keys: { timm: ["sN.bN.convN.conv.weight", "sN.bN.convN.bn.weight"] },
  },
  {
    name: "a NASNet or PNASNet",
    called: /^p?nasnet/,
    keys: {
      timm: ["cell_stem_N.conv_NxN.conv.weight", "cell_N.conv_prev_NxN.conv.weight"],
      "timm's PNASNet": ["cell_stem_N.conv_NxN.conv.weight", "cell_N.comb_iter_N_right.conv.weight"],
    },
  },
  { name: "an SKNet", called: /^skresne/, keys: { timm: ["layerN.N.convN.paths.N.conv.weight"] } },
  {
    name: "an SE-ResNet with Linears",
    keys: { "senet.pytorch": ["layerN.N.se.fc.N.weight"] },
  },
  {
    name: "an ECA-ResNet",
    called: /^ecaresne/,
    keys: { timm: ["layerN.N.se.conv.weight", "layerN.N.convN.weight"] },
  },
  {
    name: "a CBAM-ResNet",
    called: /^cbamresne/,
    keys: {
      "the authors": ["layerN.N.cbam.ChannelGate.mlp.N.weight"],
      "CBAM.PyTorch": ["layerN.N.ca.fcN.weight", "layerN.N.sa.convN.weight"],
      "CBAM.PyTorch's later": ["layerN.N.ca.fc.N.weight", "layerN.N.sa.convN.weight"],
    },
  },
  {
    name: "a Res2Net",
    called: /^res2ne/,
    keys: { timm: ["layerN.N.convs.N.weight", "layerN.N.bns.N.weight"] },
  },
  {
    name: "a ResNet-RS",
    called: /^resnetrs/,
    keys: { timm: ["maxpool.N.weight", "convN.N.weight", "layerN.N.se.fcN.weight"] },
  },
  {
    name: "a ResNet with blurred pooling, which its keys do not tell from a plain one",
    called: /^(?:se)?resne(?:t|xt)(?:blur|aa)/,
    keys: {},
  },
  {
    name: "a ResNetV2 or BiT",
    called: /^resnetv2|^bit/,
    keys: {
      timm: ["stages.N.blocks.N.convN.weight", "stages.N.blocks.N.normN.weight", "stem.conv.weight"],
      "timm's with a deep stem": [
        "stages.N.blocks.N.convN.weight",
        "stages.N.blocks.N.normN.weight",
        "stem.convN.weight",
      ],
      "Hugging Face": ["bit.embedder.convolution.weight"],
    },
  },
  {
    name: "an NFNet",
    called: /^(?:dm|eca|light)?nfnet|^nfre/,
    keys: { timm: ["stages.N.N.convN.gain", "stages.N.N.convN.weight"] },
  },
  {
    name: "a TResNet",
    called: /^tresnet/,
    keys: { timm: ["body.layerN.N.convN.conv.weight", "body.convN.conv.weight"] },
  },
  { name: "a DPN", called: /^dpn\d/, keys: { timm: ["features.convN_N.cNxN_a.conv.weight"] } },
  { name: "a DLA", called: /^dla\d/, keys: { timm: ["levelN.root.conv.weight", "base_layer.N.weight"] } },
  { name: "an HRNet", called: /^hrnet/, keys: { timm: ["stageN.N.fuse_layers.N.N.N.weight"] } },
  {
    name: "a RepVGG or MobileOne",
    called: /^repvgg|^mobileone/,
    keys: {
      timm: ["stages.N.N.conv_kxk.conv.weight", "stages.N.N.conv_NxN.conv.weight"],
      "timm's MobileOne": ["stages.N.N.conv_kxk.N.conv.weight"],
      "the authors": ["stageN.N.rbr_dense.conv.weight"],
    },
  },
  {
    name: "a VoVNet",
    called: /^(?:ese|eca)?vovnet/,
    keys: { timm: ["stages.N.blocks.N.conv_concat.conv.weight"] },
  },
  {
    name: "a CSPNet or Darknet",
    called: /^csp|^cs3|^darknet/,
    keys: { timm: ["stages.N.conv_down.conv.weight", "stages.N.blocks.N.convN.conv.weight"] },
  },
  {
    name: "a ReXNet",
    called: /^rexnet/,
    keys: { timm: ["features.N.conv_pwl.conv.weight", "features.N.conv_dw.conv.weight"] },
  },
  { name: "an HGNet", called: /^hgnet/, keys: { timm: ["stages.N.blocks.N.aggregation.N.conv.weight"] } },
  { name: "an RDNet", called: /^rdnet/, keys: { timm: ["dense_stages.N.N.dense_blockN.gamma"] } },
  {
    name: "an InceptionNeXt",
    called: /^inceptionnext/,
    keys: { timm: ["stages.N.blocks.N.token_mixer.dwconv_hw.weight"] },
  },
  {
    name: "a network for videos",
    called: /^(?:r3d|mc3|r2plus1d|s3d|swin3d|mvit)/,
    keys: {
      torchvision: ["layerN.N.convN.N.weight", "stem.N.weight"],
      "torchvision's MViT": ["pos_encoding.class_token", "blocks.N.attn.pool_k.pool.weight"],
      "torchvision's Video Swin": ["patch_embed.proj.weight", "features.N.N.attn.qkv.weight"],
    },
  },
];
