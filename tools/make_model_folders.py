"""What transformers and timm write beside weights, and what their processors make of a picture: test/data/model-folders.json.

Needs PyTorch, timm and transformers. Run: python tools/make_model_folders.py
The picture's first channel grows from left to right, the second from top to bottom, the third falls from left to right.
`samples` are the processor's values at a grid of 5 x 5 places, channel by channel."""

import json
import os
import tempfile

import numpy as np
import timm
import timm.models
import torch
import transformers
from PIL import Image
from timm.data import create_transform, resolve_data_config

OUT = os.path.join(os.path.dirname(__file__), "../test/data/model-folders.json")
WIDTH, HEIGHT, GRID = 320, 200, 5
NAMES = ["ant", "bee", "cod", "doe", "elk"]
TINY = dict(hidden_size=192, num_attention_heads=3, intermediate_size=768)
HALF = dict(image_mean=[0.5] * 3, image_std=[0.5] * 3)
CLIP = dict(image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])


def picture(width=WIDTH):
    x = np.linspace(0, 255, width)[None, :].repeat(HEIGHT, 0)
    y = np.linspace(0, 255, HEIGHT)[:, None].repeat(width, 1)
    return Image.fromarray(np.stack([x, y, 255 - x], -1).round().astype(np.uint8))


def samples(values):
    channels, height, width = values.shape
    rows, columns = (np.linspace(0, side - 1, GRID).round().astype(int) for side in (height, width))
    return [round(float(v), 4) for v in values[:, rows][:, :, columns].reshape(-1)]


def written(*parts):
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            part.save_pretrained(folder)
        files = {}
        for name in ("config.json", "preprocessor_config.json"):
            if os.path.exists(os.path.join(folder, name)):
                with open(os.path.join(folder, name)) as file:
                    files[name] = json.load(file)
        return files


def hugging_face(arch, config, architecture, processor, width=WIDTH):
    config.architectures = [architecture]
    values = processor(picture(width), return_tensors="np")["pixel_values"][0]
    files = written(config, processor)
    return dict(arch=arch, spelling="huggingface", width=width, files=files, size=list(values.shape[1:]), samples=samples(values))


def timm_folder(arch):
    model = timm.create_model(arch, num_classes=len(NAMES))
    cfg = model.pretrained_cfg
    known = {key: value for key, value in cfg.items() if isinstance(value, (int, float, str, list, tuple, bool))}
    config = dict(architecture=arch, num_classes=len(NAMES), num_features=model.num_features, label_names=NAMES, pretrained_cfg=known)
    transform = create_transform(**resolve_data_config({}, model=model))
    values = transform(picture()).numpy()
    files = {"config.json": json.loads(json.dumps(config))}
    return dict(arch=arch, spelling="timm", width=WIDTH, files=files, size=list(values.shape[1:]), samples=samples(values))


def cases():
    t = transformers
    labels = dict(id2label=dict(enumerate(NAMES)), label2id={name: i for i, name in enumerate(NAMES)})
    yield hugging_face("vit_tiny_patch16_224", t.ViTConfig(**TINY, **labels), "ViTForImageClassification", t.ViTImageProcessor())
    # Its processor squashes before it crops; gradlens crops alike only where the picture is square.
    yield hugging_face("deit_tiny_distilled_patch16_224", t.DeiTConfig(**TINY, **labels), "DeiTForImageClassificationWithTeacher", t.DeiTImageProcessor(), HEIGHT)
    swin = t.SwinConfig(problem_type="multi_label_classification", **labels)
    yield hugging_face("swin_tiny_patch4_window7_224", swin, "SwinForImageClassification", t.ViTImageProcessor(resample=3))
    resnet = t.ResNetConfig(embedding_size=64, hidden_sizes=[64, 128, 256, 512], depths=[2, 2, 2, 2], layer_type="basic", **labels)
    yield hugging_face("resnet18", resnet, "ResNetForImageClassification", t.ConvNextImageProcessor(crop_pct=0.875, size=dict(shortest_edge=224)))
    yield hugging_face("convnext_tiny", t.ConvNextConfig(**labels), "ConvNextForImageClassification", t.ConvNextImageProcessor(size=dict(shortest_edge=384)))
    b0 = t.EfficientNetConfig(width_coefficient=1.0, depth_coefficient=1.0, image_size=224, hidden_dim=1280, **labels)
    for top in (True, False):
        processor = t.EfficientNetImageProcessor(size=dict(height=224, width=224), image_std=[0.47853944, 0.4732864, 0.47434163], include_top=top)
        yield hugging_face("efficientnet_b0", b0, "EfficientNetForImageClassification", processor)
    mobile = t.MobileNetV2Config(**labels)
    yield hugging_face("mobilenet_v2", mobile, "MobileNetV2ForImageClassification", t.MobileNetV2ImageProcessor())
    yield hugging_face("beit_base_patch16_224", t.BeitConfig(use_relative_position_bias=True, use_mean_pooling=True, **labels), "BeitForImageClassification",
                       t.BeitImageProcessor(do_center_crop=False, size=dict(height=224, width=224), **HALF))
    yield hugging_face("vit_small_patch14_dinov2", t.Dinov2Config(image_size=518, patch_size=14, hidden_size=384, num_attention_heads=6), "Dinov2Model",
                       t.BitImageProcessor(size=dict(shortest_edge=256), crop_size=dict(height=224, width=224)))
    vision = dict(hidden_act="gelu", patch_size=16, hidden_size=256, num_attention_heads=4, intermediate_size=1024)
    clip = t.CLIPConfig(vision_config=vision, text_config={})
    yield hugging_face("vit_xsmall_patch16_clip_224", clip, "CLIPModel", t.CLIPImageProcessor(**CLIP))
    yield timm_folder("resnet18")
    yield timm_folder("vit_tiny_patch16_224")


with open(OUT, "w") as file:
    torch.manual_seed(0)
    json.dump(dict(height=HEIGHT, cases=list(cases())), file, indent=1)
