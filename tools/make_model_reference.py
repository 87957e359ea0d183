"""Makes test/data/models.safetensors: networks in spellings and sizes that the golden cases have none of, in PyTorch's float64.

    pip install torch==2.13.0 numpy safetensors timm==1.0.31 transformers==5.24.0 && pip install --no-deps torchvision==0.28.0
    python tools/make_model_reference.py

Weights are made by rule from the state dict's keys (made_weights.py), the input likewise from the key "picture", times ten.
For each case NAME: NAME.logits, NAME.activations.i, NAME.gradients.i (of the target's logit) in PyTorch's layouts. The
metadata's `cases` says the rest, the keys and shapes of the checkpoint included.
"""
import collections, json, pathlib, re

import torchvision_cpu  # noqa: F401 (before torchvision, timm and transformers)
import timm, torch
from safetensors.torch import save_file
from torchvision.models import mnasnet, swin_t
from torchvision.models.vision_transformer import VisionTransformer
from transformers import (DeiTConfig, DeiTForImageClassificationWithTeacher, PvtV2Config, PvtV2ForImageClassification,
                          SwinConfig, SwinForImageClassification, ViTConfig, ViTForImageClassification)

from made_weights import make_weight

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/models.safetensors"
CLASSES, TARGET = 5, 3
TINY = dict(hidden_size=192, num_attention_heads=3, intermediate_size=768, num_hidden_layers=12, num_labels=CLASSES)


def mnasnet_v1():
    """torchvision's model, which takes on version 1's stem of 32 and 16 channels when it loads such a checkpoint."""
    model = mnasnet.MNASNet(0.5, CLASSES)
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
    usual["layers.8.0.layers.6.weight"] = torch.empty(16, 48, 1, 1)

    def back(state):
        state = collections.OrderedDict(state)
        state._metadata = {"": {"version": 1}}
        return state

    return model, usual, back


def resized(arch, size):
    """timm's model at another size, and what brings a checkpoint of the usual size into it."""
    model = timm.create_model(arch, num_classes=CLASSES, img_size=size)
    module = timm.models.swin_transformer if arch.startswith("swin") else timm.models.vision_transformer
    usual = timm.create_model(arch, num_classes=CLASSES).state_dict()
    return model, usual, lambda state: module.checkpoint_filter_fn(state, model)


def vit_keys_of_transformers_4(key):
    key = key.replace("vit.layers.", "vit.encoder.layer.").replace("attention.o_proj", "attention.output.dense")
    key = re.sub(r"attention\.([qkv])_proj", lambda m: "attention.attention." + dict(q="query", k="key", v="value")[m[1]], key)
    return key.replace("mlp.fc1", "intermediate.dense").replace("mlp.fc2", "output.dense")


def named(model, rename=lambda key: key):
    """The model, its state dict under the checkpoint's keys, and the way back."""
    names = {rename(key): key for key in model.state_dict()}
    usual = {name: model.state_dict()[key] for name, key in names.items()}
    return model, usual, lambda state: {names[name]: value for name, value in state.items()}


# name: (arch, spelling, size, gain, [[PyTorch's module, the layer as a user writes it]], maker)
CASES = {
    "densenet121-timm": ("densenet121", "timm", [64, 96], 2**0.5, [["features.norm5", "features[-1]"]],
                         lambda s: named(timm.create_model("densenet121", num_classes=CLASSES))),
    "mnasnet0_5-v1": ("mnasnet0_5", "torchvision", [64, 64], 2**0.5, [["layers", "layers"]], lambda s: mnasnet_v1()),
    "vit-resized": ("vit_tiny_patch16_224", "timm", [80, 120], 1.0, [["blocks.11.norm1", "blocks[-1].norm1"]],
                    lambda s: resized("vit_tiny_patch16_224", s)),
    "deit-distilled": ("deit_tiny_distilled_patch16_224", "timm", [64, 64], 1.0, [["blocks.11.norm1", "blocks[-1].norm1"]],
                       lambda s: named(timm.create_model("deit_tiny_distilled_patch16_224", num_classes=CLASSES, img_size=s))),
    "vit-torchvision": ("vit_tiny_patch16_224", "torchvision", [64, 64], 1.0,
                        [["encoder.layers.encoder_layer_11.ln_1", "encoder.layers[-1].ln_1"]],
                        lambda s: named(VisionTransformer(s[0], 16, 12, 3, 192, 768, num_classes=CLASSES))),
    "vit-huggingface": ("vit_tiny_patch16_224", "huggingface", [64, 64], 1.0,
                        [["vit.layers.11.layernorm_before", "vit.encoder.layer[-1].layernorm_before"]],
                        lambda s: named(ViTForImageClassification(ViTConfig(image_size=s[0], **TINY)), vit_keys_of_transformers_4)),
    "deit-huggingface": ("deit_tiny_distilled_patch16_224", "huggingface", [64, 64], 1.0,
                         [["deit.layers.11.layernorm_before", "blocks[-1].norm1"]],
                         lambda s: named(DeiTForImageClassificationWithTeacher(DeiTConfig(image_size=s[0], **TINY)))),
    "swin-resized": ("swin_tiny_patch4_window7_224", "timm", [120, 88], 1.0,
                     [["layers.1.blocks.1.norm1", "layers[1].blocks[-1].norm1"],
                      ["layers.3.blocks.1.norm1", "layers[-1].blocks[-1].norm1"]],
                     lambda s: resized("swin_tiny_patch4_window7_224", s)),
    "swin-torchvision": ("swin_tiny_patch4_window7_224", "torchvision", [120, 88], 1.0,
                         [["features.7.1.norm1", "features[-1][-1].norm1"]], lambda s: named(swin_t(num_classes=CLASSES))),
    "swin-huggingface": ("swin_tiny_patch4_window7_224", "huggingface", [256, 224], 1.0,
                         [["swin.encoder.layers.3.blocks.1.layernorm_before", "layers[-1].blocks[-1].norm1"]],
                         lambda s: named(SwinForImageClassification(SwinConfig(num_labels=CLASSES)))),
    "pvt-huggingface": ("pvt_v2_b0", "huggingface", [64, 96], 1.0,
                        [["pvt_v2.encoder.layers.3.layer_norm", "norm4"], ["pvt_v2.encoder.layers.1.blocks.0.layer_norm_2", "block2[0].norm2"]],
                        lambda s: named(PvtV2ForImageClassification(PvtV2Config(num_labels=CLASSES)))),
}


def run(model, picture, paths):
    kept = [None] * len(paths)

    def keep(i):
        def hook(_, __, output):
            output.retain_grad()
            kept[i] = output
        return hook

    for i, path in enumerate(paths):
        model.get_submodule(path).register_forward_hook(keep(i))
    output = model(picture)
    logits = output if isinstance(output, torch.Tensor) else output.logits
    logits[0, TARGET].backward()
    return logits, kept


tensors, cases = {}, {}
for number, (name, (arch, spelling, size, gain, layers, make)) in enumerate(CASES.items()):
    model, usual, back = make(size)
    seed = 31 + number
    keys = {key: list(value.shape) for key, value in usual.items() if value.is_floating_point()}
    state = {key: torch.from_numpy(make_weight(key, tuple(shape), seed, gain)) for key, shape in keys.items()}
    missing, unexpected = model.load_state_dict(back(state), strict=False)
    assert not unexpected and all(re.search("num_batches|relative_position_index", key) for key in missing), (missing, unexpected)
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, *size), seed, 1.0)).double()
    logits, kept = run(model.double().eval(), picture, [torchs for torchs, _ in layers])
    tensors[f"{name}.logits"] = logits.detach().float()
    for i, value in enumerate(kept):
        tensors[f"{name}.activations.{i}"] = value.detach().float().contiguous()
        tensors[f"{name}.gradients.{i}"] = value.grad.float().contiguous()
    cases[name] = dict(arch=arch, spelling=spelling, size=size, classes=CLASSES, seed=seed, gain=gain, target=TARGET,
                       layers=[ours for _, ours in layers], keys=keys)
    print(name, [list(v.shape) for v in kept], logits[0].tolist())
save_file(tensors, OUT, {"cases": json.dumps(cases, separators=(",", ":"))})
