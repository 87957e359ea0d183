"""The families: how a network of each implementation is made, small, and where its parts are."""
import re
from dataclasses import dataclass
from typing import Callable

import torchvision_cpu  # noqa: F401 (before torchvision, timm and transformers)
import timm, torchvision
from torchvision.models.vision_transformer import VisionTransformer


@dataclass(frozen=True)
class Family:
    """One implementation of one family."""

    name: str
    arch: str
    spelling: str
    make: Callable
    """(classes, channels, size) -> module"""
    layer: str
    """Path of the default layer, as the module has it."""
    head: str
    """Path of the last Linear, or of the convolution that makes the scores."""
    stages: tuple
    """Paths behind which users put modules."""
    layout: str = "nchw"
    """Of what stages give: nchw, nhwc or tokens."""
    size: tuple = (96, 96)
    weight: int = 1
    """How often it is drawn among its family's."""
    rename: Callable = lambda key: key
    """From the module's keys to the file's."""
    args: tuple = ()
    """Options that a user of it needs anyhow."""
    state_only: bool = False
    """Whether files with other names than the module's are tried only."""
    large: bool = False
    """Whether files are saved as half to spare the disk."""


def torchvision_net(name):
    def make(classes, channels, size):
        assert channels == 3
        return getattr(torchvision.models, name)(num_classes=classes)
    return make


def inception_net(name):
    """As torchvision's functions set them where they load weights."""
    def make(classes, channels, size):
        assert channels == 3
        return getattr(torchvision.models, name)(num_classes=classes, transform_input=True, init_weights=False)
    return make


def timm_net(name, sized=False, **more):
    def make(classes, channels, size):
        where = dict(img_size=tuple(size)) if sized else {}
        return timm.create_model(name, num_classes=classes, in_chans=channels, **where, **more)
    return make


def cadene_net(name):
    def make(classes, channels, size):
        from pretrainedmodels.models import senet

        assert channels == 3
        return getattr(senet, name)(num_classes=classes, pretrained=None)
    return make


def resnest_net(name):
    def make(classes, channels, size):
        from resnest.torch import ablation

        assert channels == 3
        return getattr(ablation, name)(num_classes=classes)
    return make


def tiny_vit(classes, channels, size):
    return VisionTransformer(size[0], 16, 12, 3, 192, 768, num_classes=classes)


TINY = dict(hidden_size=192, num_attention_heads=3, intermediate_size=768, num_hidden_layers=12)


SMALL = dict(hidden_size=384, num_attention_heads=6, num_hidden_layers=12, patch_size=14)


def dinov2_probe(layers):
    """A linear classifier as those of torch.hub, whose positions are for 518 pixels."""
    def make(classes, channels, size):
        from reference_models import dinov2_original

        assert channels == 3
        return dinov2_original(layers)(DINOV2, classes, size)[0]
    return make


def hugging_face(kind, **config):
    def make(classes, channels, size):
        import transformers.models.beit as beit, transformers.models.deit as deit, transformers.models.dinov2 as dinov2, transformers.models.pvt_v2 as pvt_v2, transformers.models.swin as swin, transformers.models.vit as vit

        models = dict(vit=(vit, "ViTConfig", "ViTForImageClassification"), beit=(beit, "BeitConfig", "BeitForImageClassification"), deit=(deit, "DeiTConfig", "DeiTForImageClassificationWithTeacher"),
                      dinov2=(dinov2, "Dinov2Config", "Dinov2ForImageClassification"), swin=(swin, "SwinConfig", "SwinForImageClassification"), pvt=(pvt_v2, "PvtV2Config", "PvtV2ForImageClassification"))
        module, named, model = models[kind]
        made = getattr(module, named)(image_size=tuple(size), num_labels=classes, num_channels=channels, **config)
        return getattr(module, model)(made)
    return make


def hugging_face_cnn(kind, **config):
    """Of pictures of any size."""
    def make(classes, channels, size):
        import transformers as t

        made = getattr(t, f"{kind}Config")(num_labels=classes, num_channels=channels, **config)
        return getattr(t, f"{kind}ForImageClassification")(made)
    return make


def open_clip_probe(classes, channels, size):
    """A linear probe of both towers' image embedding."""
    from reference_models import ImageEmbedding, open_clip_towers

    assert channels == 3
    return ImageEmbedding(*open_clip_towers(CLIP, size), classes)


def hugging_face_tower(kind, **config):
    """A probe of CLIPVisionModel or SiglipVisionModel, of square pictures."""
    def make(classes, channels, size):
        import transformers as t
        from reference_models import TowerProbe

        assert size[0] == size[1]
        vision = getattr(t, f"{kind}VisionConfig")(image_size=size[0], num_channels=channels, patch_size=16, **config)
        return TowerProbe(getattr(t, f"{kind}VisionModel")(vision), classes)
    return make


def beit_keys_of_transformers_4(key):
    from reference_models import beit_keys_of_transformers_4 as rename

    return rename(key)


def keys_of_transformers_4(key):
    """Files keep the names that transformers had before version 5."""
    key = re.sub(r"^(vit|deit)\.layers\.", r"\1.encoder.layer.", key)
    inner = "self" if key.startswith("swin") else "attention"
    key = re.sub(r"attention\.([qkv])_proj", lambda m: f"attention.{inner}." + dict(q="query", k="key", v="value")[m[1]], key)
    key = key.replace("attention.o_proj", "attention.output.dense").replace("attention.relative_position_bias.", "attention.self.")
    return key.replace("mlp.fc1", "intermediate.dense").replace("mlp.fc2", "output.dense") if not key.startswith(("pvt", "dinov2")) else key


def original_pvt(key):
    """timm's names in those of the original repository."""
    key = re.sub(r"^patch_embed\.", "patch_embed1.", key)
    key = re.sub(r"^stages\.(\d)\.downsample", lambda m: f"patch_embed{int(m[1]) + 1}", key)
    key = re.sub(r"^stages\.(\d)\.blocks", lambda m: f"block{int(m[1]) + 1}", key)
    key = re.sub(r"^stages\.(\d)\.norm", lambda m: f"norm{int(m[1]) + 1}", key)
    return key.replace("mlp.dwconv.", "mlp.dwconv.dwconv.")


def original_swin(key):
    """timm's names in those of the original repository: a stage ends with the merging."""
    key = re.sub(r"^layers\.(\d)\.downsample", lambda m: f"layers.{int(m[1]) - 1}.downsample", key)
    return key.replace("head.fc.", "head.")


FOUR = range(4)
RESNET = dict(layer="layer4.-1", head="fc", stages=tuple(f"layer{i + 1}" for i in FOUR))
SENET = {**RESNET, "head": "last_linear"}
REGNET = dict(layer="trunk_output.-1", head="fc", stages=tuple(f"trunk_output.block{i + 1}" for i in FOUR))
REGNET_TIMM = dict(layer="s4", head="head.fc", stages=tuple(f"s{i + 1}" for i in FOUR))
DENSENET = dict(layer="features.-1", head="classifier", stages=("features.denseblock1", "features.transition1", "features.denseblock2", "features.transition2", "features.denseblock3", "features.transition3", "features.denseblock4"))
MIXED = ("Mixed_5d", "Mixed_6e", "Mixed_7b")
BLOCKS = tuple(f"blocks.{i}" for i in range(12))
SWIN, VIT, PVT = "swin_tiny_patch4_window7_224", "vit_tiny_patch16_224", "pvt_v2_b0"
SWIN_V2, BEIT = "swinv2_tiny_window8_256", "beit_base_patch16_224"
DEIT3, DINOV2 = "deit3_small_patch16_224", "vit_small_patch14_dinov2"
# Families whose networks in timm are made for a size
CLIP, CLIP_QUICK, SIGLIP = "vit_xsmall_patch16_clip_224", "vit_base_patch32_clip_quickgelu_224", "vit_base_patch16_siglip_224"
TOWER = "encoder.encoder.layers"
SIZED = ("vit", "deit3", "dinov2", "clip", "siglip", "beit", "swin", "swin_v2")

def lukemelas(name):
    def make(classes, channels, size):
        from efficientnet_pytorch import EfficientNet

        return EfficientNet.from_name(name, num_classes=classes, in_channels=channels)
    return make


BLOCKS_7 = tuple(f"blocks.{i}" for i in range(7))

FAMILIES = [
    Family("densenet", "densenet121", "torchvision", torchvision_net("densenet121"), **DENSENET, weight=2),
    Family("densenet", "densenet121", "timm", timm_net("densenet121"), **DENSENET, args=(("spelling", "timm"),)),
    Family("resnet", "resnet18", "torchvision", torchvision_net("resnet18"), **RESNET, weight=5),
    Family("resnet", "resnet18", "timm", timm_net("resnet18"), **RESNET, weight=4),
    Family("resnet", "resnet34", "torchvision", torchvision_net("resnet34"), **RESNET),
    Family("resnet", "resnet50", "torchvision", torchvision_net("resnet50"), **RESNET),
    Family("resnet", "resnet50", "timm", timm_net("resnet50"), **RESNET),
    Family("resnet", "resnext50_32x4d", "torchvision", torchvision_net("resnext50_32x4d"), **RESNET),
    Family("resnet", "wide_resnet50_2", "torchvision", torchvision_net("wide_resnet50_2"), **RESNET, large=True),
    Family("resnet", "resnet18", "huggingface", hugging_face_cnn("ResNet", depths=[2, 2, 2, 2], hidden_sizes=[64, 128, 256, 512], layer_type="basic"), "resnet.encoder.stages.-1", "classifier.1", tuple(f"resnet.encoder.stages.{i}" for i in FOUR), weight=2),
    Family("resnet_d", "resnet18d", "timm", timm_net("resnet18d"), **RESNET, weight=2),
    Family("resnet_d", "resnet26t", "timm", timm_net("resnet26t"), **RESNET),
    Family("se_resnet", "seresnet18", "timm", timm_net("seresnet18"), **RESNET, weight=2),
    Family("se_resnet", "seresnext26d_32x4d", "timm", timm_net("seresnext26d_32x4d"), **RESNET),
    Family("se_resnet", "legacy_seresnet18", "timm", timm_net("legacy_seresnet18"), **SENET),
    Family("se_resnet", "se_resnet50", "pretrainedmodels", cadene_net("se_resnet50"), **SENET, size=(224, 224)),
    Family("resnest", "resnest14d", "timm", timm_net("resnest14d"), **RESNET, weight=2),
    Family("resnest", "resnest50_fast_1s1x64d", "resnest", resnest_net("resnest50_fast_1s1x64d"), **RESNET),
    Family("regnet", "regnet_x_400mf", "torchvision", torchvision_net("regnet_x_400mf"), **REGNET),
    Family("regnet", "regnet_y_400mf", "torchvision", torchvision_net("regnet_y_400mf"), **REGNET, weight=2),
    Family("regnet", "regnetx_002", "timm", timm_net("regnetx_002"), **REGNET_TIMM),
    Family("regnet", "regnety_002", "timm", timm_net("regnety_002"), **REGNET_TIMM, weight=2),
    Family("regnet", "regnety_006", "huggingface", hugging_face_cnn("RegNet", hidden_sizes=[48, 112, 256, 608], depths=[1, 3, 7, 4], groups_width=16, layer_type="y"), "regnet.encoder.stages.-1", "classifier.1", tuple(f"regnet.encoder.stages.{i}" for i in FOUR)),
    Family("vgg", "vgg11", "torchvision", torchvision_net("vgg11"), "features.-1", "classifier.6", ("features.2", "features.5", "features.10", "features.15", "features.20"), large=True),
    Family("vgg", "vgg11_bn", "torchvision", torchvision_net("vgg11_bn"), "features.-1", "classifier.6", ("features.3", "features.7", "features.14", "features.21", "features.28"), large=True),
    Family("vgg", "vgg11", "timm", timm_net("vgg11"), "features.-1", "head.fc", ("features.2", "features.5", "features.10", "features.15", "features.20"), large=True, size=(224, 224)),
    Family("squeezenet", "squeezenet1_1", "torchvision", torchvision_net("squeezenet1_1"), "features.-1", "classifier.1", ("features.4", "features.7", "features.12")),
    Family("shufflenet", "shufflenet_v2_x0_5", "torchvision", torchvision_net("shufflenet_v2_x0_5"), "conv5", "fc", ("stage2", "stage3", "stage4")),
    Family("inception", "inception_v3", "torchvision", inception_net("inception_v3"), "Mixed_7c", "fc", MIXED, large=True),
    Family("inception", "inception_v3", "timm", timm_net("inception_v3"), "Mixed_7c", "fc", MIXED, args=(("spelling", "timm"),), large=True),
    Family("googlenet", "googlenet", "torchvision", inception_net("googlenet"), "inception5b", "fc", ("inception3b", "inception4c", "inception5a")),
    Family("xception", "xception", "timm", timm_net("legacy_xception"), "act4", "fc", ("block3", "block8", "block12"), large=True),
    Family("mnasnet", "mnasnet0_5", "torchvision", torchvision_net("mnasnet0_5"), "layers.-1", "classifier.1", tuple(f"layers.{i}" for i in range(7, 14))),
    Family("alexnet", "alexnet", "torchvision", torchvision_net("alexnet"), "features.-1", "classifier.6", ("features.2", "features.5"), large=True),
    Family("efficientnet", "efficientnet_b0", "torchvision", torchvision_net("efficientnet_b0"), "features.-1", "classifier.1", tuple(f"features.{i}" for i in range(9)), weight=2),
    Family("efficientnet", "efficientnet_b0", "timm", timm_net("efficientnet_b0"), "bn2", "classifier", BLOCKS_7, args=(("arch", "efficientnet_b0"),)),
    Family("efficientnet", "tf_efficientnet_lite0", "timm", timm_net("tf_efficientnet_lite0"), "bn2", "classifier", BLOCKS_7, args=(("arch", "tf_efficientnet_lite0"),)),
    Family("efficientnet", "efficientnet_b0", "efficientnet_pytorch", lukemelas("efficientnet-b0"), "_bn1", "_fc", tuple(f"_blocks.{i}" for i in range(16)), size=(224, 224)),
    Family("efficientnet", "efficientnet_b0", "huggingface", hugging_face_cnn("EfficientNet", width_coefficient=1.0, depth_coefficient=1.0, hidden_dim=1280), "efficientnet.encoder.top_activation", "classifier", tuple(f"efficientnet.encoder.blocks.{i}" for i in range(16)), weight=2),
    Family("mobilenet", "mobilenet_v2", "torchvision", torchvision_net("mobilenet_v2"), "features.-1", "classifier.1", tuple(f"features.{i}" for i in range(19)), weight=2),
    Family("mobilenet", "mobilenet_v3_small", "torchvision", torchvision_net("mobilenet_v3_small"), "features.-1", "classifier.3", tuple(f"features.{i}" for i in range(13))),
    Family("mobilenet", "mobilenet_v3_small", "timm", timm_net("mobilenetv3_small_100"), "blocks.-1", "classifier", tuple(f"blocks.{i}" for i in range(6)), args=(("arch", "mobilenet_v3_small"),)),
    Family("mobilenet", "mobilenetv2_035", "huggingface", hugging_face_cnn("MobileNetV2", depth_multiplier=0.35), "mobilenet_v2.conv_1x1", "classifier", tuple(f"mobilenet_v2.layer.{i}" for i in range(16)), weight=2),
    Family("convnext", "convnext_tiny", "torchvision", torchvision_net("convnext_tiny"), "features.-1", "classifier.2", tuple(f"features.{i}" for i in range(8))),
    Family("convnext", "convnextv2_atto", "timm", timm_net("convnextv2_atto"), "stages.-1", "head.fc", tuple(f"stages.{i}" for i in FOUR), weight=2),
    Family("convnext", "convnextv2_atto", "huggingface", hugging_face_cnn("ConvNextV2", hidden_sizes=[40, 80, 160, 320], depths=[2, 2, 6, 2]), "convnextv2.encoder.stages.-1", "classifier", tuple(f"convnextv2.encoder.stages.{i}" for i in FOUR), weight=2),
    Family("vit", VIT, "timm", timm_net(VIT, sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens", weight=3),
    Family("vit", VIT, "torchvision", tiny_vit, "encoder.layers.-1.ln_1", "heads.head", tuple(f"encoder.layers.encoder_layer_{i}" for i in range(12)), layout="tokens", weight=2),
    Family("vit", VIT, "huggingface", hugging_face("vit", **TINY), "vit.layers.-1.layernorm_before", "classifier", tuple(f"vit.layers.{i}" for i in range(12)), layout="tokens", rename=keys_of_transformers_4, state_only=True, weight=2),
    Family("vit", "deit_tiny_distilled_patch16_224", "timm", timm_net("deit_tiny_distilled_patch16_224", sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens"),
    Family("deit3", DEIT3, "timm", timm_net(DEIT3, sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens"),
    Family("dinov2", DINOV2, "timm", timm_net(DINOV2, sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens", size=(98, 98), weight=2),
    Family("dinov2", DINOV2, "original", dinov2_probe(1), "backbone.blocks.-1.norm1", "linear_head", tuple(f"backbone.{b}" for b in BLOCKS), layout="tokens", size=(98, 98), args=(("spelling", "original"),)),
    Family("dinov2", DINOV2, "huggingface", hugging_face("dinov2", **SMALL), "dinov2.encoder.layer.-1.norm1", "classifier", tuple(f"dinov2.encoder.layer.{i}" for i in range(12)), layout="tokens", size=(98, 98), rename=keys_of_transformers_4, state_only=True),
    Family("clip", CLIP, "timm", timm_net(CLIP, sized=True), "blocks.-1.norm1", "head", BLOCKS[:10], layout="tokens", weight=2),
    Family("clip", CLIP_QUICK, "timm", timm_net(CLIP_QUICK, sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens", large=True, args=(("arch", CLIP_QUICK),)),
    Family("clip", CLIP, "open_clip", open_clip_probe, "clip.visual.transformer.resblocks.-1.ln_1", "fc", tuple(f"clip.visual.transformer.resblocks.{i}" for i in range(10)), layout="tokens", weight=2),
    Family("clip", CLIP, "huggingface", hugging_face_tower("CLIP", hidden_size=256, num_hidden_layers=10, num_attention_heads=4, intermediate_size=1024, hidden_act="gelu"), f"{TOWER}.-1.layer_norm1", "fc", tuple(f"{TOWER}.{i}" for i in range(10)), layout="tokens", state_only=True),
    Family("siglip", SIGLIP, "timm", timm_net(SIGLIP, sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens", large=True, weight=2),
    Family("siglip", SIGLIP, "huggingface", hugging_face_tower("Siglip"), f"{TOWER}.-1.layer_norm1", "fc", tuple(f"{TOWER}.{i}" for i in range(12)), layout="tokens", state_only=True, large=True),
    Family("beit", BEIT, "timm", timm_net(BEIT, sized=True), "blocks.-1.norm1", "head", BLOCKS, layout="tokens", large=True, args=(("arch", BEIT),)),
    Family("beit", BEIT, "huggingface", hugging_face("beit", use_relative_position_bias=True), "beit.layers.-1.layernorm_before", "classifier", tuple(f"beit.layers.{i}" for i in range(12)), layout="tokens", rename=beit_keys_of_transformers_4, state_only=True, large=True, args=(("arch", BEIT),)),
    Family("swin", SWIN, "timm", timm_net(SWIN, sized=True), "layers.-1.blocks.-1.norm1", "head.fc", tuple(f"layers.{i}" for i in FOUR), layout="nhwc", weight=2),
    Family("swin", SWIN, "torchvision", torchvision_net("swin_t"), "features.-1.-1.norm1", "head", tuple(f"features.{i}" for i in range(1, 8)), layout="nhwc", weight=2),
    Family("swin", SWIN, "huggingface", hugging_face("swin"), "swin.encoder.layers.-1.blocks.-1.layernorm_before", "classifier", tuple(f"swin.encoder.layers.{i}.blocks.0" for i in FOUR), layout="tokens", size=(224, 224), rename=keys_of_transformers_4, state_only=True),
    Family("swin", SWIN, "original", timm_net(SWIN), "layers.-1.blocks.-1.norm1", "head.fc", tuple(f"layers.{i}" for i in FOUR), layout="nhwc", size=(224, 224), rename=original_swin, state_only=True),
    Family("swin_v2", SWIN_V2, "timm", timm_net(SWIN_V2, sized=True), "layers.-1.blocks.-1.norm1", "head.fc", tuple(f"layers.{i}" for i in FOUR), layout="nhwc", args=(("arch", SWIN_V2),)),
    Family("swin_v2", SWIN_V2, "torchvision", torchvision_net("swin_v2_t"), "features.-1.-1.norm1", "head", tuple(f"features.{i}" for i in range(1, 8)), layout="nhwc"),
    Family("swin_v2", SWIN_V2, "original", timm_net(SWIN_V2), "layers.-1.blocks.-1.norm1", "head.fc", tuple(f"layers.{i}" for i in FOUR), layout="nhwc", size=(256, 256), rename=original_swin, state_only=True, args=(("arch", SWIN_V2),)),
    Family("pvt_v2", PVT, "timm", timm_net(PVT), "stages.-1.norm", "head", tuple(f"stages.{i}" for i in FOUR), weight=2),
    Family("pvt_v2", PVT, "original", timm_net(PVT), "stages.-1.norm", "head", tuple(f"stages.{i}" for i in FOUR), rename=original_pvt, state_only=True),
    Family("pvt_v2", PVT, "huggingface", hugging_face("pvt"), "pvt_v2.encoder.layers.-1.layer_norm", "classifier", tuple(f"pvt_v2.encoder.layers.{i}.blocks.0" for i in FOUR), layout="tokens", rename=keys_of_transformers_4, state_only=True),
]
NAMES = tuple(dict.fromkeys(f.name for f in FAMILIES))
