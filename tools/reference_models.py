"""PyTorch's models by architecture and spelling, at any size, and how a checkpoint as users have it gets into them.

Every maker takes (arch, classes, size) and gives (model, the state dict of a user's checkpoint, how that one is loaded).
"""
import collections, re

import torchvision_cpu  # noqa: F401 (before torchvision, timm and transformers)
import timm, torch, torchvision
from torchvision.models import mnasnet
from torchvision.models.vision_transformer import VisionTransformer

TINY = dict(hidden_size=192, num_attention_heads=3, intermediate_size=768, num_hidden_layers=12)


def named(model, rename=lambda key: key):
    """The model, its state dict under the checkpoint's keys, and the way back."""
    names = {rename(key): key for key in model.state_dict()}
    usual = {name: model.state_dict()[key] for name, key in names.items()}
    return model, usual, lambda state: {names[name]: value for name, value in state.items()}


# timm's names of architectures that we call by torchvision's
TIMM = {"efficientnet_v2_s": "efficientnetv2_s", "efficientnet_v2_m": "efficientnetv2_m", "efficientnet_v2_l": "efficientnetv2_l",
        "mobilenet_v2": "mobilenetv2_100", "mobilenet_v3_large": "mobilenetv3_large_100", "mobilenet_v3_small": "mobilenetv3_small_100",
        "regnet_x_400mf": "regnetx_004_tv", "regnet_x_800mf": "regnetx_008", "regnet_x_1_6gf": "regnetx_016", "regnet_x_3_2gf": "regnetx_032",
        "regnet_x_8gf": "regnetx_080", "regnet_x_16gf": "regnetx_160", "regnet_x_32gf": "regnetx_320", "regnet_y_400mf": "regnety_004",
        "regnet_y_800mf": "regnety_008_tv", "regnet_y_1_6gf": "regnety_016", "regnet_y_3_2gf": "regnety_032", "regnet_y_8gf": "regnety_080_tv",
        "regnet_y_16gf": "regnety_160", "regnet_y_32gf": "regnety_320", "regnet_y_128gf": "regnety_1280",
        "se_resnet50": "legacy_seresnet50", "se_resnet101": "legacy_seresnet101", "se_resnet152": "legacy_seresnet152",
        "se_resnext50_32x4d": "legacy_seresnext50_32x4d", "se_resnext101_32x4d": "legacy_seresnext101_32x4d",
        "resnest50_fast_4s2x40d": "resnest50d_4s2x40d", "resnest50_fast_1s4x24d": "resnest50d_1s4x24d",
        "xception": "legacy_xception"}
# MobileNetV2s by timm's names, and torchvision's factor
WIDTHS = {"mobilenetv2_035": 0.35, "mobilenetv2_050": 0.5, "mobilenetv2_075": 0.75, "mobilenetv2_140": 1.4}


def torchvision_cnn(arch, classes, size):
    if arch in WIDTHS:
        return named(torchvision.models.mobilenet_v2(num_classes=classes, width_mult=WIDTHS[arch]))
    return named(getattr(torchvision.models, arch)(num_classes=classes))


def torchvision_inception(arch, classes, size, aux=True):
    """inception_v3 or googlenet, as torchvision's functions set them where they load weights."""
    return named(getattr(torchvision.models, arch)(num_classes=classes, aux_logits=aux, transform_input=True, init_weights=False))


def pretrainedmodels_inception(arch, classes, size):
    """Cadene's. Its inceptionv3 pools 8x8 positions, which 299 pixels give, and calls neither AuxLogits nor transform_input."""
    import pretrainedmodels
    if arch == "xception":
        return named(pretrainedmodels.xception(num_classes=classes, pretrained=None))
    model = pretrainedmodels.inceptionv3(pretrained=None)
    model.last_linear = torch.nn.Linear(2048, classes)
    return named(model)


def torchvision_vit(arch, classes, size):
    """vit_tiny_patch16, which torchvision's class can be, though it has no function for it."""
    return named(VisionTransformer(size[0], 16, 12, 3, 192, 768, num_classes=classes))


def torchvision_swin(arch, classes, size):
    version = "swin_v2" if arch.startswith("swinv2") else "swin"
    return named(getattr(torchvision.models, f"{version}_{arch.split('_')[1][0]}")(num_classes=classes))


def mnasnet_v1(arch, classes, size):
    """torchvision's model, which takes on version 1's stem of 32 and 16 channels when it loads such a checkpoint."""
    model = mnasnet.MNASNet(float(arch.removeprefix("mnasnet").replace("_", ".")), classes)
    usual = model.state_dict()
    narrow = {**{f"layers.{i}": 32 for i in (0, 1, 3, 4)}, "layers.7": 16}
    for key, value in usual.items():
        module = key.rsplit(".", 1)[0]
        if module in narrow and value.dim() > 0:
            usual[key] = torch.empty(narrow[module], *value.shape[1:])
    usual["layers.6.weight"] = torch.empty(16, 32, 1, 1)
    usual["layers.8.0.layers.0.weight"] = torch.empty(48, 16, 1, 1)
    for key in [k for k in usual if re.match(r"layers\.8\.0\.layers\.[134]\.", k) and usual[k].dim() > 0]:
        usual[key] = torch.empty(48, *usual[key].shape[1:])
    out = usual["layers.8.0.layers.6.weight"].shape[0]
    usual["layers.8.0.layers.6.weight"] = torch.empty(out, 48, 1, 1)

    def back(state):
        state = collections.OrderedDict(state)
        state._metadata = {"": {"version": 1}}
        return state

    return model, usual, back


def pretrainedmodels(arch, classes, size):
    """Cadene's networks, whose last pool is for maps of 7x7."""
    from pretrainedmodels.models import senet

    return named(getattr(senet, arch.removeprefix("legacy_"))(num_classes=classes, pretrained=None))


def pretrainedmodels_any(arch, classes, size):
    """The same with the mean of a map of any size in that place."""
    made = pretrainedmodels(arch, classes, size)
    made[0].avg_pool = torch.nn.AdaptiveAvgPool2d(1)
    return made


def resnest(arch, classes, size):
    """The authors' networks; timm's names end with a letter."""
    from resnest.torch import ablation, resnest as deep

    name = re.sub(r"^(resnest\d+)[de]$", r"\1", arch)
    return named(getattr(ablation if "fast" in name else deep, name)(num_classes=classes))


def timm_any(arch, classes, size):
    return named(timm.create_model(TIMM.get(arch, arch), num_classes=classes))


def convnext_original(arch, classes, size):
    """timm's ConvNeXt, and a checkpoint as the authors have it, which timm's own rules for such files turn into it."""
    model = timm.create_model(arch, num_classes=classes)
    usual = {}
    for key, value in model.state_dict().items():
        key = re.sub(r"^stem\.", "downsample_layers.0.", key)
        key = re.sub(r"^stages\.(\d)\.downsample\.", r"downsample_layers.\1.", key)
        key = re.sub(r"^stages\.(\d)\.blocks\.", r"stages.\1.", key)
        key = key.replace("conv_dw", "dwconv").replace("mlp.fc", "pwconv").replace("head.fc.", "head.").replace("head.norm.", "norm.")
        key = key.replace("mlp.grn.weight", "grn.gamma").replace("mlp.grn.bias", "grn.beta")
        usual[key] = value.reshape(1, 1, 1, -1) if "grn" in key else value.flatten(1) if "pwconv" in key and value.dim() > 1 else value
    return model, usual, lambda state: timm.models.convnext.checkpoint_filter_fn(state, model)


def timm_resized(arch, classes, size):
    """timm's model at another size, and what brings a checkpoint of the usual size into it."""
    model = timm.create_model(arch, num_classes=classes, img_size=tuple(size))
    swins = timm.models.swin_transformer_v2 if arch.startswith("swinv2") else timm.models.swin_transformer
    module = swins if arch.startswith("swin") else timm.models.beit if arch.startswith("beit") else timm.models.vision_transformer
    usual = timm.create_model(arch, num_classes=classes).state_dict()
    return model, usual, lambda state: module.checkpoint_filter_fn(state, model)


def timm_at_size(arch, classes, size):
    """A checkpoint that was trained at this size."""
    return named(timm.create_model(arch, num_classes=classes, img_size=tuple(size)))


def timm_dynamic(arch, classes, size):
    """timm's ViT as it is published, which resamples its positions for each picture."""
    return named(timm.create_model(arch, num_classes=classes, dynamic_img_size=True))


def timm_token(arch, classes, size):
    """A BEiT whose head reads the class token, trained at this size."""
    return named(timm.create_model(arch, num_classes=classes, img_size=tuple(size), global_pool="token"))


def deit3_original(arch, classes, size):
    """timm's, and a checkpoint as the authors have it."""
    return named(timm.create_model(arch, num_classes=classes, dynamic_img_size=True),
                 lambda key: re.sub(r"\.ls(\d)\.gamma", r".gamma_\1", key))


class Dinov2Probe(torch.nn.Module):
    """A linear classifier as those of torch.hub: of the class token alone (0), or as its `layers` of 1 or 4."""

    def __init__(self, backbone, layers, classes):
        super().__init__()
        self.backbone, self.layers = backbone, layers
        self.linear_head = torch.nn.Linear((1 + layers) * backbone.embed_dim, classes)

    def forward(self, x):
        if self.layers == 0:
            return self.linear_head(self.backbone(x))
        blocks = self.backbone.get_intermediate_layers(x, n=self.layers, return_class_token=True)
        return self.linear_head(torch.cat([token for _, token in blocks] + [blocks[-1][0].mean(dim=1)], dim=1))


def dinov2_original(layers, chunks=0):
    """facebookresearch/dinov2's, with the options of its models in torch.hub."""
    def make(arch, classes, size):
        from dinov2.models import vision_transformer as vits

        reg = dict(num_register_tokens=4, interpolate_antialias=True, interpolate_offset=0.0) if "reg4" in arch else {}
        name = "vit_giant2" if "giant" in arch else "_".join(arch.split("_")[:2])
        ffn = dict(ffn_layer="swiglufused") if "giant" in arch else {}
        net = getattr(vits, name)(img_size=518, patch_size=14, init_values=1.0, block_chunks=chunks, **ffn, **reg)
        return named(Dinov2Probe(net, layers, classes))
    return make


DINOV2_SIZES = dict(small=(384, 12, 6), base=(768, 12, 12), large=(1024, 24, 16), giant=(1536, 40, 24))


def dinov2_keys_of_transformers_4(key):
    key = key.replace("attention.o_proj", "attention.output.dense")
    key = re.sub(r"attention\.([qkv])_proj", lambda m: "attention.attention." + dict(q="query", k="key", v="value")[m[1]], key)
    return key


def huggingface_dinov2(arch, classes, size):
    import transformers as t

    hidden, depth, heads = DINOV2_SIZES[arch.split("_")[1]]
    shape = dict(hidden_size=hidden, num_hidden_layers=depth, num_attention_heads=heads, mlp_ratio=4, image_size=518, patch_size=14,
                 num_labels=classes, use_swiglu_ffn="giant" in arch)
    if "reg4" in arch:
        model = t.Dinov2WithRegistersForImageClassification(t.Dinov2WithRegistersConfig(num_register_tokens=4, **shape))
    else:
        model = t.Dinov2ForImageClassification(t.Dinov2Config(**shape))
    return named(model, dinov2_keys_of_transformers_4)


class Dinov2Head(torch.nn.Module):
    """A user's head of several layers that reads Dinov2Model's class token, or that and the mean of the patches."""

    def __init__(self, backbone, head, tokens):
        super().__init__()
        self.backbone, self.head, self.tokens = backbone, head, tokens

    def forward(self, x):
        y = self.backbone(x).last_hidden_state
        return self.head(torch.cat([y[:, 0], y[:, 1:].mean(1)][:self.tokens], 1))


def huggingface_dinov2_head(tokens):
    """@param tokens 1 for the class token, 2 for that and the mean"""
    def make(arch, classes, size):
        backbone = huggingface_dinov2(arch, classes, size)[0].dinov2
        width = tokens * backbone.config.hidden_size
        layers = torch.nn.Sequential(torch.nn.LayerNorm(width), torch.nn.Linear(width, 24), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(24, classes))
        return named(Dinov2Head(backbone, layers, tokens), dinov2_keys_of_transformers_4)
    return make


CLIP_SIZES = dict(xsmall=(256, 10, 4, 512), medium=(512, 12, 8, 512), base=(768, 12, 12, 512), large=(1024, 24, 16, 768))


def clip_shape(arch):
    """(width, depth, heads, projection, patch, whether its activation is QuickGELU) of timm's name."""
    words = arch.split("_")
    return (*CLIP_SIZES[words[1]], int(words[2].removeprefix("patch")), "quickgelu" in words)


class ImageEmbedding(torch.nn.Module):
    """What encode_image gives of a model with two towers, and a classifier of it, if any."""

    def __init__(self, towers, features, classes):
        super().__init__()
        self.clip = towers
        self.fc = torch.nn.Linear(features, classes) if classes else torch.nn.Identity()

    def forward(self, x):
        return self.fc(self.clip.encode_image(x))


def open_clip_towers(arch, size):
    """open_clip's CLIP, which has OpenAI's names, with a small text tower; and what resamples positions."""
    from open_clip import model as clip

    width, depth, heads, projection, patch, quick = clip_shape(arch)
    vision = clip.CLIPVisionCfg(layers=depth, width=width, head_width=width // heads, patch_size=patch, image_size=tuple(size))
    text = clip.CLIPTextCfg(context_length=7, vocab_size=11, width=16, heads=2, layers=2)
    return clip.CLIP(projection, vision, text, quick_gelu=quick), projection


def open_clip(arch, classes, size):
    """A checkpoint of the size that `arch` is for, with both towers."""
    from open_clip.model import resize_pos_embed

    own = int(arch.rsplit("_", 1)[1])
    made = [ImageEmbedding(*open_clip_towers(arch, side), classes) for side in (size, (own, own))]

    def back(state):
        state, prefix = dict(state), "clip."
        inner = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
        resize_pos_embed(inner, made[0].clip)
        return {**state, **{prefix + key: value for key, value in inner.items()}}

    return made[0], made[1].state_dict(), back


class Interpolated(torch.nn.Module):
    """transformers' model for pictures of another size."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        y = self.model(x, interpolate_pos_encoding=True)
        return y if hasattr(y, "logits") else y.image_embeds if hasattr(y, "image_embeds") else y.pooler_output


def huggingface_clip(kind):
    """CLIPForImageClassification, or CLIPVisionModelWithProjection, whose classes are its embedding."""
    def make(arch, classes, size):
        import transformers as t

        width, depth, heads, projection, patch, quick = clip_shape(arch)
        vision = t.CLIPVisionConfig(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=depth, num_attention_heads=heads,
                                    patch_size=patch, image_size=int(arch.rsplit("_", 1)[1]), projection_dim=projection,
                                    hidden_act="quick_gelu" if quick else "gelu")
        config = vision if kind.startswith("CLIPVision") else t.CLIPConfig(vision_config=vision.to_dict(), num_labels=classes)
        return named(Interpolated(getattr(t, kind)(config)), lambda key: key.removeprefix("model."))
    return make


SIGLIP_SIZES = dict(base=(768, 12, 12, 3072), large=(1024, 24, 16, 4096), so400m=(1152, 27, 16, 4304), small=(48, 2, 3, 192))


def huggingface_siglip(kind):
    """SiglipForImageClassification, or SiglipVisionModel, whose output is its embedding."""
    def make(arch, classes, size):
        import transformers as t

        words = arch.split("_")
        width, depth, heads, hidden = SIGLIP_SIZES[words[1]]
        vision = t.SiglipVisionConfig(hidden_size=width, intermediate_size=hidden, num_hidden_layers=depth, num_attention_heads=heads,
                                      patch_size=int(words[2].removeprefix("patch")), image_size=int(words[-1]))
        config = vision if kind == "SiglipVisionModel" else t.SiglipConfig(vision_config=vision.to_dict(), num_labels=classes)
        return named(Interpolated(getattr(t, kind)(config)), lambda key: key.removeprefix("model."))
    return make


class TowerProbe(torch.nn.Module):
    """A user's classifier of what CLIPVisionModel or SiglipVisionModel gives of a picture."""

    def __init__(self, tower, classes):
        super().__init__()
        self.encoder, self.fc = tower, torch.nn.Linear(tower.config.hidden_size, classes)

    def forward(self, x):
        return self.fc(self.encoder(x, interpolate_pos_encoding=True).pooler_output)


def huggingface_probe(make):
    """@param make huggingface_clip or huggingface_siglip of the model of the picture's tower"""
    def probe(arch, classes, size):
        return named(TowerProbe(make(arch, classes, size)[0].model, classes))
    return probe


class EmbeddingHead(torch.nn.Module):
    """A user's head of several layers that reads CLIP's embedding."""

    def __init__(self, encoder, classes):
        super().__init__()
        self.encoder = encoder
        self.head = torch.nn.Sequential(torch.nn.Linear(encoder.config.projection_dim, 24), torch.nn.ReLU(), torch.nn.Linear(24, classes))

    def forward(self, x):
        return self.head(self.encoder(x, interpolate_pos_encoding=True).image_embeds)


def huggingface_embedding_head(arch, classes, size):
    return named(EmbeddingHead(huggingface_clip("CLIPVisionModelWithProjection")(arch, classes, size)[0].model, classes))


def beit_keys_of_transformers_4(key):
    key = re.sub(r"layers\.(\d+)\.relative_position_bias", r"layers.\1.attention.attention.relative_position_bias", key)
    return vit_keys_of_transformers_4(key.replace("beit.layers.", "beit.encoder.layer."))


def huggingface_beit(arch, classes, size, kind="Beit", trained=None):
    """Of the size that `arch` is for, or `trained`; it resamples its tables for each picture."""
    import transformers as t

    words = arch.split("_")
    width, depth, heads = dict(base=(768, 12, 12), large=(1024, 24, 16))[words[1]]
    config = getattr(t, f"{kind}Config")(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=depth, num_attention_heads=heads, image_size=trained or int(words[-1]),
                        use_relative_position_bias=True, num_labels=classes)
    return named(getattr(t, f"{kind}ForImageClassification")(config), beit_keys_of_transformers_4)


def huggingface_beit_at_size(arch, classes, size):
    """Trained at this size."""
    return huggingface_beit(arch, classes, size, trained=tuple(size))


def huggingface_data2vec(arch, classes, size):
    """The same network by another training."""
    return huggingface_beit(arch, classes, size, "Data2VecVision")


def efficientnet_pytorch(arch, classes, size):
    """lukemelas', or a Lite network of the package with the same names; it pads for its own size, whatever `size` is."""
    if "lite" in arch:
        from efficientnet_lite_pytorch import EfficientNet
    else:
        from efficientnet_pytorch import EfficientNet
    return named(EfficientNet.from_name(arch.replace("_", "-"), num_classes=classes))


def vit_keys_of_transformers_4(key):
    key = key.replace("vit.layers.", "vit.encoder.layer.").replace("attention.o_proj", "attention.output.dense")
    key = re.sub(r"attention\.([qkv])_proj", lambda m: "attention.attention." + dict(q="query", k="key", v="value")[m[1]], key)
    return key.replace("mlp.fc1", "intermediate.dense").replace("mlp.fc2", "output.dense")


def huggingface_vit(arch, classes, size):
    from transformers import ViTConfig, ViTForImageClassification

    config = ViTConfig(image_size=tuple(size), num_labels=classes, **TINY)
    return named(ViTForImageClassification(config), vit_keys_of_transformers_4)


def huggingface_deit(arch, classes, size):
    from transformers import DeiTConfig, DeiTForImageClassificationWithTeacher

    return named(DeiTForImageClassificationWithTeacher(DeiTConfig(image_size=tuple(size), num_labels=classes, **TINY)))


def huggingface_swin(arch, classes, size):
    from transformers import SwinConfig, SwinForImageClassification

    return named(SwinForImageClassification(SwinConfig(image_size=tuple(size), num_labels=classes)))


def huggingface_swin_v2(arch, classes, size):
    """Windows of 8 or 16; the model's own numbers of channels, blocks and heads are the tiny one's."""
    from transformers import Swinv2Config, Swinv2ForImageClassification

    window = int(re.search(r"window(\d+)", arch)[1])
    return named(Swinv2ForImageClassification(Swinv2Config(image_size=tuple(size), num_labels=classes, window_size=window)))


def huggingface_resnet(arch, classes, size):
    """As microsoft/resnet-18 to resnet-152."""
    from transformers import ResNetConfig, ResNetForImageClassification

    depth = int(arch.removeprefix("resnet"))
    basic = depth < 50
    depths = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}[depth]
    widths = [64, 128, 256, 512] if basic else [256, 512, 1024, 2048]
    return named(ResNetForImageClassification(ResNetConfig(depths=depths, hidden_sizes=widths, layer_type="basic" if basic else "bottleneck", num_labels=classes)))


# Of facebook/regnet-x-002 and others: channels, blocks and the channels of a group
REGNETS = {"regnetx_002": ([24, 56, 152, 368], [1, 1, 4, 7], 8), "regnety_006": ([48, 112, 256, 608], [1, 3, 7, 4], 16)}


def huggingface_regnet(arch, classes, size):
    from transformers import RegNetConfig, RegNetForImageClassification

    widths, depths, group = REGNETS[arch]
    return named(RegNetForImageClassification(RegNetConfig(hidden_sizes=widths, depths=depths, groups_width=group, layer_type=arch[6], num_labels=classes)))


def huggingface_convnext(arch, classes, size):
    """As facebook/convnext-tiny-224 and facebook/convnextv2-atto-1k-224."""
    import transformers as t

    width, depths = dict(convnext_tiny=(96, [3, 3, 9, 3]), convnextv2_atto=(40, [2, 2, 6, 2]))[arch]
    kind = "ConvNextV2" if "v2" in arch else "ConvNext"
    config = getattr(t, f"{kind}Config")(hidden_sizes=[width << i for i in range(4)], depths=depths, num_labels=classes)
    return named(getattr(t, f"{kind}ForImageClassification")(config))


def huggingface_mobilenet_v2(arch, classes, size):
    """As google/mobilenet_v2_1.0_224; the configuration's own epsilon and padding are TensorFlow's."""
    from transformers import MobileNetV2Config, MobileNetV2ForImageClassification

    width = dict(mobilenet_v2=1.0, mobilenetv2_035=0.35, mobilenetv2_050=0.5, mobilenetv2_075=0.75, mobilenetv2_140=1.4)[arch]
    return named(MobileNetV2ForImageClassification(MobileNetV2Config(depth_multiplier=width, num_labels=classes)))


# google/efficientnet-b0 to b7: width, depth, side in pixels, channels of the head, blocks whose map has an odd side
EFFICIENTNETS = {"b0": (1.0, 1.0, 224, 1280, []), "b1": (1.0, 1.1, 240, 1280, [16]), "b2": (1.1, 1.2, 260, 1408, [5, 8, 16]), "b3": (1.2, 1.4, 300, 1536, [5, 18]),
                 "b4": (1.4, 1.8, 380, 1792, [6]), "b5": (1.6, 2.2, 456, 2048, [13, 27]), "b6": (1.8, 2.6, 528, 2304, [31]), "b7": (2.0, 3.1, 600, 2560, [18])}


def huggingface_efficientnet(arch, classes, size):
    """As it is published, with the padding for its own size, whatever `size` is."""
    from transformers import EfficientNetConfig, EfficientNetForImageClassification

    width, depth, side, hidden, odd = EFFICIENTNETS[arch[-2:]]
    return named(EfficientNetForImageClassification(EfficientNetConfig(width_coefficient=width, depth_coefficient=depth, image_size=side, hidden_dim=hidden,
                                                                      depthwise_padding=odd, num_labels=classes)))


def huggingface_pvt(arch, classes, size):
    from transformers import PvtV2Config, PvtV2ForImageClassification

    shape = dict(hidden_sizes=[64, 128, 320, 512], depths=[3, 4, 6, 3]) if "b2" in arch else {}  # the configuration's own is b0
    config = PvtV2Config(image_size=tuple(size), num_labels=classes, linear_attention=arch.endswith("_li"), **shape)
    return named(PvtV2ForImageClassification(config))


def load(model, back, state):
    """Loads a made checkpoint; only what follows from the architecture may be missing."""
    missing, unexpected = model.load_state_dict(back(state), strict=False)
    assert not unexpected and all(re.search("num_batches|relative_(position_index|coords_table)|attn_mask", key) for key in missing), (missing, unexpected)
