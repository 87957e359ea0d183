"""Makes fresh reference cases in the form of test/data/golden: `python make_goldens.py OUT [--seed N] [--only PATTERN] [--set JSON]`.

Needs torch, torchvision, timm, transformers, grad-cam and safetensors (tools/requirements.txt). What pytorch-grad-cam computes is taken
as it is, but for what docs/DIFFERENCES.md says: in-place ReLUs are off (they overwrite saved activations), an eigen map's
entry of largest magnitude is positive (LAPACK's sign is arbitrary), guided backprop guides every ReLU, AblationCAM sets
channels to zero and divides by |score|. The newer methods (newer_methods.py), those of attention and the gradients at the
picture are computed in float64, the former for cases of one layer.
"""
import argparse
import json
import random
import re
from pathlib import Path

import cv2
import numpy as np
import torch
import reference_models as models  # first: it makes torchvision importable
import make_attention_reference as attention
import pytorch_grad_cam
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors.torch import save_file

from made_weights import make_weight
from input_gradients import integrated, saliency, smoothgrad
from newer_methods import final, fix_signs, newer_maps, smoothed_maps

PICTURE = Path(__file__).parent.parent / "test/data/golden/picture.png"
STATISTICS = {"imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), "half": ([0.5] * 3, [0.5] * 3)}
# A map that changes with the picture's last bits is judged by how far: of one change alone that would be luck.
NUDGE, NUDGES = 1e-6, 4
METHODS = {
    "gradcam": "GradCAM",
    "gradcam++": "GradCAMPlusPlus",
    "xgradcam": "XGradCAM",
    "layercam": "LayerCAM",
    "hirescam": "HiResCAM",
    "elementwise": "GradCAMElementWise",
    "eigencam": "EigenCAM",
    "eigengradcam": "EigenGradCAM",
}


# The families beside DenseNet, each in a spelling or a size that test/data/golden has not: architecture, spelling, maker,
# patch (sizes are multiples of it), sides in patches, square or not, and layers of which one is drawn. A layer is written as
# PyTorch has it, or as [PyTorch's, a user's] where the file's names are of another version than the modules.
LAST_NORM = "blocks[-1].norm1"
FAMILIES = [
    ("resnext50_32x4d", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["layer2[-1].conv2", "layer4[-1]"]),
    ("resnet34", "timm", models.timm_any, 1, (40, 90), False, ["layer3[-1].act1", "layer4[-1]"]),
    ("alexnet", "torchvision", models.torchvision_cnn, 1, (70, 120), False, ["features[8]", "features[-1]"]),
    ("squeezenet1_0", "torchvision", models.torchvision_cnn, 1, (60, 110), False, ["features[4].squeeze", "features[-1]"]),
    ("squeezenet1_1", "torchvision", models.torchvision_cnn, 1, (60, 110), False, ["features[5]", "features[-1]"]),
    ("shufflenet_v2_x0_5", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["stage3[3].branch2[4]", "conv5"]),
    ("shufflenet_v2_x1_5", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["stage2[1].branch2[0]", "conv5"]),
    ("resnet18d", "timm", models.timm_any, 1, (40, 90), False, ["layer2[0].downsample", "layer4[-1]"]),
    ("resnet26t", "timm", models.timm_any, 1, (40, 90), False, ["conv1[3]", "layer4[-1]"]),
    ("resnet50c", "timm", models.timm_any, 1, (40, 90), False, ["layer3[0].conv2", "layer4[-1]"]),
    ("seresnet18", "timm", models.timm_any, 1, (40, 90), False, ["layer3[0].conv2", "layer4[-1]"]),
    ("seresnext26t_32x4d", "timm", models.timm_any, 1, (40, 90), False, ["layer3[-1]", "layer4[-1]"]),
    ("legacy_seresnet18", "timm", models.timm_any, 1, (40, 90), False, ["layer2[0].se_module", "layer4[-1]"]),
    ("se_resnet50", "pretrainedmodels", models.pretrainedmodels_any, 1, (40, 90), False, ["layer0", "layer3[0].conv1", "layer4[-1]"]),
    ("resnest14d", "timm", models.timm_any, 1, (40, 90), False, ["layer2[0].conv2", "layer4[-1]"]),
    ("resnest50_fast_2s2x40d", "resnest", models.resnest, 1, (40, 90), False, ["layer3[0].avd_layer", "layer4[-1]"]),
    ("resnest50_fast_1s4x24d", "resnest", models.resnest, 1, (40, 90), False, ["layer2[1].conv2", "layer4[-1]"]),
    ("regnet_y_400mf", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["trunk_output[1][0].f.b", "trunk_output[-1]"]),
    ("regnet_x_400mf", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["trunk_output[2][0].proj", "trunk_output[-1]"]),
    ("regnet_y_800mf", "timm", models.timm_any, 1, (40, 90), False, ["s3.b2.se", "s4"]),
    ("regnetx_002", "timm", models.timm_any, 1, (40, 90), False, ["s2.b1.conv2", "s4"]),
    ("regnety_006", "timm", models.timm_any, 1, (40, 90), False, ["s3.b1", "final_conv"]),
    ("inception_v3", "torchvision", models.torchvision_inception, 1, (139, 200), False, ["Mixed_6b.branch7x7_2", "Mixed_7c"]),
    ("inception_v3", "timm", models.timm_any, 1, (139, 200), False, ["Mixed_5c.branch3x3dbl_1.bn", "Mixed_7c"]),
    ("inception_v3", "pretrainedmodels", models.pretrainedmodels_inception, 1, (299, 400), False, ["Mixed_7c"]),
    ("googlenet", "torchvision", models.torchvision_inception, 1, (40, 90), False, ["inception4b.branch3[0]", "inception5b"]),
    ("xception", "timm", models.timm_any, 1, (50, 100), False, ["block5.rep[4]", "act4"]),
    ("xception", "pretrainedmodels", models.pretrainedmodels_inception, 1, (50, 100), False, ["block12.rep[1]", "bn4"]),
    ("mnasnet0_75", "torchvision", models.mnasnet_v1, 1, (40, 90), False, ["layers[9]", "layers[-1]"]),
    ("efficientnet_b0", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["features[3]", "features[-1]"]),
    ("efficientnet_b5", "torchvision", models.torchvision_cnn, 1, (33, 60), False, ["features[-1]"]),
    ("efficientnet_v2_s", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["features[2][0].block", "features[-1]"]),
    ("efficientnet_b1", "timm", models.timm_any, 1, (40, 90), False, ["blocks[3][0].conv_dw", "bn2"]),
    ("efficientnet_lite1", "timm", models.timm_any, 1, (40, 90), False, ["blocks[2][-1]", "bn2"]),
    ("tf_efficientnet_b0", "timm", models.timm_any, 1, (40, 90), False, ["blocks[5][0].conv_dw", "bn2"]),
    ("tf_efficientnetv2_b1", "timm", models.timm_any, 1, (40, 90), False, ["blocks[1][0].conv_exp", "bn2"]),
    ("tf_efficientnet_lite0", "timm", models.timm_any, 1, (40, 90), False, ["conv_stem", "bn2"]),
    ("efficientnet_b1", "efficientnet_pytorch", models.efficientnet_pytorch, 1, (40, 90), False,
     ["_blocks[5]._depthwise_conv.static_padding", "_bn1"]),
    ("efficientnet_lite2", "efficientnet_pytorch", models.efficientnet_pytorch, 1, (40, 90), False, ["_blocks[3]", "_bn1"]),
    ("mobilenet_v2", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["features[4].conv[1]", "features[-1]"]),
    ("mobilenetv2_050", "timm", models.timm_any, 1, (40, 90), False, ["blocks[2][0].bn1", "bn2"]),
    ("mobilenet_v3_large", "torchvision", models.torchvision_cnn, 1, (40, 90), False, ["features[7].block", "features[-1]"]),
    ("mobilenet_v3_small", "timm", models.timm_any, 1, (40, 90), False, ["blocks[2][0].se", "blocks[-1]"]),
    ("tf_mobilenetv3_large_075", "timm", models.timm_any, 1, (40, 90), False, ["blocks[4][0].bn3", "blocks[-1]"]),
    ("convnext_tiny", "torchvision", models.torchvision_cnn, 1, (64, 110), False, ["features[5][0]", "features[-1]"]),
    ("convnext_tiny", "timm", models.timm_any, 1, (64, 110), False, ["stages[1].blocks[0]", "stages[-1]"]),
    ("convnext_small", "original", models.convnext_original, 1, (64, 110), False,
     [["stages[2].blocks[1]", "stages[2][1]"], ["stages[-1]", "stages[-1]"]]),
    ("convnextv2_nano", "timm", models.timm_any, 1, (64, 110), False, ["stages[2].blocks[0].mlp.grn", "stages[-1]"]),
    ("convnextv2_tiny", "timm", models.timm_any, 1, (64, 110), False, ["stages[3].downsample", "stages[-1]"]),
    ("convnextv2_atto", "original", models.convnext_original, 1, (64, 110), False,
     [["stages[1].blocks[0]", "stages[1][0]"], ["stages[-1]", "stages[-1]"]]),
    ("vit_tiny_patch16_224", "torchvision", models.torchvision_vit, 16, (4, 7), True,
     ["encoder.layers[3].ln_1", "encoder.layers[-1].ln_1"]),
    ("vit_tiny_patch16_224", "huggingface", models.huggingface_vit, 16, (4, 7), False,
     [["vit.layers[2].layernorm_after", "vit.encoder.layer[2].layernorm_after"], ["vit.layers[-1].layernorm_before", LAST_NORM]]),
    ("vit_small_patch32_384", "timm", models.timm_resized, 32, (3, 6), False, ["blocks[1].norm2", LAST_NORM]),
    ("deit_tiny_distilled_patch16_224", "timm", models.timm_resized, 16, (4, 7), False, ["blocks[4].norm1", LAST_NORM]),
    ("deit_tiny_distilled_patch16_224", "huggingface", models.huggingface_deit, 16, (4, 7), False,
     [["deit.layers[-1].layernorm_before", LAST_NORM]]),
    ("deit3_small_patch16_224", "timm", models.timm_resized, 16, (3, 6), False, ["blocks[2].ls1", LAST_NORM]),
    ("vit_small_patch14_dinov2", "timm", models.timm_resized, 14, (3, 6), False, ["blocks[2].ls2", LAST_NORM]),
    ("vit_small_patch14_dinov2", "original", models.dinov2_original(4), 14, (3, 6), False,
     [["backbone.blocks[3].norm2", "blocks[3].norm2"], ["backbone.blocks[-1].norm1", LAST_NORM]]),
    ("vit_small_patch14_dinov2", "huggingface", models.huggingface_dinov2, 14, (3, 6), False,
     ["dinov2.encoder.layer[4].layer_scale1", ["dinov2.encoder.layer[-1].norm1", LAST_NORM]]),
    ("vit_small_patch14_reg4_dinov2", "timm", models.timm_resized, 14, (3, 6), False, ["blocks[1].mlp", LAST_NORM]),
    ("vit_small_patch14_reg4_dinov2", "huggingface", models.huggingface_dinov2, 14, (3, 6), False,
     [["dinov2_with_registers.encoder.layer[-1].norm1", LAST_NORM]]),
    ("vit_xsmall_patch16_clip_224", "timm", models.timm_resized, 16, (3, 6), False, ["blocks[1].mlp", LAST_NORM]),
    ("vit_xsmall_patch16_clip_224", "open_clip", models.open_clip, 16, (3, 6), False,
     ["clip.visual.transformer.resblocks[2].mlp.gelu", ["clip.visual.transformer.resblocks[-1].ln_1", LAST_NORM]]),
    ("vit_xsmall_patch16_clip_224", "huggingface", models.huggingface_clip("CLIPForImageClassification"), 16, (3, 6), False,
     [["model.vision_model.encoder.layers[4].mlp.activation_fn", "vision_model.encoder.layers[4].mlp.activation_fn"],
      ["model.vision_model.encoder.layers[-1].layer_norm1", LAST_NORM]]),
    ("vit_base_patch16_siglip_224", "timm", models.timm_resized, 16, (3, 5), False, ["blocks[1].mlp", LAST_NORM]),
    ("vit_base_patch16_siglip_224", "huggingface", models.huggingface_siglip("SiglipForImageClassification"), 16, (3, 5), False,
     [["model.vision_model.encoder.layers[-1].layer_norm1", LAST_NORM]]),
    ("beit_base_patch16_224", "timm", models.timm_resized, 16, (3, 5), False, ["blocks[1].mlp", LAST_NORM]),
    ("beit_base_patch16_224", "huggingface", models.huggingface_beit, 16, (3, 5), False,
     [["beit.layers[-1].layernorm_before", LAST_NORM]]),
    ("swin_tiny_patch4_window7_224", "torchvision", models.torchvision_swin, 4, (20, 41), False,
     ["features[1][-1].norm2", "features[-1][-1].norm1"]),
    ("swin_tiny_patch4_window7_224", "huggingface", models.huggingface_swin, 32, (7, 9), False,
     [["swin.encoder.layers[1].blocks[0].layernorm_before", "layers[1].blocks[0].norm1"],
      ["swin.encoder.layers[-1].blocks[-1].layernorm_before", "layers[-1].blocks[-1].norm1"]]),
    ("swin_tiny_patch4_window7_224", "timm", models.timm_at_size, 4, (20, 41), False,
     ["layers[0].blocks[-1].norm2", "layers[-1].blocks[-1].norm1"]),
    ("swin_base_patch4_window12_384", "timm", models.timm_resized, 4, (28, 50), False,
     ["layers[1].blocks[-1].norm1", "layers[-1].blocks[-1].norm1"]),
    ("swinv2_tiny_window8_256", "torchvision", models.torchvision_swin, 4, (20, 41), False,
     ["features[1][-1].norm2", "features[-1][-1].norm1"]),
    ("swinv2_tiny_window8_256", "huggingface", models.huggingface_swin_v2, 32, (3, 6), False,
     [["swinv2.encoder.layers[1].blocks[0].layernorm_before", "layers[1].blocks[0].norm1"],
      ["swinv2.encoder.layers[-1].blocks[-1].layernorm_before", "layers[-1].blocks[-1].norm1"]]),
    ("swinv2_tiny_window16_256", "timm", models.timm_at_size, 4, (20, 41), False,
     ["layers[0].blocks[-1].norm2", "layers[-1].blocks[-1].norm1"]),
    ("swinv2_base_window12to16_192to256", "timm", models.timm_at_size, 4, (16, 30), False,
     ["layers[1].blocks[-1].norm1", "layers[-1].blocks[-1].norm1"]),
    ("pvt_v2_b5", "timm", models.timm_any, 1, (40, 90), False, ["stages[0].blocks[1].norm2", "stages[-1].norm"]),
    ("pvt_v2_b0", "huggingface", models.huggingface_pvt, 1, (40, 90), False,
     [["pvt_v2.encoder.layers[1].blocks[0].layer_norm_2", "block2[0].norm2"], ["pvt_v2.encoder.layers[-1].layer_norm", "norm4"]]),
]


# Of these the gradients of many pictures are compared too: in networks with ReLUs some picture always has one at the edge.
SAMPLED = ("vit_tiny_patch16_224",)

# Deep networks of wide convolutions, in which larger weights make values that no f32 holds.
WIDE = ("efficientnet_v2_s", "tf_efficientnetv2_b1")

# Layers of convolutional networks that a global pooling and one Linear follow.
POOLED = (
    "features[-1]", "layer4[-1]", "layers[-1]", "bn2", "conv5", "trunk_output[-1]", "s4", "final_conv", "Mixed_7c", "inception5b", "act4")


def draw_cases(seed):
    """Cases of random sizes, layers and targets. Names say what they are; sizes are [height, width]."""
    rng = random.Random(seed)
    side = lambda low, high: rng.randrange(low, high + 1)
    cases = []
    for arch in ("densenet121", "densenet161", "densenet169", "densenet201"):
        block = rng.randrange(1, 5)
        layers = [rng.choice([f"features.denseblock{block}", f"features.denseblock{block}.denselayer2.conv1", "features[-1]"])]
        cases.append(dict(arch=arch, dialect="torchvision", size=[side(64, 120), side(64, 120)], layers=layers, stats=rng.choice(["imagenet", "half"]), classes=side(2, 20)))
    cases.append(dict(arch="densenet121", dialect="torchvision", size=[side(64, 130), side(64, 130)], layers=["features.transition2.conv", "features[-1]"], stats="imagenet", classes=15))
    for case in cases:
        case.update(maker=models.torchvision_cnn, gain=2**0.5)
    for arch, dialect, maker, patch, (low, high), square, layers in FAMILIES:
        size = [patch * side(low, high), patch * side(low, high)]
        layer = rng.choice(layers)
        cases.append(dict(arch=arch, dialect=dialect, maker=maker, patch=patch, size=[size[0]] * 2 if square else size,
                          layers=[layer[1] if isinstance(layer, list) else layer], classes=rng.choice([2, 15, side(3, 20)]),
                          modules=[layer[0] if isinstance(layer, list) else layer],
                          stats=rng.choice(["imagenet", "half"]), gain=2**0.5 if re.search("net|inception", arch) and arch not in WIDE else 1.0))
    return cases


def resolve(model, path):
    """A module by a path with Python's indexes, as users of pytorch-grad-cam write it."""
    for name, index in re.findall(r"([A-Za-z_]\w*|\d+)|\[(-?\d+)\]", path):
        model = model[int(index)] if index else (model[int(name)] if name.isdigit() else getattr(model, name))
    return model


class Logits(torch.nn.Module):
    """A model of which only the logits are given, as transformers' models give more."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        output = self.model(x)
        return output if isinstance(output, torch.Tensor) else output.logits


def layout(case, shape):
    """The grid of tokens [B, N, C] or of a map [B, H, W, C], and how many tokens come before it; None for [B, C, H, W]."""
    if len(shape) == 4:
        return (tuple(shape[1:3]), 0) if case["arch"].startswith("swin") else None
    height, width = case["size"]
    prefix = 0 if "siglip" in case["arch"] else 2 if "distilled" in case["arch"] else 5 if "reg4" in case["arch"] else 1 if re.search("vit|deit|beit", case["arch"]) else 0
    grids = [(-(-height // stride), -(-width // stride)) for stride in (4, 8, 14, 16, 32)]
    return next(g for g in grids if g[0] * g[1] == shape[1] - prefix), prefix


def as_map(case):
    """reshape_transform: tokens and channels-last maps as [B, C, H, W]."""

    def transform(x):
        found = layout(case, x.shape)
        if found is None:
            return x
        grid, prefix = found
        return x.flatten(1, -2)[:, prefix:].unflatten(1, grid).permute(0, 3, 1, 2)

    return transform


class GuidedRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g.clamp(min=0) * (y > 0)


def guided_gradient(model, x, target):
    """The gradient of the target's logit at the picture, every ReLU guided, functional ones too: [H, W, C]."""
    plain = torch.nn.functional.relu
    torch.nn.functional.relu = lambda input, inplace=False: GuidedRelu.apply(input)
    try:
        x = x.clone().requires_grad_(True)
        model(x)[0, target].backward()
    finally:
        torch.nn.functional.relu = plain
    return x.grad[0].permute(1, 2, 0).contiguous()


def at_layers(model, layers, x, target):
    """Activations and the gradients of the target's logit."""
    kept = {}
    hooks = [layer.register_forward_hook(lambda _m, _i, y, i=i: (y.retain_grad(), kept.__setitem__(i, y))[0]) for i, layer in enumerate(layers)]
    model(x)[0, target].backward()
    for hook in hooks:
        hook.remove()
    tensors = {}
    for i, y in kept.items():
        tensors[f"activations.{i}"] = y.detach()
        tensors[f"gradients.{i}"] = y.grad
    return tensors


def attention_maps(case, model, x, target):
    """Attention rollout's, with its own fusions of heads, and LeGrad's. What is hooked into the model stays."""
    family = "dinov2" if "dinov2" in case["arch"] else case["arch"].split("_")[0]
    name = f"{family}-{case['dialect']}"
    blocks, head = attention.watch(name, model)
    tokens = attention.keep_outputs(blocks)
    _, kept = attention.probabilities(name, model, lambda: model(x))
    height, width = (side // case["patch"] for side in case["size"])
    raw = {"rollout": attention.rollout(kept, "mean", 0), "legrad": attention.legrad(kept, tokens, head, target)}
    return {f"cam.{method}": torch.from_numpy(final(map_[-height * width :].reshape(height, width).detach().numpy(), (x.shape[3], x.shape[2])))
            for method, map_ in raw.items()}


def make(case, seed, out):
    size = case["size"]
    mean, std = STATISTICS[case["stats"]]
    torch.manual_seed(0)
    gain = case["gain"]
    inner, usual, back = case["maker"](case["arch"], case["classes"], size)
    keys = {key: list(value.shape) for key, value in usual.items() if value.is_floating_point()}
    models.load(inner, back, {key: torch.from_numpy(make_weight(key, tuple(shape), seed, gain)) for key, shape in keys.items()})
    model = Logits(inner).eval()
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    functional = torch.nn.functional.relu
    torch.nn.functional.relu = lambda input, inplace=False: functional(input)
    picture = cv2.cvtColor(cv2.imread(str(PICTURE)), cv2.COLOR_BGR2RGB)
    resized = cv2.resize(picture, (size[1], size[0])).astype(np.float32) / 255
    x = torch.from_numpy(((resized - np.float32(mean)) / np.float32(std)).transpose(2, 0, 1)[None].copy())
    logits = model(x)
    target = random.Random(seed).randrange(case["classes"])
    layers = [resolve(inner, path) for path in case.get("modules", case["layers"])]

    tensors = {"input": x, "logits": logits.detach(), **at_layers(model, layers, x, target)}
    targets = [ClassifierOutputTarget(target)]
    for name, cls in METHODS.items():
        cam = getattr(pytorch_grad_cam, cls)(model=model, target_layers=layers, reshape_transform=as_map(case))
        tensors[f"cam.{name}"] = torch.from_numpy(cam(input_tensor=x, targets=targets)[0].copy())
        if name in ("gradcam", "layercam"):
            tensors[f"cam.{name}.eigen_smooth"] = torch.from_numpy(cam(input_tensor=x, targets=targets, eigen_smooth=True)[0].copy())
        cam.activations_and_grads.release()
    if any(isinstance(module, torch.nn.ReLU) for module in model.modules()) and not case["arch"].startswith("swinv2"):
        tensors["guided"] = guided_gradient(model, x, target)
    torch.nn.functional.relu = functional

    # How far f32 is from f64: a tolerance that PyTorch itself does not hold is not asked of others.
    double = model.double()
    wide = {"logits": double(x.double()).detach(), **at_layers(double, layers, x.double(), target)}
    if "guided" in tensors:
        wide["guided"] = guided_gradient(double, x.double(), target)
    deviation = lambda a, b: float((a.double() - b).abs().max() / b.abs().max().clamp(min=1e-30))
    errors = {name: deviation(tensors[name], value) for name, value in wide.items()}
    nudged = [x.double() * (1 + NUDGE * torch.randn(x.shape, dtype=torch.float64)) for _ in range(NUDGES)]
    # A ReLU at its edge opens or not with the picture's last bits.
    for other in nudged:
        moved = {name: value for name, value in at_layers(double, layers, other, target).items() if name.startswith("gradients")}
        if "guided" in wide:
            moved["guided"] = guided_gradient(double, other, target)
        for name, value in moved.items():
            errors[name] = max(errors[name], deviation(value, wide[name]))
    for name, cls in METHODS.items():
        cam = getattr(pytorch_grad_cam, cls)(model=double, target_layers=layers, reshape_transform=as_map(case))
        map_of = lambda picture, **how: cam(input_tensor=picture, targets=targets, **how)[0].astype(np.float64)
        for key, how in ((f"cam.{name}", {}), (f"cam.{name}.eigen_smooth", {"eigen_smooth": True})):
            if key in tensors:
                map_ = map_of(x.double(), **how)
                others = [tensors[key].numpy(), *(map_of(other, **how) for other in nudged)]
                errors[key] = max(float(np.abs(other - map_).max()) for other in others)
        cam.activations_and_grads.release()
    if len(layers) == 1 and case.get("newer", True):
        tokens = tensors["activations.0"].ndim == 3 or case["arch"].startswith("swin")
        reshape = as_map(case) if tokens else None
        # ConvNeXt's head has a norm, AlexNet's and MobileNetV3's a hidden layer; SqueezeNet's pools scores, Cadene's Inception v3 a part of the map.
        unlike = "convnext|alexnet|mobilenet_v3|squeezenet|inception_v3-pretrained"
        pooled = case["layers"][0] in POOLED and not tokens and not re.match(unlike, f"{case['arch']}-{case['dialect']}")
        maps_of = lambda model, x: {**newer_maps(model, layers[0], x, target, reshape, pooled),
                                    **smoothed_maps(model, layers[0], x, target, reshape)}
        wide_maps = maps_of(double, x.double())
        # Nor what changes with the picture's last bits: components of equal eigenvalues, divisions by nearly 0, values at FEM's threshold.
        of_nudged = [maps_of(double, other) for other in nudged]
        for method, data in maps_of(double.float(), x).items():
            tensors[f"cam.{method}"] = torch.from_numpy(wide_maps[method])
            errors[f"cam.{method}"] = max(float(np.abs(other - wide_maps[method]).max()) for other in (data, *(maps[method] for maps in of_nudged)))
    of_picture = (saliency, smoothgrad, integrated) if case["arch"] in SAMPLED else (saliency,)
    for method in of_picture:
        in_f64 = lambda x: method(model.double(), x, target)[0].permute(1, 2, 0)
        wanted = tensors[f"input.{method.__name__}"] = in_f64(x.double())
        moved = [in_f64(other) for other in nudged]
        f32 = method(model.float(), x, target)[0].permute(1, 2, 0)
        errors[f"input.{method.__name__}"] = max(deviation(other, wanted) for other in (f32, *moved))
    # The original DINOv2's attention is fused; transformers' classifier of a CLIP reads no class token, and SigLIPs have none.
    if re.match("vit|deit", case["arch"]) and case["dialect"] != "original" and "siglip" not in case["arch"] and not (
            "clip" in case["arch"] and case["dialect"] == "huggingface"):
        tensors.update(attention_maps(case, inner.double(), x.double(), target))

    name = case["name"]
    meta = dict(name=name, arch=case["arch"], dialect=case["dialect"], size=size, classes=case["classes"], seed=seed, gain=gain, layers=case["layers"], target=target, mean=mean, std=std, reshape=layout(case, tensors["activations.0"].shape), f32_vs_f64=errors)
    save_file({k: v.contiguous().float() for k, v in tensors.items()}, out / f"{name}.safetensors", metadata={"case": json.dumps(meta)})
    (out / f"{name}.keys.json").write_text(json.dumps(keys))
    print("made", name, size, case["layers"], "target", target, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="draws sizes, layers, weights; printed")
    parser.add_argument("--only", default="")
    parser.add_argument("--set", type=json.loads, default={}, help="fields of every case, as {\"name\": \"alexnet\", \"size\": [96, 96]}")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    print("seed", options.seed)
    fix_signs()
    for i, case in enumerate(draw_cases(options.seed)):
        case["name"] = f"{case['arch']}-{case['dialect']}-{i}"
        if re.search(options.only, case["name"]):
            made = {**case, **options.set}
            make({**made, "modules": made["layers"]} if "layers" in options.set else made, options.seed + i, options.out)


main()
