"""Makes test/data/embeddings.json: maps of the similarity of an embedding with a vector, by pytorch-grad-cam in PyTorch's float64.

    pip install torch==2.13.0 numpy safetensors opencv-python-headless timm==1.0.31 transformers==5.24.0
    pip install --no-deps torchvision==0.28.0 grad-cam==1.5.7 open_clip_torch==3.3.0 ftfy==6.3.1 wcwidth
    python tools/make_embedding_reference.py [PATTERN]

The networks have no classifier (timm: num_classes=0; torchvision: Identity). The targets are those of pytorch-grad-cam's tutorial
"Pixel Attribution for embeddings", and the dot product. Weights, and the vectors under "vector.0" and "vector.1", are made by rule
(made_weights.py); the picture is test/data/golden/picture.png resized by OpenCV. Of a map every eighth pixel is kept, rows first.
Ablation-CAM and Score-CAM are those of make_perturbation_reference.py, the gradients of the picture those of input_gradients.py.
"""
import json, re, sys

import reference_models as models  # first: it makes torchvision importable
import cv2
import numpy as np
import pytorch_grad_cam
import timm, torch, torchvision
from torch import nn

from input_gradients import integrated, saliency
from made_weights import make_weight, set_weights
from make_perturbation_reference import DATA, MEAN, SIZE, STD, maps as perturbed
from newer_methods import final, fix_signs, shapley_of_tokens

HEIGHT, WIDTH = SIZE
STEP = 8
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


class SimilarityToConceptTarget:
    def __init__(self, features):
        self.features = features

    def __call__(self, output):
        return torch.nn.CosineSimilarity(dim=0)(output, self.features)


class DifferenceFromConceptTarget(SimilarityToConceptTarget):
    def __call__(self, output):
        return 1 - super().__call__(output)


class DotProductTarget(SimilarityToConceptTarget):
    def __call__(self, output):
        return output @ self.features


SIMILARITIES = {"cosine": SimilarityToConceptTarget, "dot": DotProductTarget, "difference": DifferenceFromConceptTarget}


class Compared(nn.Module):
    """A network whose outputs are the similarities with vectors."""

    def __init__(self, network, similarity, vectors):
        super().__init__()
        self.network = network
        self.targets = [SIMILARITIES[similarity](vector) for vector in vectors]

    def forward(self, x):
        return torch.stack([torch.stack([target(row) for target in self.targets]) for row in self.network(x)])


def headless(name, head="fc"):
    def make():
        model = getattr(torchvision.models, name)()
        *path, last = head.split(".")
        setattr(model.get_submodule(".".join(path)), last, nn.Identity())
        return model

    return make


def of_timm(name, **options):
    return lambda: timm.create_model(name, num_classes=0, **options)


def of_open_clip(name):
    """encode_image of a model with both towers."""
    def make():
        towers, features = models.open_clip_towers(name, (HEIGHT, WIDTH))
        return models.ImageEmbedding(towers, features, 0)
    return make


# name: (architecture, spelling, gain, keys of the head that the file lacks, maker, PyTorch's module, the layer as a user writes it)
CASES = {
    "resnet50 with fc = Identity": ("resnet50", "torchvision", 2**0.5, "fc.", headless("resnet50"), "layer4.2", "layer4[-1]"),
    "vit_tiny with num_classes=0": ("vit_tiny_patch16_224", "timm", 1.0, "head.",
                                    of_timm("vit_tiny_patch16_224", img_size=(HEIGHT, WIDTH)), "blocks.11.norm1", "blocks[-1].norm1"),
    "convnext_tiny with num_classes=0": ("convnext_tiny", "timm", 1.0, "head.fc.", of_timm("convnext_tiny"), "stages.3", "stages[-1]"),
    "efficientnet_b0 with classifier[1] = Identity": ("efficientnet_b0", "torchvision", 2**0.5, "classifier.1.",
                                                      headless("efficientnet_b0", "classifier.1"), "features.8", "features[-1]"),
    "CLIP with both towers": ("vit_xsmall_patch16_clip_224", "open_clip", 1.0, None, of_open_clip("vit_xsmall_patch16_clip_224"),
                              "clip.visual.transformer.resblocks.9.ln_1", "blocks[-1].norm1"),
    "SigLIP with num_classes=0": ("vit_base_patch16_siglip_224", "timm", 1.0, "head.", of_timm("vit_base_patch16_siglip_224", img_size=(HEIGHT, WIDTH)),
                                  "blocks.11.norm1", "blocks[-1].norm1"),
}


def picture():
    pixels = cv2.cvtColor(cv2.imread(str(DATA / "golden/picture.png")), cv2.COLOR_BGR2RGB)
    pixels = cv2.resize(pixels, (WIDTH, HEIGHT)).astype(np.float64) / 255
    return torch.from_numpy(((pixels - MEAN) / STD).transpose(2, 0, 1)[None].copy())


def tokens_as_map(x):
    patches = HEIGHT // 16 * (WIDTH // 16)
    return x[:, -patches:].unflatten(1, (HEIGHT // 16, WIDTH // 16)).permute(0, 3, 1, 2)


def heat(gradient):
    """The largest magnitude among the colours, scaled to 0..1."""
    size = gradient[0].abs().amax(0).numpy()
    return (size - size.min()) / (size.max() - size.min())


def measure(case, similarity, vectors, x):
    arch, _, _, _, _, path, _ = case
    network = make_network(case)
    layer = network.get_submodule(path)
    reshape = tokens_as_map if arch.startswith("vit") else None
    maps = {}
    for name, cls in METHODS.items():
        with getattr(pytorch_grad_cam, cls)(model=network, target_layers=[layer], reshape_transform=reshape) as cam:
            maps[name] = cam(input_tensor=x, targets=[SIMILARITIES[similarity](vectors[0])])[0]
    model = Compared(network, similarity, vectors)
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        raw = shapley_of_tokens(model, layer, x, 0, reshape or (lambda y: y))
    maps["shapleycam"] = final(raw, (WIDTH, HEIGHT))
    maps["saliency"] = heat(saliency(model, x, 0))
    if re.match("vit_(tiny|xsmall)", arch):  # whose passes are the quickest, and whose layers have few channels
        maps["integrated"] = heat(integrated(model, x, 0))
        maps.update({name: found[0] for name, found in perturbed(model, layer, x, arch).items()})
    with torch.no_grad():
        return model(x)[0].tolist(), {name: map_[::STEP, ::STEP].flatten().tolist() for name, map_ in maps.items()}


def make_network(case):
    _, _, gain, _, make, _, _ = case
    torch.manual_seed(0)
    network = make().eval()
    with torch.no_grad():
        set_weights(network, case_seed(case), gain)
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return network.double()


def case_seed(case):
    return 311 + [c[0] for c in CASES.values()].index(case[0])


def rounded(value, digits):
    if isinstance(value, dict):
        return {key: rounded(v, digits) for key, v in value.items()}
    return [rounded(v, digits) for v in value] if isinstance(value, list) else float(f"{value:.{digits}g}")


def main():
    torch.set_num_threads(1)
    fix_signs()
    out = DATA / "embeddings.json"
    x, cases = picture(), json.loads(out.read_text()) if out.exists() else {}
    for name, case in CASES.items():
        if not re.search(sys.argv[1] if sys.argv[1:] else "", name):
            continue
        arch, spelling, gain, head, _, _, layer = case
        seed = case_seed(case)
        network = make_network(case)
        with torch.no_grad():
            embedding = network(x)[0]
        vectors = [torch.from_numpy(make_weight(f"vector.{i}", tuple(embedding.shape), seed, 1.0)).double() for i in range(2)]
        # The difference is the cosine with another sign, of which one case is enough.
        found = {s: measure(case, s, vectors, x) for s in SIMILARITIES if s != "difference" or arch == "vit_tiny_patch16_224"}
        cases[name] = dict(arch=arch, spelling=spelling, gain=gain, seed=seed, size=[HEIGHT, WIDTH], mean=MEAN, std=STD, layer=layer,
                           keys={key: list(value.shape) for key, value in network.state_dict().items() if value.is_floating_point()},
                           embedding=rounded(embedding[:8].tolist(), 7), length=len(embedding),
                           similarities={s: rounded(values, 8) for s, (values, _) in found.items()},
                           maps={s: rounded(maps, 5) for s, (_, maps) in found.items()})
        print(name, len(embedding), cases[name]["similarities"], {m: round(max(v), 2) for m, v in cases[name]["maps"]["cosine"].items()}, flush=True)
    out.write_text(json.dumps({name: cases[name] for name in CASES if name in cases}, separators=(",", ":")) + "\n")


main()
