"""Makes test/data/module-files: files that hold modules, and PyTorch's numbers of changed ones.

    pip install torch==2.13.0 torchvision==0.28.0 timm==1.0.31
    pip install --no-deps efficientnet_pytorch==0.7.1 efficientnet-lite-pytorch==0.1.0
    pip install --no-deps open_clip_torch==3.3.0 ftfy==6.3.1 wcwidth
    pip install --no-deps pretrainedmodels==0.7.4 munch==4.0.0 six==1.17.0 resnest==0.0.5
    python tools/make_module_files.py [NAME ...]

With names, only files that begin with one of them are made.

Every tensor of a file is one element, expanded: only shapes and modules matter. expected.json has for each file that is computed
otherwise than its architecture the logits and a Grad-CAM map in f64, of made weights (made_weights.py) and a made picture;
embeddings.json for each file without a classifier the output; and layers.json values and gradients of single layers.
"""
import copy, io, json, pathlib, sys, zipfile
from collections import OrderedDict

try:  # A CPU build of torchvision without its compiled operators needs help to be imported.
    import torchvision_cpu  # noqa: F401
except ImportError:
    pass
import numpy as np
import pretrainedmodels, timm, torch, torchvision
from pretrainedmodels.models import senet
from resnest.torch import ablation
from torch import nn
import reference_models as models
from made_weights import make_weight, set_weights

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test/data/module-files"
SEED, GAIN, SIZE, TARGET, CLASSES = 7, 1.4142135623730951, 64, 1, 5
# The legacy form keeps each module's source and its path; a path of this machine has no place in a test file.
_lines_of = torch.serialization.get_source_lines_and_file
torch.serialization.get_source_lines_and_file = lambda obj, *rest: ("", "model.py", 0)


def shrunk(model):
    model = copy.deepcopy(model)
    for module in model.modules():
        for table in (module._parameters, module._buffers):
            for key, value in table.items():
                if value is not None:
                    one = torch.zeros(1, dtype=value.dtype).expand(value.shape) if value.dim() else torch.zeros((), dtype=value.dtype)
                    table[key] = nn.Parameter(one, requires_grad=False) if isinstance(value, nn.Parameter) else one
    return model


def deflate(path, data):
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for info in old.infolist():
            # The debug records hold paths of this machine.
            if not info.filename.endswith(".debug_pkl"):
                new.writestr(zipfile.ZipInfo(info.filename, (2000, 1, 1, 0, 0, 0)), old.read(info), zipfile.ZIP_DEFLATED, 9)


def is_wanted(name):
    return len(sys.argv) < 2 or name.startswith(tuple(sys.argv[1:]))


def save(name, model, form, size=SIZE, more=()):
    if not is_wanted(name):
        return
    buffer = io.BytesIO()
    small = shrunk(model)
    if form == "script":
        torch.jit.save(torch.jit.script(small), buffer)
    elif form == "trace":
        if hasattr(small, "config"):
            small.config.return_dict = False  # else its outputs are no tensors
        torch.jit.save(torch.jit.trace(small, (torch.zeros(1, 3, size, size), *more), check_trace=False), buffer)
    else:
        torch.save(small, buffer)
    if form == "legacy":
        torch.save(small, FOLDER / f"{name}.pt", _use_new_zipfile_serialization=False)
    else:
        deflate(FOLDER / f"{name}.pt", buffer.getvalue())


def reference(model, layer):
    """Logits and the Grad-CAM map of `layer` before its ReLU, in f64."""
    model = copy.deepcopy(model).eval()
    set_weights(model, SEED, GAIN)
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    model = model.double()
    kept = []
    model.get_submodule(layer).register_forward_hook(lambda *call: kept.append(call[2]))
    picture = torch.from_numpy(make_weight("picture", (1, 3, SIZE, SIZE), SEED, 1)).double()
    logits = model(10 * picture)
    logits = getattr(logits, "logits", logits)
    (gradient,) = torch.autograd.grad(logits[0, TARGET], kept[0])
    heat = (gradient.mean((2, 3), keepdim=True) * kept[0]).sum(1)
    return {"logits": logits[0].tolist(), "map": heat[0].tolist()}


def resnet(**options):
    return torchvision.models.resnet18(num_classes=CLASSES, **options).eval()


def activated(model, make):
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.ReLU):
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent), child, make())
    return model


def changed():
    strides = resnet()
    strides.layer4[0].conv1.stride = strides.layer4[0].downsample[0].stride = (1, 1)
    strides.layer3[1].conv2.dilation = strides.layer3[1].conv2.padding = (2, 2)
    strides.layer2[0].conv2.padding = "same"
    strides.bn1.eps = 1e-2
    strides.maxpool = nn.Identity()
    yield "strides-whole", strides, "zip", "layer4"
    yield "strides-script", strides, "script", "layer4"
    yield "strides-trace", strides, "trace", "layer4"
    yield "leaky-legacy", activated(resnet(), lambda: nn.LeakyReLU(0.2)), "legacy", "layer4"
    pools = activated(resnet(), nn.SiLU)
    pools.maxpool = nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)
    pools.avgpool = nn.AdaptiveMaxPool2d(1)
    yield "pools-trace", pools, "trace", "layer4"
    yield "pools-whole", pools, "zip", "layer4"
    yield "timm-catavgmax", timm.create_model("resnet18", num_classes=CLASSES, global_pool="catavgmax").eval(), "zip", "layer4"
    shallow = torchvision.models.mnasnet0_5(num_classes=CLASSES).eval()
    yield "relu6-mnasnet-script", activated(shallow, nn.ReLU6), "script", "layers.13.0"
    deep = resnet()
    deep.fc = nn.Sequential(nn.BatchNorm1d(512), nn.Linear(512, 24), nn.GELU(), nn.Dropout(0.3), nn.Linear(24, CLASSES, bias=False))
    yield "head-whole", deep, "zip", "layer4"
    yield "head-trace", deep, "trace", "layer4"
    named = torchvision.models.mnasnet0_5(num_classes=CLASSES).eval()
    named.classifier = nn.Sequential(OrderedDict(one=nn.Linear(1280, 24), act=nn.Tanh(), two=nn.Linear(24, CLASSES)))
    yield "head-named-script", named, "script", "layers"


def changed_huggingface():
    """transformers' networks with other settings than the published ones."""
    import transformers as t

    name = lambda config: getattr(t, type(config).__name__.replace("Config", "ForImageClassification"))(config).eval()
    padded = t.MobileNetV2Config(depth_multiplier=0.35, num_labels=CLASSES, hidden_act="silu", output_stride=16, layer_norm_eps=1e-2)
    yield "hf-mobilenet_v2-stride-whole", name(padded), "zip", "mobilenet_v2.conv_1x1"
    yield "hf-mobilenet_v2-stride-trace", name(padded), "trace", "mobilenet_v2.conv_1x1"
    plain = t.MobileNetV2Config(depth_multiplier=0.35, num_labels=CLASSES, tf_padding=False)
    yield "hf-mobilenet_v2-padding-whole", name(plain), "zip", "mobilenet_v2.conv_1x1"
    pooled = t.EfficientNetConfig(width_coefficient=1.0, depth_coefficient=1.0, hidden_dim=1280, num_labels=CLASSES, pooling_type="max", depthwise_padding=[5], hidden_act="gelu")
    yield "hf-efficientnet-pool-whole", name(pooled), "zip", "efficientnet.encoder.top_activation"
    yield "hf-efficientnet-pool-trace", name(pooled), "trace", "efficientnet.encoder.top_activation"
    normed = t.ConvNextV2Config(hidden_sizes=[40, 80, 160, 320], depths=[2, 2, 6, 2], num_labels=CLASSES, hidden_act="relu", layer_norm_eps=1e-2)
    yield "hf-convnextv2-eps-whole", name(normed), "zip", "convnextv2.encoder.stages.3"


def headless():
    """transformers' classifiers with an Identity in the classifier's place, and the picture's size."""
    import transformers as t

    dinov2 = t.Dinov2Config(hidden_size=384, num_attention_heads=6, image_size=56, patch_size=14, num_labels=0)
    yield "hf-dinov2-identity", t.Dinov2ForImageClassification(dinov2), 56
    vision = dict(hidden_size=256, intermediate_size=1024, num_hidden_layers=10, num_attention_heads=4, patch_size=16, image_size=32)
    yield "hf-clip-identity", t.CLIPForImageClassification(t.CLIPConfig(vision_config=vision, num_labels=0)), 32
    vision = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, patch_size=16, image_size=32)
    siglip = t.SiglipForImageClassification(t.SiglipConfig(vision_config=vision))
    siglip.classifier = nn.Identity()
    yield "hf-siglip-identity", siglip, 32
    deit = t.DeiTConfig(hidden_size=192, num_attention_heads=3, intermediate_size=768, image_size=32, num_labels=0)
    yield "hf-deit-identity", t.DeiTForImageClassification(deit), 32
    yield "hf-deit-teacher-identity", t.DeiTForImageClassificationWithTeacher(deit), 32
    # Its windows are those of the size that it was made for.
    yield "hf-swinv2-identity", t.Swinv2ForImageClassification(t.Swinv2Config(image_size=64, window_size=8, num_labels=0)), 48


def embedding(model, size):
    """The output in f64."""
    model = copy.deepcopy(model).eval()
    set_weights(model, SEED, GAIN)
    picture = torch.from_numpy(make_weight("picture", (1, 3, size, size), SEED, 1)).double()
    return {"seed": SEED, "gain": GAIN, "size": size, "embedding": [float(f"{v:.9g}") for v in model.double()(10 * picture).logits[0].tolist()]}


def lukemelas(name):
    import efficientnet_lite_pytorch, efficientnet_pytorch

    package = efficientnet_lite_pytorch if "lite" in name else efficientnet_pytorch
    model = package.EfficientNet.from_name(name, num_classes=CLASSES)
    if "lite" not in name:
        model.set_swish(memory_efficient=False)  # the other cannot be traced
    return model


class Logits(nn.Module):
    """A model of transformers whose other outputs are left out; not all can be traced without."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x).logits


def plain():
    yield "densenet121", torchvision.models.densenet121(num_classes=CLASSES), ("zip",), 64
    yield "timm-densenet121", timm.create_model("densenet121", num_classes=CLASSES), ("zip",), 64
    yield "vgg11", torchvision.models.vgg11(num_classes=CLASSES), ("zip", "trace"), 64
    yield "squeezenet1_1", torchvision.models.squeezenet1_1(num_classes=CLASSES), ("zip", "trace"), 64
    yield "shufflenet_v2_x0_5", torchvision.models.shufflenet_v2_x0_5(num_classes=CLASSES), ("zip", "trace"), 64
    inception = dict(num_classes=CLASSES, init_weights=False)
    yield "inception_v3", torchvision.models.inception_v3(transform_input=True, **inception), ("trace",), 96
    yield "googlenet", torchvision.models.googlenet(transform_input=False, **inception), ("zip", "script"), 64
    yield "timm-inception_v3", timm.create_model("inception_v3", num_classes=CLASSES), ("zip",), 96
    yield "timm-xception", timm.create_model("legacy_xception", num_classes=CLASSES), ("zip",), 64
    yield "pretrainedmodels-xception", pretrainedmodels.xception(num_classes=CLASSES, pretrained=None), ("zip",), 64
    yield "mnasnet0_5", torchvision.models.mnasnet0_5(num_classes=CLASSES), ("zip",), 64
    yield "resnet18", resnet(), ("zip",), 64
    yield "resnet18-parallel", nn.DataParallel(resnet()), ("legacy",), 64
    yield "timm-resnet18", timm.create_model("resnet18", num_classes=CLASSES), ("zip", "script"), 64
    yield "timm-resnet18d", timm.create_model("resnet18d", num_classes=CLASSES), ("zip", "script"), 64
    yield "timm-seresnet18", timm.create_model("seresnet18", num_classes=CLASSES), ("zip", "trace"), 64
    yield "timm-legacy_seresnet18", timm.create_model("legacy_seresnet18", num_classes=CLASSES), ("script",), 64
    yield "se_resnet50", senet.se_resnet50(num_classes=CLASSES, pretrained=None), ("zip", "trace"), 224
    yield "timm-resnest14d", timm.create_model("resnest14d", num_classes=CLASSES), ("zip", "script", "trace"), 64
    yield "resnest50_fast_2s1x64d", ablation.resnest50_fast_2s1x64d(num_classes=CLASSES), ("zip", "trace"), 64
    yield "regnet_y_400mf", torchvision.models.regnet_y_400mf(num_classes=CLASSES), ("trace",), 64
    yield "timm-regnety_002", timm.create_model("regnety_002", num_classes=CLASSES), ("zip", "script"), 64
    yield "convnext_tiny", torchvision.models.convnext_tiny(num_classes=CLASSES), ("trace",), 64
    yield "timm-convnextv2_atto", timm.create_model("convnextv2_atto", num_classes=CLASSES), ("zip", "script"), 64
    yield "vit_tiny", timm.create_model("vit_tiny_patch16_224", num_classes=CLASSES), ("zip", "trace"), 224
    yield "deit_tiny_distilled", timm.create_model("deit_tiny_distilled_patch16_224", num_classes=CLASSES), ("trace",), 224
    yield "timm-deit3_small", timm.create_model("deit3_small_patch16_224", num_classes=CLASSES), ("zip", "trace"), 224
    yield "timm-dinov2_small", timm.create_model("vit_small_patch14_dinov2", num_classes=CLASSES, img_size=224), ("zip", "trace"), 224
    yield "timm-beit_base", timm.create_model("beit_base_patch16_224", num_classes=CLASSES), ("zip", "trace"), 224
    yield "hf-beit_base", models.huggingface_beit("beit_base_patch16_224", CLASSES, None)[0].eval(), ("zip",), 224
    yield "hf-data2vec_base", models.huggingface_data2vec("beit_base_patch16_224", CLASSES, None)[0].eval(), ("zip",), 224
    yield "hf-resnet18", models.huggingface_resnet("resnet18", CLASSES, None)[0], ("zip",), 64
    yield "hf-mobilenetv2_035", models.huggingface_mobilenet_v2("mobilenetv2_035", CLASSES, None)[0], ("zip", "trace"), 64
    yield "hf-efficientnet_b0", models.huggingface_efficientnet("efficientnet_b0", CLASSES, None)[0], ("zip", "trace"), 64
    yield "hf-convnext_tiny", models.huggingface_convnext("convnext_tiny", CLASSES, None)[0], ("zip", "trace"), 64
    yield "hf-convnextv2_atto", models.huggingface_convnext("convnextv2_atto", CLASSES, None)[0], ("zip", "trace"), 64
    yield "hf-dinov2_small", models.huggingface_dinov2("vit_small_patch14_dinov2", CLASSES, None)[0], ("zip", "trace"), 224
    yield "hf-dinov2_small_reg", models.huggingface_dinov2("vit_small_patch14_reg4_dinov2", CLASSES, None)[0], ("zip",), 224
    yield "hf-deit_tiny_distilled", models.huggingface_deit("deit_tiny_distilled_patch16_224", CLASSES, (224, 224))[0], ("trace",), 224
    yield "hf-swin_tiny", models.huggingface_swin("swin_tiny_patch4_window7_224", CLASSES, (224, 224))[0], ("zip",), 224
    yield "swin_t", torchvision.models.swin_t(num_classes=CLASSES), ("zip", "trace"), 224
    yield "timm-swin_tiny", timm.create_model("swin_tiny_patch4_window7_224", num_classes=CLASSES), ("zip", "script"), 224
    yield "swin_v2_t", torchvision.models.swin_v2_t(num_classes=CLASSES), ("zip", "trace"), 224
    yield "timm-swinv2_tiny", timm.create_model("swinv2_tiny_window8_256", num_classes=CLASSES, img_size=224), ("zip", "script"), 224
    yield "alexnet", torchvision.models.alexnet(num_classes=CLASSES), ("trace",), 224
    yield "timm-tf_efficientnet_lite0", timm.create_model("tf_efficientnet_lite0", num_classes=CLASSES), ("zip", "script"), 224
    yield "efficientnet_lite0-pytorch", lukemelas("efficientnet-lite0"), ("zip", "trace"), 224
    yield "efficientnet_b0-pytorch", lukemelas("efficientnet-b0"), ("zip",), 224
    yield "mobilenet_v2", torchvision.models.mobilenet_v2(num_classes=CLASSES), ("zip",), 64
    yield "mobilenet_v3_small", torchvision.models.mobilenet_v3_small(num_classes=CLASSES), ("zip", "trace"), 64
    yield "timm-mobilenetv3_small_100", timm.create_model("mobilenetv3_small_100", num_classes=CLASSES), ("script",), 64
    yield "pvt_v2_b0", timm.create_model("pvt_v2_b0", num_classes=CLASSES), ("zip", "trace"), 64


class NoPool(torchvision.models.ResNet):
    def _forward_impl(self, x):
        x = self.layer1(self.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.avgpool(self.layer4(self.layer3(self.layer2(x)))), 1))


class Halved(torchvision.models.ResNet):
    def forward(self, x):
        return torch.sigmoid(self._forward_impl(x))

    def _forward_impl(self, x):
        x = self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(x)))) * 0.5)
        return self.fc(torch.flatten(self.avgpool(self.layer4(self.layer3(self.layer2(x)))), 1))


class Sigmoid(torchvision.models.ResNet):
    def forward(self, x):
        return torch.sigmoid(self._forward_impl(x))


ACTIVATIONS = [
    nn.ReLU(), nn.LeakyReLU(0.3), nn.RReLU(0.1, 0.3), nn.ReLU6(), nn.Hardtanh(-0.7, 1.5), nn.Threshold(0.4, -0.2), nn.SiLU(), nn.Mish(),
    nn.Hardswish(), nn.Hardsigmoid(), nn.Sigmoid(), nn.Tanh(), nn.GELU(), nn.GELU("tanh"), nn.ELU(0.6), nn.SELU(), nn.CELU(0.6),
    nn.Softplus(2.0), nn.Softsign(), nn.Tanhshrink(), nn.LogSigmoid(), nn.Hardshrink(0.6), nn.Softshrink(0.6), nn.Identity(),
    timm.layers.activations.Swish(), timm.layers.activations.QuickGELU(), timm.layers.activations.GELUTanh(),
]
from timm.layers.adaptive_avgmax_pool import AdaptiveAvgMaxPool2d, AdaptiveCatAvgMaxPool2d  # noqa: E402

POOLS = [
    nn.MaxPool2d(3, 2, 1), nn.MaxPool2d((2, 3), (1, 2), (0, 1), ceil_mode=True), nn.MaxPool2d(2, dilation=2), nn.AvgPool2d(2),
    nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), nn.AvgPool2d((3, 2), (2, 1), (1, 0)), nn.AdaptiveAvgPool2d((3, 2)),
    nn.AdaptiveAvgPool2d((None, 2)), nn.AdaptiveMaxPool2d(1), nn.AdaptiveMaxPool2d((3, 2)), nn.Identity(), AdaptiveAvgMaxPool2d(), AdaptiveCatAvgMaxPool2d(),
]


def layers():
    """Values and gradients of the sum of squares' half, so that each output has a gradient of its own."""
    x = make_weight("x", (1, 2, 6, 8), SEED, 1) * 12
    result = {"x": x.ravel().tolist(), "cases": []}
    for place, modules in (("activation", ACTIVATIONS), ("pool", POOLS)):
        for module in modules:
            inputs = torch.from_numpy(x).double().requires_grad_()
            y = module.eval()(inputs)
            (gradient,) = torch.autograd.grad(y.square().sum() / 2, inputs)
            kept = {k: v for k, v in vars(module).items() if not k.startswith("_")}
            result["cases"].append({
                "place": place, "class": f"{type(module).__module__}.{type(module).__qualname__}", "settings": kept,
                "shape": list(y.shape), "y": np.round(y.detach().numpy().ravel(), 9).tolist(), "gradient": np.round(gradient.numpy().ravel(), 9).tolist()})
    return result


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    table = FOLDER / "expected.json"
    expected = json.loads(table.read_text()) if len(sys.argv) > 1 else {}
    for name, model, form, layer in [*changed(), *changed_huggingface()]:
        save(name, model, form)
        if not is_wanted(name):
            continue
        expected[name] = {"seed": SEED, "gain": GAIN, "size": SIZE, "target": TARGET, "layer": layer, **reference(model, layer)}
    embeddings = FOLDER / "embeddings.json"
    outputs = json.loads(embeddings.read_text()) if len(sys.argv) > 1 and embeddings.exists() else {}
    for name, model, size in headless():
        save(name, model, "zip")
        if is_wanted(name):
            outputs[name] = embedding(model, size)
    embeddings.write_text(json.dumps(outputs) + "\n")
    for name, model, forms, size in plain():
        for form in forms:
            saved = Logits(model) if form == "trace" and hasattr(model, "config") else model
            save(f"{name}-{form}", saved.eval(), form, size)
    if is_wanted("clip_quickgelu"):
        towers = models.open_clip_towers("vit_base_patch32_clip_quickgelu_224", (224, 224))[0].eval()
        for form in ("zip", "script", "trace"):
            save(f"clip_quickgelu-{form}", towers, form, 224, more=[torch.zeros(1, 7, dtype=torch.long)])
    for kind in (NoPool, Halved, Sigmoid):
        save(f"{kind.__name__.lower()}-trace", kind(torchvision.models.resnet.BasicBlock, [2, 2, 2, 2], num_classes=CLASSES).eval(), "trace")
    save("subclass-whole", NoPool(torchvision.models.resnet.BasicBlock, [2, 2, 2, 2], num_classes=CLASSES).eval(), "zip")
    table.write_text(json.dumps(expected) + "\n")
    if len(sys.argv) > 1:
        sys.exit()
    (FOLDER / "layers.json").write_text(json.dumps(layers()) + "\n")
