"""Makes test/data/attention.safetensors: attention rollout and LeGrad for vision transformers, in PyTorch's float64.

    pip install torch==2.13.0 numpy safetensors timm==1.0.31 transformers==5.24.0
    pip install --no-deps torchvision==0.28.0 torchcam==0.5.0
    python tools/make_attention_reference.py

Written from the papers (Abnar & Zuidema 2020, Bousselham et al. 2025); of torchvision's ViT, the one that torch-cam's LeGrad
takes, it is compared with that. Networks, weights and pictures are those of test/data/models.safetensors
(make_model_reference.py), attention is what the libraries' own modules compute. For each case NAME, raw maps [h, w]:
NAME.rollout.HEADS.RATIO, NAME.legrad (of the case's target).
"""
import json, pathlib

import reference_models as models  # first: it makes torchvision importable
import timm, torch
from safetensors import safe_open
from safetensors.torch import save_file

from made_weights import make_weight

DATA = pathlib.Path(__file__).resolve().parent.parent / "test/data"
MAKERS = {"vit-resized": models.timm_resized, "deit-distilled": models.timm_at_size, "vit-torchvision": models.torchvision_vit,
          "vit-huggingface": models.huggingface_vit, "deit-huggingface": models.huggingface_deit}
ROLLOUTS = [("mean", 0.0), ("max", 0.0), ("min", 0.0), ("mean", 0.9), ("max", 0.5), ("min", 0.25)]

timm.layers.set_fused_attn(False)


def keep_outputs(modules):
    kept = []
    for module in modules:
        module.register_forward_hook(lambda _, __, output: kept.append(output if isinstance(output, torch.Tensor) else output[0]))
    return kept


def keep_softmax():
    """What torch.nn.functional.softmax gives: in these models attention alone calls it."""
    kept, softmax = [], torch.nn.functional.softmax

    def kept_softmax(*args, **named):
        kept.append(softmax(*args, **named))
        return kept[-1]

    torch.nn.functional.softmax = kept_softmax
    return kept, lambda: setattr(torch.nn.functional, "softmax", softmax)


def watch(name, model):
    """The modules that put out tokens, and the model's head on such tokens."""
    if name == "vit-huggingface":
        return model.vit.layers, lambda z: model.classifier(model.vit.layernorm(z)[:, 0])
    if name == "deit-huggingface":
        norm = model.deit.layernorm
        return model.deit.layers, lambda z: (
            model.cls_classifier(norm(z)[:, 0]) + model.distillation_classifier(norm(z)[:, 1])) / 2
    if name == "dinov2-huggingface":
        base, registers = getattr(model, model.base_model_prefix), getattr(model.config, "num_register_tokens", 0)

        def head(z):
            z = base.layernorm(z)
            return model.classifier(torch.cat([z[:, 0], z[:, 1 + registers:].mean(1)], 1))

        return base.encoder.layer, head
    if name == "vit-torchvision":
        for layer in model.encoder.layers:  # its fast paths have no probabilities
            layer.self_attention.register_forward_pre_hook(
                lambda _, args, named: (args, named | dict(need_weights=True)), with_kwargs=True)
        return model.encoder.layers, lambda z: model.heads(model.encoder.ln(z)[:, 0])
    if name == "vit-open_clip":
        tower = model.clip.visual
        for block in tower.transformer.resblocks:
            block.attn.register_forward_pre_hook(lambda _, args, named: (args, named | dict(need_weights=True)), with_kwargs=True)
        return tower.transformer.resblocks, lambda z: model.fc(tower.ln_post(z)[:, 0] @ tower.proj)
    return model.blocks, lambda z: model.forward_head(model.norm(z))


def probabilities(name, model, run):
    """Of each layer, [..., N, N], as they are used, while `run` runs."""
    if hasattr(model, "blocks"):
        kept = keep_outputs([block.attn.attn_drop for block in model.blocks])
        return run(), kept
    if name.endswith("huggingface"):
        model.set_attn_implementation("eager")
    kept, end = keep_softmax()
    output = run()
    end()
    return output, kept


def rollout(attention, heads, ratio):
    product = None
    for a in attention:
        a = a.detach().reshape(-1, *a.shape[-2:])
        a = {"mean": a.mean(0), "max": a.amax(0), "min": a.amin(0)}[heads].clone()
        lowest = a.flatten().argsort()[: int(a.numel() * ratio)]
        a.view(-1)[lowest[lowest != 0]] = 0
        a += torch.eye(len(a), dtype=a.dtype)
        a /= a.sum(1, keepdim=True)
        product = a if product is None else a @ product
    return product[0]


def legrad(attention, tokens, head, target):
    """The head reads the mean of all tokens, as the authors' code and torch-cam have it."""
    maps = []
    for a, z in zip(attention, tokens):
        pooled = z.mean(1, keepdim=True).expand_as(z)
        (g,) = torch.autograd.grad(head(pooled)[0, target], a, retain_graph=True)
        maps.append(g.reshape(-1, *g.shape[-2:]).clamp(min=0).mean((0, 1)))
    return torch.stack(maps).mean(0)


def torchcam_legrad(model, picture, target, grid):
    from torchcam.methods import LeGrad

    with LeGrad(model, list(model.encoder.layers), grid_shape=grid) as extractor:
        model(picture)
        return extractor.compute_cams(target, normalized=False)[0]


def main():
    with safe_open(DATA / "models.safetensors", "pt") as file:
        cases = json.loads(file.metadata()["cases"])
    tensors = {}
    for name, make in MAKERS.items():
        case = cases[name]
        model, _, back = make(case["arch"], case["classes"], case["size"])
        made = lambda key, shape, gain: torch.from_numpy(make_weight(key, tuple(shape), case["seed"], gain))  # noqa: E731
        models.load(model, back, {key: made(key, shape, case["gain"]) for key, shape in case["keys"].items()})
        model = model.double().eval()
        layers, head = watch(name, model)
        tokens = keep_outputs(layers)
        picture = 10 * made("picture", (1, 3, *case["size"]), 1.0).double()
        output, attention = probabilities(name, model, lambda: model(picture))
        logits = output if isinstance(output, torch.Tensor) else output.logits
        assert len(attention) == len(tokens) == 12 and torch.allclose(head(tokens[-1]), logits)
        h, w = (side // 16 for side in case["size"])
        raw = {f"rollout.{heads}.{ratio}": rollout(attention, heads, ratio) for heads, ratio in ROLLOUTS}
        raw["legrad"] = legrad(attention, tokens, head, case["target"])
        if name == "vit-torchvision":
            assert torch.allclose(torchcam_legrad(model, picture, case["target"], (h, w)).flatten(), raw["legrad"][-h * w :], rtol=1e-12)
        for key, values in raw.items():
            tensors[f"{name}.{key}"] = values[-h * w :].reshape(h, w).detach().float().contiguous()
            print(name, key, float(values.sum()), tensors[f"{name}.{key}"].flatten()[:3].tolist())
    save_file(tensors, DATA / "attention.safetensors", {"source": "tools/make_attention_reference.py"})


if __name__ == "__main__":
    main()
