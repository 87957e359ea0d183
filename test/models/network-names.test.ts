/** @file Names that people write into training states, and what network they denote. */

import { describe, expect, it } from "vitest";
import { matchName } from "../../src/models/name-match.js";
import { ARCH_NAMES, type Arch } from "../../src/models/architectures.js";

const check = (arch: Arch, what: string, names: readonly string[]): void =>
  it.each(names)(`${what} ${arch}: %s`, (name) => expect(matchName(name, arch)).toBe(what));

describe("a name", () => {
  it.each(ARCH_NAMES)("our own name means its network: %s", (arch) =>
    expect(matchName(arch, arch)).toBe("agrees"),
  );

  check("vit_small_patch14_dinov2", "agrees", [
    "dinov2",
    "dinov2_vits14",
    "dinov2_vits14_lc",
    "facebook/dinov2-small",
    "vit_small_patch14_dinov2.lvd142m",
    "DINOv2 ViT-S/14",
  ]);
  check("vit_small_patch14_reg4_dinov2", "agrees", [
    "dinov2_vits14_reg",
    "dinov2_vits14_reg_lc",
    "facebook/dinov2-with-registers-small",
    "vit_small_patch14_reg4_dinov2",
  ]);
  check("vit_small_patch14_dinov2", "other", ["dinov2_vitb14", "facebook/dinov2-large", "dinov2_vits14_reg"]);
  check("deit3_small_patch16_224", "agrees", ["deit3_small_patch16_224.fb_in1k", "DeiT-III-S", "deit_small"]);
  check("deit3_small_patch16_224", "other", ["vit_small_patch16_224", "deit3_base_patch16_224"]);
  check("vit_small_patch16_224", "other", ["deit3_small_patch16_224", "vit_small_patch14_dinov2"]);

  check("resnet18", "agrees", [
    ...[
      "resnet18",
      "ResNet18",
      "ResNet-18",
      "RESNET_18",
      "resnet",
      "tv_resnet18",
      "resnet18.tv_in1k",
      "Resnet 18",
    ],
    ...[
      "hf_hub:timm/resnet18.a1_in1k",
      "timm/resnet18.a1_in1k",
      "microsoft/resnet-18",
      "torchvision.models.resnet18",
    ],
    ...[
      "torchvision.models.resnet.resnet18",
      "resnet18_pretrained",
      "resnet18-imagenet",
      "ssl_resnet18",
      "MyResNet18",
    ],
    ...[
      "resnet18_chest_v2",
      "fold3_resnet18_224",
      "distill_resnet50_to_resnet18",
      "ResNet18Classifier",
      "gluon_resnet18_v1b",
    ],
  ]);
  check("resnet18", "changed", [
    ...["wideresnet18", "wide_resnet18", "WideResNet-18"],
    ...[
      "cbam_resnet18",
      "ResNet18_CBAM",
      "resnet18_nomaxpool",
      "resnet18_nopool",
      "resnet18_cifar",
      "cifar10_resnet18",
      "resnet18_no_maxpool",
      "preactresnet18",
    ],
    ...[
      "skresnet18",
      "resnetblur18",
      "resnet18_ibn",
      "unet_resnet18",
      "resnet18_fpn",
      "resnet18_gn",
      "resnet18s",
    ],
    ...["resnet20", "resnext18", "resnetv2_18", "iresnet18", "xresnet18", "tresnet_m"],
  ]);
  check("resnet18", "other", [
    ...[
      "resnet18d",
      "resnet18_d",
      "se_resnet18",
      "seresnet18",
      "SEResNet18",
      "resnet10t",
      "gluon_resnet18_v1d",
    ],
    ...[
      "resnet50",
      "densenet121",
      "vgg16",
      "vit_base_patch16_224",
      "swin_t",
      "deit_small",
      "wide_resnet50_2",
    ],
    ...[
      "efficientnet_b0",
      "EfficientNet-B3",
      "mobilenet_v3_small",
      "convnext_tiny",
      "inception_v3",
      "swinv2_tiny",
    ],
  ]);
  check("resnet18", "nothing", [
    ...[
      "chest_v3",
      "my_model",
      "exp12",
      "net",
      "ours",
      "baseline",
      "activity",
      "student",
      "model",
      "cnn",
      "Classifier",
    ],
    ...[
      "",
      "dense_head",
      "invited",
      "runs/resnet50/last.pth",
      "configs/resnet18_cbam.yaml",
      "small",
      "multilabel",
    ],
  ]);
  check("resnet50", "agrees", [
    "resnet50",
    "gluon_resnet50_v1b",
    "resnet50.a1h_in1k",
    "moco_resnet50",
    "resnet50v1",
  ]);
  check("resnet50", "changed", [
    "resnet50_s8",
    "resnet50x1_bit",
    "resnet50_clip",
    "ecaresnet50d",
    "resnet50_gem",
  ]);
  check("resnext50_32x4d", "agrees", [
    "resnext50",
    "ResNeXt50_32x4d",
    "resnext-50-32x4d",
    "resnext50_32x4d.a1h_in1k",
  ]);
  check("resnext101_32x8d", "other", ["resnext50_32x4d"]);
  check("resnext101_32x8d", "changed", ["resnext101_64x4d"]);
  check("wide_resnet50_2", "agrees", ["wide_resnet50_2", "WRN-50-2", "wideresnet50_2", "wide_resnet50"]);
  check("densenet121", "agrees", [
    "DenseNet121",
    "dense121",
    "densenet-121",
    "densenet",
    "torchxrayvision_densenet121",
  ]);
  check("densenet121", "other", ["densenet169", "resnet18"]);
  check("densenet121", "changed", ["densenetblur121d", "se_densenet121", "densenet264"]);
  check("vgg16_bn", "agrees", ["vgg16_bn", "vgg16", "VGG-16", "vgg16bn", "VGGNet16"]);
  check("vgg16", "other", ["vgg16_bn", "vgg19"]);
  check("squeezenet1_1", "agrees", ["SqueezeNet1_1", "squeezenet", "squeezenet1.1", "squeezenet_v1_1"]);
  check("squeezenet1_1", "other", ["squeezenet1_0", "shufflenet_v2_x1_0"]);
  check("shufflenet_v2_x1_0", "agrees", [
    ...["ShuffleNetV2", "shufflenet", "shufflenetv2_x1.0", "shufflenet_v2_1.0x", "shufflenetv2_x1"],
    "shufflenet_v2_224",
  ]);
  check("shufflenet_v2_x1_0", "other", ["shufflenet_v2_x0_5", "shufflenetv2_x1_5"]);
  check("shufflenet_v2_x1_0", "changed", ["shufflenet_v1_x1_0", "se_shufflenet_v2_x1_0"]);
  check("inception_v3", "agrees", [
    ...["inception_v3", "InceptionV3", "Inception3", "inception", "tf_inception_v3", "inception_v3.tv_in1k"],
    "torchvision.models.inception_v3",
  ]);
  check("inception_v3", "other", ["inception_v4", "googlenet", "inception_next_tiny"]);
  check("googlenet", "agrees", ["GoogLeNet", "googlenet", "inception_v1"]);
  check("googlenet", "other", ["inception_v3", "xception"]);
  check("xception", "agrees", ["Xception", "legacy_xception", "xception.tf_in1k"]);
  check("xception", "other", ["xception41", "xception65p", "inception_v3"]);
  check("mnasnet0_5", "agrees", ["mnasnet0_5", "mnasnet0.5", "mnasnet_050", "mnasnet"]);
  check("mnasnet1_0", "agrees", ["mnasnet_100", "MNASNet1_0"]);
  check("mnasnet1_0", "other", ["mnasnet0_75"]);
  check("mnasnet1_0", "changed", ["semnasnet_100", "mnasnet_140"]);
  check("vit_base_patch16_224", "agrees", [
    ...[
      "vit_b_16",
      "ViT-B/16",
      "vit",
      "google/vit-base-patch16-224",
      "vit_base_patch16_224.augreg_in21k",
      "vit_base",
    ],
    ...[
      "vit_base_patch16",
      "deit_base_patch16_224",
      "vit_base_patch16_384",
      "vitb16",
      "vit_base_patch16_224_in21k",
    ],
  ]);
  check("vit_base_patch32_clip_224", "agrees", [
    "vit_base_patch32_clip_224.laion2b",
    "ViT-B/32",
    "ViT-B-32",
    "clip-vit-base-patch32",
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
  ]);
  check("vit_huge_patch14_clip_224", "agrees", ["ViT-H-14", "laion/CLIP-ViT-H-14-laion2B-s32B-b79K"]);
  check("vit_giant_patch14_clip_224", "agrees", ["ViT-g-14", "vit_giant_patch14_clip_224.laion2b"]);
  check("vit_gigantic_patch14_clip_224", "agrees", [
    "ViT-bigG-14",
    "laion/CLIP-ViT-bigG-14-laion2B-39B-b160k",
  ]);
  check("vit_huge_patch14_clip_224", "other", ["ViT-H-14-quickgelu", "ViT-bigG-14", "ViT-L/14"]);
  check("vit_base_patch32_clip_quickgelu_224", "agrees", [
    "vit_base_patch32_clip_quickgelu_224.openai",
    "ViT-B-32-quickgelu",
    "ViT-B/32",
    "openai/clip-vit-base-patch32",
  ]);
  check("vit_base_patch16_siglip_224", "agrees", [
    "vit_base_patch16_siglip_224.webli",
    "google/siglip-base-patch16-224",
    "google/siglip2-base-patch16-224",
    "ViT-B-16-SigLIP",
    "ViT-B-16-SigLIP2-256",
  ]);
  check("vit_base_patch16_siglip_224", "other", [
    "ViT-L-16-SigLIP-256",
    "google/siglip-so400m-patch14-384",
    "ViT-B/16",
  ]);
  check("vit_base_patch16_224", "other", ["vit_base_patch16_siglip_224"]);
  check("beit_base_patch16_224", "agrees", [
    "microsoft/beit-base-patch16-224",
    "timm/beit_base_patch16_224.in22k_ft_in22k_in1k",
    "BEiT-B/16",
    "beit",
  ]);
  check("beitv2_large_patch16_224", "agrees", ["beitv2_large_patch16_224_pt1k_ft21kto1k", "BEiT v2 Large"]);
  check("beit_base_patch16_224", "other", ["beitv2_base_patch16_224", "beit_large_patch16_224", "deit_base"]);
  check("beit_base_patch16_224", "other", ["beit3_base_patch16_224"]);
  check("vit_base_patch16_224", "other", ["beit_base_patch16_224"]);
  check("vit_base_patch32_clip_224", "other", [
    "ViT-B-32-quickgelu",
    "openai/clip-vit-base-patch32",
    "ViT-B/16",
    "vit_base_patch16_clip_224",
    "resnet50",
  ]);
  check("vit_base_patch16_224", "other", [
    "vit_base_patch16_clip_224",
    "vit_small_patch16_224",
    "vit_b_32",
    "vit_l_16",
    "resnet18",
    "deit_small",
  ]);
  check("vit_base_patch16_224", "changed", ["vit_base_patch16_gap_224", "vit_base_patch16_siglip_gap_224"]);
  check("vit_base_patch16_224", "other", ["vit_huge_14"]);
  check("vit_small_patch16_224", "agrees", ["vit_small", "deit_small_patch16_224", "vit_s_16", "deit_s"]);
  check("swin_tiny_patch4_window7_224", "agrees", [
    "swin_t",
    "swin_tiny",
    "swin_tiny_patch4_window7_224.ms_in1k",
    "swin",
  ]);
  check("swin_tiny_patch4_window7_224", "other", ["swin_s", "swinv2_tiny_window8_256"]);
  check("swinv2_tiny_window8_256", "agrees", [
    ...["swinv2", "swin_v2_t", "SwinV2-T", "swinv2_tiny", "swin_transformer_v2_tiny", "SwinTransformerV2"],
    ...["swinv2_tiny_patch4_window8_256", "swinv2_tiny_window8_256.ms_in1k"],
    "microsoft/swinv2-tiny-patch4-window8-256",
  ]);
  check("swinv2_tiny_window8_256", "other", [
    ...["swin_t", "swin_v2_s", "swinv2_tiny_window16_256", "swinv2_tiny_patch4_window16_256"],
  ]);
  check("swinv2_tiny_window8_256", "changed", ["swinv2_cr_tiny_224", "swinv2_tiny_moe"]);
  check("swinv2_base_window12to16_192to256", "agrees", [
    ...["swin_v2_b", "swinv2_base_window12to16_192to256_22kft1k"],
    "microsoft/swinv2-base-patch4-window12to16-192to256-22kto1k-ft",
  ]);
  check("swinv2_base_window12to16_192to256", "other", [
    ...["swinv2_base_window16_256", "swinv2_base_window12to24_192to384", "swinv2_base_window12_192"],
  ]);
  check("pvt_v2_b2", "agrees", ["pvt_v2_b2", "pvtv2_b2", "PVTv2-B2", "pvt_v2_b2.in1k"]);
  check("pvt_v2_b2", "other", ["pvt_v2_b0", "pvt_small"]);
  check("efficientnet_b0", "agrees", [
    ...["efficientnet_b0", "EfficientNet-B0", "efficientnetb0", "efficientnet", "efficientnet_b0.ra_in1k"],
    ...[
      "timm/efficientnet_b0.ra4_e3600_r224_in1k",
      "torchvision.models.efficientnet_b0",
      "my_efficientnet_b0",
    ],
  ]);
  check("efficientnet_b0", "other", [
    ...["efficientnet_b1", "efficientnet_lite0", "efficientnetv2_s", "tf_efficientnetv2_b0", "mobilenet_v2"],
    ...["tf_efficientnet_b0", "tf_efficientnet_b0_ns", "resnet18"],
  ]);
  check("efficientnet_b0", "changed", [
    ...["efficientnet_b0_gn", "efficientnet_blur_b0", "efficientnet_cc_b0_4e", "efficientnet_es"],
    ...["efficientnet_b1_pruned", "efficientnet_b8", "unet_efficientnet_b0", "efficientnetv2_rw_s"],
  ]);
  check("tf_efficientnet_b0", "agrees", ["tf_efficientnet_b0", "tf_efficientnet_b0_ns", "efficientnet_b0"]);
  check("efficientnet_lite0", "agrees", ["efficientnet-lite0", "efficientnet_lite0", "EfficientNetLite0"]);
  check("efficientnet_v2_s", "agrees", ["efficientnet_v2_s", "efficientnetv2_s", "EfficientNetV2-S"]);
  check("efficientnet_v2_s", "other", ["tf_efficientnetv2_s", "efficientnet_v2_m", "efficientnetv2_b0"]);
  check("mobilenet_v2", "agrees", [
    "mobilenet_v2",
    "MobileNetV2",
    "mobilenetv2_100",
    "mobilenetv2_100.ra_in1k",
  ]);
  check("mobilenet_v2", "other", ["mobilenetv2_050", "mobilenet_v3_small", "mobilenetv2_110d"]);
  check("mobilenetv2_050", "agrees", ["mobilenetv2_050", "mobilenet_v2"]);
  check("mobilenet_v3_large", "agrees", ["mobilenet_v3_large", "mobilenetv3_large_100", "MobileNetV3-Large"]);
  check("mobilenet_v3_large", "other", [
    ...["mobilenet_v3_small", "mobilenetv3_large_075", "tf_mobilenetv3_large_100"],
    "tf_mobilenetv3_large_minimal_100",
  ]);
  check("mobilenet_v3_large", "changed", ["mobilenetv4_conv_small", "mobilenetv1_100", "mobilenetv3_rw"]);
  check("convnext_tiny", "agrees", [
    ...["convnext_tiny", "ConvNeXt-T", "ConvNeXt_Tiny", "convnext", "convnext_tiny.fb_in22k_ft_in1k"],
    ...["timm/convnext_tiny.in12k_ft_in1k", "torchvision.models.convnext_tiny", "facebook/convnext-tiny-224"],
  ]);
  check("convnext_tiny", "other", ["convnext_small", "convnextv2_tiny", "ConvNeXtV2-Base", "resnet50"]);
  check("convnext_tiny", "changed", ["convnext_tiny_hnf", "convnext_large_mlp", "convnext_atto_ols"]);
  check("convnext_tiny", "changed", ["convnext_xlarge", "convnextv2_huge", "convnext_nano"]);
  check("convnextv2_atto", "agrees", [
    "convnextv2_atto",
    "ConvNeXt V2 Atto",
    "convnextv2_atto.fcmae_ft_in1k",
  ]);
  check("convnextv2_atto", "other", ["convnextv2_femto", "convnext_tiny"]);
  check("resnet18", "other", ["convnext_base"]);
  check("regnet_x_1_6gf", "agrees", [
    ...["regnet_x_1_6gf", "RegNetX-1.6GF", "regnetx_016", "regnetx_016.tv2_in1k", "regnet"],
    ...["facebook/regnet-x-016", "torchvision.models.regnet_x_1_6gf", "regnetx"],
  ]);
  check("regnet_x_1_6gf", "other", [
    "regnet_y_1_6gf",
    "regnetx_032",
    "RegNetX-400MF",
    "resnet50",
    "regnetz_040",
  ]);
  check("regnet_y_400mf", "agrees", [
    "RegNetY-400MF",
    "regnety_004",
    "regnet_y_400mf",
    "chest_regnet_y_400mf",
  ]);
  check("regnet_y_128gf", "agrees", ["regnety_1280", "regnet_y_128gf", "regnety_1280.swag_ft_in1k"]);
  check("regnet_y_128gf", "other", ["regnety_120", "regnet_y_32gf"]);
  check("resnet50d", "agrees", [
    "resnet50d",
    "ResNet50-D",
    "gluon_resnet50_v1d",
    "resnet50d.ra2_in1k",
    "resnet50_d",
  ]);
  check("resnet50d", "other", ["resnet50", "resnet101d", "resnet50t", "resnet50c", "seresnet50"]);
  check("resnet50d", "changed", ["resnetaa50d", "resnetblur50d", "ecaresnet50d", "resnet50d_se"]);
  check("resnext50d_32x4d", "agrees", ["resnext50d_32x4d", "resnext50d"]);
  check("se_resnext50_32x4d", "agrees", [
    ...[
      "se_resnext50_32x4d",
      "SE-ResNeXt-50",
      "seresnext50_32x4d",
      "legacy_seresnext50_32x4d.in1k",
      "SEResNeXt50",
    ],
  ]);
  check("se_resnext50_32x4d", "other", [
    "resnext50_32x4d",
    "se_resnet50",
    "seresnext26d_32x4d",
    "se_resnext101_32x4d",
  ]);
  check("seresnet152d", "agrees", ["seresnet152d", "timm/seresnet152d.ra2_in1k"]);
  check("seresnet152d", "other", ["seresnet152", "resnet152d", "senet154"]);
  check("seresnext101d_32x8d", "changed", ["seresnextaa101d_32x8d", "ecaresnext26t_32x4d"]);
  check("legacy_senet154", "agrees", ["senet154", "SENet-154", "legacy_senet154.in1k"]);
  check("resnest50d", "agrees", ["resnest50", "ResNeSt-50", "resnest50d.in1k", "timm/resnest50d", "resnest"]);
  check("resnest50d", "other", [
    "resnest101e",
    "resnest50_fast_2s1x64d",
    "resnest50d_1s4x24d",
    "resnet50",
    "resnet50d",
  ]);
  check("resnest50_fast_2s1x64d", "agrees", ["resnest50_fast_2s1x64d", "resnest50-fast-2s1x64d"]);
  check("resnest50_fast_2s1x64d", "other", ["resnest50", "resnest50d"]);
});
