"""Makes test/data/known-networks.json: keys of networks that are known and not read, from the libraries that define them.

    pip install torch torchvision timm transformers segmentation-models-pytorch ultralytics
    python tools/make_known_networks.py

{library: {model: [what it is called, key, key, ...]}}; of keys that differ in their numbers only the first is listed, biases and
running statistics are left out where they tell nothing. Nothing is downloaded: models are made on the device "meta".
"""
import json, os, pathlib, re, warnings

os.environ.setdefault("YOLO_OFFLINE", "1")
warnings.filterwarnings("ignore")
import torch

try:
    import torchvision_cpu  # noqa: F401
except ImportError:
    pass
import timm, torchvision

ROOT = pathlib.Path(__file__).resolve().parent.parent

TORCHVISION = {
    "maxvit_t": "MaxViT", "fasterrcnn_resnet50_fpn": "R-CNN", "maskrcnn_resnet50_fpn": "R-CNN",
    "retinanet_resnet50_fpn": "RetinaNet", "fcos_resnet50_fpn": "FCOS", "ssd300_vgg16": "SSD", "ssdlite320_mobilenet_v3_large": "SSD",
    "deeplabv3_resnet50": "DeepLab", "lraspp_mobilenet_v3_large": "segmentation", "r3d_18": "videos", "swin3d_t": "videos",
    "mvit_v2_s": "videos",
}
TIMM = {
    "efficientnet_cc_b0_4e": "CondConv", "mixnet_s": "relative of EfficientNet",
    "mobilenetv4_conv_medium": "MobileNetV4", "mobilenetv1_100": "MobileNetV1", "convnext_tiny_hnf": "ConvNeXt",
    "convnext_large_mlp": "ConvNeXt", "inception_v4": "Inception v4",
    "inception_resnet_v2": "Inception-ResNet v2", "xception41": "Xception", "regnetv_040": "RegNet",
    "regnetz_005": "RegNet", "nasnetalarge": "NASNet", "pnasnet5large": "PNASNet", "resnetrs50": "ResNet-RS",
    "ecaresnet26t": "ECA-ResNet", "skresnet18": "SKNet", "res2net50_26w_4s": "Res2Net",
    "resnetv2_50": "ResNetV2", "resnetv2_50d": "ResNetV2", "dm_nfnet_f0": "NFNet", "tresnet_m": "TResNet",
    "dpn68": "DPN", "dla34": "DLA", "hrnet_w18_small": "HRNet", "repvgg_a0": "RepVGG", "mobileone_s0": "MobileOne", "ese_vovnet19b_dw": "VoVNet",
    "cspresnet50": "CSPNet", "darknet53": "Darknet", "ghostnet_100": "GhostNet", "repghostnet_100": "RepGhostNet", "rexnet_100": "ReXNet",
    "hgnet_tiny": "HGNet", "rdnet_tiny": "RDNet", "inception_next_tiny": "InceptionNeXt", "densenetblur121d": "densenetblur121d",
    "swinv2_cr_tiny_224": "Swin V2", "maxvit_tiny_rw_224": "MaxViT", "coatnet_0_rw_224": "CoAtNet",
    "twins_pcpvt_small": "Twins", "twins_svt_small": "Twins", "levit_128": "LeViT", "mobilevit_s": "MobileViT", "mobilevitv2_050": "MobileViT",
    "edgenext_small": "EdgeNeXt", "fastvit_t8": "FastViT", "hiera_tiny_224": "Hiera", "mvitv2_tiny": "MViT", "cait_s24_224": "CaiT",
    "xcit_tiny_12_p16_224": "XCiT", "tnt_s_patch16_224": "TNT", "mixer_b16_224": "MLP-Mixer", "resmlp_12_224": "ResMLP",
    "gmlp_s16_224": "gMLP", "poolformer_s12": "PoolFormer", "poolformerv2_s12": "PoolFormer", "caformer_s18": "MetaFormer",
    "efficientformer_l1": "EfficientFormer", "efficientformerv2_s0": "EfficientFormer", "efficientvit_b0": "EfficientViT",
    "repvit_m1": "RepViT", "tiny_vit_5m_224": "TinyViT", "focalnet_tiny_srf": "FocalNet", "davit_tiny": "DaViT", "gcvit_tiny": "GC ViT",
    "volo_d1_224": "VOLO", "coat_tiny": "CoaT", "convit_tiny": "ConViT", "crossvit_9_240": "CrossViT", "pit_ti_224": "PiT", "nest_tiny": "NesT",
    "eva02_tiny_patch14_224": "EVA", "eva02_base_patch14_224": "EVA", "vit_small_patch16_dinov3": "DINOv3",
    "vit_small_r26_s32_224": "ViT on top of convolutions", "vit_relpos_small_patch16_224": "relative positions",
    "samvit_base_patch16": "SAM",
}
HUGGING_FACE = {
    "DINOv3ViTModel": "DINOv3", "MobileNetV1ForImageClassification": "MobileNetV1",
    "MobileViTForImageClassification": "MobileViT", "MobileViTV2ForImageClassification": "MobileViT",
    "PvtForImageClassification": "PVT of the first version",
    "LevitForImageClassification": "LeViT", "PoolFormerForImageClassification": "PoolFormer",
    "SegformerForImageClassification": "SegFormer", "ViTMAEForPreTraining": "masked autoencoder", "HieraForImageClassification": "Hiera",
    "FocalNetForImageClassification": "FocalNet", "BitForImageClassification": "BiT", "YolosForObjectDetection": "YOLOS", "SamModel": "SAM",
}
SMP = {"Unet": "U-Net", "FPN": "segmentation", "DeepLabV3Plus": "segmentation"}
ULTRALYTICS = {"yolov8n.yaml": "YOLO", "yolo11n-cls.yaml": "YOLO"}


def of_torchvision(name):
    weights = {"weights": None}
    if any(word in name for word in ("rcnn", "retina", "fcos", "ssd", "deeplab", "lraspp")):
        weights["weights_backbone"] = None
    return torchvision.models.get_model(name, **weights)


def of_hugging_face(name):
    import transformers
    model = getattr(transformers, name)
    return model(model.config_class())


def of_smp(name):
    import segmentation_models_pytorch
    return getattr(segmentation_models_pytorch, name)("resnet18", encoder_weights=None)


def of_ultralytics(name):
    from ultralytics.nn.tasks import ClassificationModel, DetectionModel
    return (ClassificationModel if "cls" in name else DetectionModel)(name, verbose=False)


LIBRARIES = {
    "torchvision": (TORCHVISION, of_torchvision), "timm": (TIMM, timm.create_model), "transformers": (HUGGING_FACE, of_hugging_face),
    "segmentation_models_pytorch": (SMP, of_smp),
    "ultralytics": (ULTRALYTICS, of_ultralytics),
}
# These initialise themselves by numbers, which "meta" has not.
NOT_META = set(ULTRALYTICS) | set(SMP)


# Of these it matters which numbers there are.
BY_NUMBER = {"densenetblur121d"}


def listed(model, name):
    kept = {}
    for key in model.state_dict():
        if key.endswith(("running_mean", "running_var", "num_batches_tracked")) or key.endswith(".bias") and key.count(".") > 1:
            continue
        by_number = name in BY_NUMBER and key.count(".") == 2
        kept.setdefault(key if by_number else re.sub(r"\d+", "N", key), key)
    return list(kept.values())


def main():
    found = {}
    for library, (models, make) in LIBRARIES.items():
        found[library] = {}
        for name, called in models.items():
            with torch.device("cpu" if name in NOT_META else "meta"):
                found[library][name] = [called, *listed(make(name), name)]
    lines = ["{"]
    for i, (library, models) in enumerate(found.items()):
        lines.append(f"{json.dumps(library)}: {{")
        lines.append(",\n".join(f"{json.dumps(name)}: {json.dumps(keys, separators=(',', ':'))}" for name, keys in models.items()))
        lines.append("}" if i == len(found) - 1 else "},")
    lines.append("}")
    (ROOT / "test/data/known-networks.json").write_text("\n".join(lines) + "\n")


main()
