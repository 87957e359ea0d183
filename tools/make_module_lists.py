"""Makes test/data/modules/SPELLING/ARCH.txt: a model's modules as PyTorch's named_modules() has them, with kinds, parameters and outputs.

    pip install torch==2.13.0 torchvision==0.28.0 timm==1.0.31 transformers==5.24.0
    pip install --no-deps efficientnet_pytorch==0.7.1 efficientnet-lite-pytorch==0.1.0 pretrainedmodels==0.7.4 munch==4.0.0 six==1.17.0 resnest==0.0.5
    pip install --no-deps dinov2==0.0.1.dev2 open_clip_torch==3.3.0 ftfy==6.3.1 wcwidth
    python tools/make_module_lists.py [ARCH ...]

Hugging Face's lists are of some architectures of each family. Its transformers' modules have other names since version 5: those of the
version at hand are written, to huggingface-5, or to huggingface with transformers==4.57.6. Its convolutional networks kept theirs.

One line a module, indented by depth: `name Kind parameter:64x3x7x7 ... > 64x112x112`, the output (of the first call, without
the batch) missing where PyTorch never calls the module. Like-named siblings that are equal but for the number at their name's
end are one line: `denselayer{2..6}`. num_batches_tracked is left out. Models are built on the meta device at their own size
with 10 classes.
"""
import pathlib, re, sys
import reference_models as models  # first: it makes torchvision importable
import timm, torch, torchvision, transformers

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test/data/modules"
CLASSES = 10

DENSENETS = [f"densenet{n}" for n in (121, 161, 169, 201)]
RESNETS = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
           "wide_resnet50_2", "wide_resnet101_2"]
VGGS = [f"vgg{n}{bn}" for n in (11, 13, 16, 19) for bn in ("", "_bn")]
ALEXNETS = ["alexnet"]
SQUEEZENETS = ["squeezenet1_0", "squeezenet1_1"]
SHUFFLENETS = [f"shufflenet_v2_x{width}" for width in ("0_5", "1_0", "1_5", "2_0")]
RESNET_DS = [f"resnet{n}" for n in ("18d", "26d", "34d", "50d", "101d", "152d", "200d", "10t", "14t", "26t", "50t", "50c", "101c", "152c",
                                    "50s", "101s", "152s")] + ["resnext50d_32x4d"]
SE_RESNETS = [f"seresnet{n}" for n in ("18", "34", "50", "50t", "101", "152", "152d", "200d", "269d")] + [
    f"seresnext{n}" for n in ("26d_32x4d", "26t_32x4d", "50_32x4d", "101_32x4d", "101_32x8d", "101d_32x8d", "101_64x4d")] + ["senet154"]
SENETS = ["se_resnet50", "se_resnet101", "se_resnet152", "se_resnext50_32x4d", "se_resnext101_32x4d", "legacy_senet154"]
SENETS_TIMM = ["legacy_seresnet18", "legacy_seresnet34", "legacy_seresnext26_32x4d"]
RESNESTS = ["resnest50d", "resnest101e", "resnest200e", "resnest269e", "resnest50_fast_4s2x40d", "resnest50_fast_1s4x24d"]
RESNESTS_TIMM = ["resnest14d", "resnest26d"]
RESNESTS_AUTHORS = [f"resnest50_fast_{n}" for n in ("1s1x64d", "2s1x64d", "4s1x64d", "1s2x40d", "2s2x40d")]
# torchvision's RegNets, and those that timm alone has
REGNETS = [f"regnet_{k}_{n}" for k in "xy" for n in ("400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf")] + ["regnet_y_128gf"]
REGNETS_TIMM = [f"regnetx_{n}" for n in ("002", "004", "006", "040", "064", "120")] + [
    f"regnety_{n}" for n in ("002", "006", "008", "040", "064", "080", "120", "640")]
INCEPTIONS = ["inception_v3", "googlenet"]
PRETRAINEDMODELS = ["inception_v3", "xception"]
MNASNETS = ["mnasnet0_5", "mnasnet0_75", "mnasnet1_0", "mnasnet1_3"]
VITS = ["vit_tiny_patch16_224", "vit_tiny_patch16_384", "vit_small_patch16_224", "vit_small_patch16_384",
        "vit_small_patch32_224", "vit_small_patch32_384", "vit_base_patch16_224", "vit_base_patch16_384",
        "vit_base_patch32_224", "vit_base_patch32_384", "vit_large_patch14_224", "vit_large_patch16_224",
        "vit_large_patch16_384", "vit_large_patch32_224", "vit_large_patch32_384",
        "deit_tiny_patch16_224", "deit_small_patch16_224", "deit_base_patch16_224", "deit_base_patch16_384",
        "deit_tiny_distilled_patch16_224", "deit_small_distilled_patch16_224", "deit_base_distilled_patch16_224",
        "deit_base_distilled_patch16_384"]
DEIT3S = [f"deit3_{size}_patch16_{side}" for size in ("small", "base", "large") for side in (224, 384)] + [
    "deit3_medium_patch16_224", "deit3_huge_patch14_224"]
BEITS = [f"beit_{rest}" for rest in ("base_patch16_224", "base_patch16_384", "large_patch16_224", "large_patch16_384", "large_patch16_512")] + [
    f"beitv2_{size}_patch16_224" for size in ("base", "large")]
CLIPS = ["vit_xsmall_patch16_clip_224"] + [f"vit_medium_patch{n}_clip_224" for n in (16, 32)] + [
    f"vit_{rest}" for kind in ("", "quickgelu_") for rest in (f"base_patch32_clip_{kind}224", f"base_patch16_clip_{kind}224",
                                                              f"large_patch14_clip_{kind}224", f"large_patch14_clip_{kind}336",
                                                              f"huge_patch14_clip_{kind}224", f"gigantic_patch14_clip_{kind}224")] + [
    "vit_huge_patch14_clip_336", "vit_giant_patch14_clip_224", "vit_huge_patch14_clip_quickgelu_378"]
CLIP_KINDS = ["vit_xsmall_patch16_clip_224", "vit_base_patch32_clip_quickgelu_224"]
SIGLIPS = [f"vit_base_patch{rest}" for rest in ("32_siglip_256", "16_siglip_224", "16_siglip_256", "16_siglip_384", "16_siglip_512")] + [
    f"vit_large_patch16_siglip_{n}" for n in (256, 384, 512)] + [
    f"vit_so400m_patch{rest}" for rest in ("14_siglip_224", "14_siglip_384", "16_siglip_256", "16_siglip_384")]
DINOV2S = [f"vit_{size}_patch14{reg}_dinov2" for size in ("small", "base", "large", "giant") for reg in ("", "_reg4")]
# One of each make: MLP and SwiGLU, with and without registers
DINOV2_KINDS = ["vit_small_patch14_dinov2", "vit_small_patch14_reg4_dinov2", "vit_giant_patch14_dinov2"]
SWINS = [f"swin_{size}_patch4_window7_224" for size in ("tiny", "small", "base", "large")] + [
    f"swin_{size}_patch4_window12_384" for size in ("base", "large")]
SWINS_V2 = [f"swinv2_{size}_window{window}_256" for size in ("tiny", "small", "base") for window in (8, 16)] + [
    f"swinv2_{size}_window{rest}" for size in ("base", "large") for rest in ("12_192", "12to16_192to256", "12to24_192to384")]
EFFICIENTNETS = [f"efficientnet_b{n}" for n in range(8)]
EFFICIENTNETS_LITE = [f"efficientnet_lite{n}" for n in range(5)]
EFFICIENTNETS_V2 = [f"efficientnet_v2_{n}" for n in "sml"]
EFFICIENTNETS_TF = [f"tf_{arch}" for arch in EFFICIENTNETS + EFFICIENTNETS_LITE] + [
    f"tf_efficientnetv2_{n}" for n in ("s", "m", "l", "b0", "b1", "b2", "b3")]
MOBILENETS = ["mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small"]
MOBILENETS_TIMM = ["mobilenetv2_110d", "mobilenetv2_120d", "mobilenetv3_large_075",
                   "mobilenetv3_small_050", "mobilenetv3_small_075"]
MOBILENETS_TF = [f"tf_mobilenetv3_{n}" for n in ("large_075", "large_100", "large_minimal_100", "small_075", "small_100",
                                                 "small_minimal_100")]
CONVNEXTS = [f"convnext_{size}" for size in ("tiny", "small", "base", "large")]
CONVNEXTS_V2 = [f"convnextv2_{size}" for size in ("atto", "femto", "pico", "nano", "tiny", "base", "large")]
PVTS = [f"pvt_v2_{n}" for n in ("b0", "b1", "b2", "b2_li", "b3", "b4", "b5")]
# torchvision's name of an architecture that we call by timm's
TORCHVISION = {"vit_base_patch16_224": "vit_b_16", "vit_base_patch32_224": "vit_b_32", "vit_large_patch16_224": "vit_l_16",
               "vit_large_patch32_224": "vit_l_32", "swin_tiny_patch4_window7_224": "swin_t",
               "swin_small_patch4_window7_224": "swin_s", "swin_base_patch4_window7_224": "swin_b",
               "swinv2_tiny_window8_256": "swin_v2_t", "swinv2_small_window8_256": "swin_v2_s", "swinv2_base_window8_256": "swin_v2_b"}
# The sizes that torchvision's weights were evaluated at, where it is not 224
SIZES = {"inception_v3": 299, "efficientnet_b1": 240, "efficientnet_b2": 288, "efficientnet_b3": 300, "efficientnet_b4": 380, "efficientnet_b5": 456,
         "efficientnet_b6": 528, "efficientnet_b7": 600, "efficientnet_v2_s": 384, "efficientnet_v2_m": 480, "efficientnet_v2_l": 480,
         "regnet_y_128gf": 384, "resnest101e": 256, "resnest200e": 320, "resnest269e": 416,
         "swinv2_tiny_window8_256": 256, "swinv2_small_window8_256": 256, "swinv2_base_window8_256": 256}

HUGGING_FACE = {"vit_tiny_patch16_224": models.huggingface_vit, "deit_tiny_distilled_patch16_224": models.huggingface_deit,
                **{arch: models.huggingface_dinov2 for arch in DINOV2_KINDS},
                "beit_base_patch16_224": models.huggingface_beit,
                "vit_base_patch16_siglip_224": models.huggingface_siglip("SiglipForImageClassification"),
                "vit_xsmall_patch16_clip_224": models.huggingface_clip("CLIPForImageClassification"),
                "swin_tiny_patch4_window7_224": models.huggingface_swin, "swinv2_tiny_window8_256": models.huggingface_swin_v2, "pvt_v2_b0": models.huggingface_pvt,
                "pvt_v2_b2_li": models.huggingface_pvt}
HUGGING_FACE_CNNS = {**{arch: models.huggingface_resnet for arch in ("resnet18", "resnet50")},
                     **{arch: models.huggingface_regnet for arch in models.REGNETS},
                     **{arch: models.huggingface_convnext for arch in ("convnext_tiny", "convnextv2_atto")},
                     **{arch: models.huggingface_mobilenet_v2 for arch in ("mobilenet_v2", "mobilenetv2_035", "mobilenetv2_075", "mobilenetv2_140")},
                     **{f"efficientnet_{b}": models.huggingface_efficientnet for b in ("b0", "b2", "b7")}}
HUGGING_FACE_FOLDER = "huggingface" if transformers.__version__.startswith("4.") else "huggingface-5"

LISTS = {
    "torchvision": DENSENETS + RESNETS + REGNETS + VGGS + ALEXNETS + SQUEEZENETS + SHUFFLENETS + INCEPTIONS + MNASNETS + list(TORCHVISION) + EFFICIENTNETS + EFFICIENTNETS_V2 + MOBILENETS
    + list(models.WIDTHS) + CONVNEXTS,
    "timm": DENSENETS + RESNETS + RESNET_DS + SE_RESNETS + SENETS + SENETS_TIMM + RESNESTS + RESNESTS_TIMM
    + REGNETS + REGNETS_TIMM + VGGS + ["inception_v3", "xception"] + VITS + DEIT3S + BEITS + DINOV2S + CLIPS + SIGLIPS + SWINS + SWINS_V2 + PVTS + EFFICIENTNETS + EFFICIENTNETS_LITE + EFFICIENTNETS_V2
    + EFFICIENTNETS_TF + MOBILENETS + list(models.WIDTHS) + MOBILENETS_TIMM + MOBILENETS_TF
    + CONVNEXTS + CONVNEXTS_V2,
    "efficientnet_pytorch": EFFICIENTNETS + EFFICIENTNETS_LITE,
    "pretrainedmodels": SENETS + PRETRAINEDMODELS,
    "resnest": RESNESTS + RESNESTS_AUTHORS,
    "original": DINOV2_KINDS,
    "open_clip": CLIP_KINDS,
    HUGGING_FACE_FOLDER: list(HUGGING_FACE),
}
LISTS["huggingface"] = [*LISTS.get("huggingface", []), *HUGGING_FACE_CNNS]


def widths_on_cpu():
    """torchvision computes a RegNet's widths with tensors, which the device "meta" cannot give."""
    shapes = torchvision.models.regnet.BlockParams
    usual = shapes.from_init_params.__func__

    def on_cpu(cls, *args, **options):
        with torch.device("cpu"):
            return usual(cls, *args, **options)

    shapes.from_init_params = classmethod(on_cpu)


def make(spelling, arch):
    if spelling.startswith("huggingface"):
        # Its EfficientNet-B2 is published for the authors' size.
        size = models.EFFICIENTNETS[arch[-2:]][2] if arch.startswith("efficientnet") else SIZES.get(arch, 224)
        model = (HUGGING_FACE_CNNS if spelling == "huggingface" and arch in HUGGING_FACE_CNNS else HUGGING_FACE)[arch](arch, CLASSES, [size, size])[0].to("meta")
        return model.model if isinstance(model, models.Interpolated) else model, size
    with torch.device("meta"):
        if spelling == "timm":
            model = timm.create_model(models.TIMM.get(arch, arch), num_classes=CLASSES)
            config = model.default_cfg
            return model, (config.get("test_input_size") or config["input_size"])[-1]
        if spelling == "original":
            model = models.dinov2_original(0)(arch, CLASSES, None)[0].backbone
            model.head = torch.nn.Linear(model.embed_dim, CLASSES)
            return model, 224
        if spelling == "open_clip":
            towers, features = models.open_clip_towers(arch, [224, 224])
            towers.visual.head = torch.nn.Linear(features, CLASSES)
            return towers.visual, 224
        if spelling == "efficientnet_pytorch":
            model = models.efficientnet_pytorch(arch, CLASSES, None)[0]
            return model, model._global_params.image_size
        if spelling == "pretrainedmodels" and arch in SENETS:
            return models.pretrainedmodels(arch, CLASSES, None)[0], 224
        if spelling == "resnest":
            return models.resnest(arch, CLASSES, None)[0], SIZES.get(arch, 224)
        if spelling == "pretrainedmodels":
            model = models.pretrainedmodels_inception(arch, CLASSES, None)[0]
            model.AuxLogits = None  # as in torchvision's lists: it runs in training alone
            return model, 299
        if arch in INCEPTIONS:
            return models.torchvision_inception(arch, CLASSES, None, aux=False)[0], SIZES.get(arch, 224)
        return models.torchvision_cnn(TORCHVISION.get(arch, arch), CLASSES, None)[0], SIZES.get(arch, 224)


def outputs(model, size):
    """Each module's first output's shape, without the batch. transformers 4 puts outputs into tuples."""
    shapes = {}

    def remember(name):
        def hook(_, __, output):
            output = output[0] if isinstance(output, tuple) else output
            if isinstance(output, torch.Tensor):
                shapes.setdefault(name, list(output.shape)[1:])
        return hook

    handles = [m.register_forward_hook(remember(name)) for name, m in model.named_modules(remove_duplicate=False) if name]
    with torch.no_grad():
        model.eval()(torch.empty(1, 3, size, size, device="meta"))
    for handle in handles:
        handle.remove()
    return shapes


def text(shape):
    return "x".join(map(str, shape)) if shape else "scalar"


def body(module, path, shapes):
    """A module's line without its name, and its children's lines."""
    own = {**dict(module.named_parameters(recurse=False)), **dict(module.named_buffers(recurse=False))}
    saved = {key for key in module.state_dict() if "." not in key}
    parameters = [f"{key}:{text(t.shape)}" for key, t in own.items() if key in saved and key != "num_batches_tracked"]
    head = " ".join([type(module).__name__, *parameters])
    if path in shapes:
        head += f" > {text(shapes[path])}"
    groups = []
    # A module that stands at several places is listed at each.
    for name, child in module._modules.items():
        if child is None:
            continue
        lines = body(child, f"{path}.{name}".lstrip("."), shapes)
        stem, number = re.fullmatch(r"(.*?)(\d*)", name).groups()
        last = groups[-1] if groups else None
        if number and last and last["lines"] == lines and last["stem"] == stem and last["to"] + 1 == int(number):
            last["to"] += 1
        else:
            at = int(number) if number else -1
            groups.append({"stem": stem, "from": at, "to": at, "lines": lines})
    result = [head]
    for g in groups:
        name = g["stem"] if g["from"] < 0 else f"{g['stem']}{g['from']}" if g["from"] == g["to"] else (
            f"{g['stem']}{{{g['from']}..{g['to']}}}")
        result.append(f" {name} {g['lines'][0]}")
        result += [f" {line}" for line in g["lines"][1:]]
    return result


widths_on_cpu()
for spelling, archs in LISTS.items():
    (FOLDER / spelling).mkdir(parents=True, exist_ok=True)
    for arch in archs:
        if sys.argv[1:] and arch not in sys.argv[1:]:
            continue
        model, size = make(spelling, arch)
        lines = body(model, "", outputs(model, size))
        (FOLDER / spelling / f"{arch}.txt").write_text(f"{arch} {size}x{size} " + "\n".join(lines) + "\n")
        print(spelling, arch, len(lines))
