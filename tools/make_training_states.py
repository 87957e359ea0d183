"""Training states as programs write them, with a tensor of one value for the weights: test/data/training-states.

Needs PyTorch, omegaconf, easydict and yacs. Run: python tools/make_training_states.py
test/library/training-states.test.ts puts a network's keys in place of the tensor."""

import argparse
import collections
import dataclasses
import enum
import os

import torch
from easydict import EasyDict
from omegaconf import OmegaConf
from torch import nn
from yacs.config import CfgNode

OUT = os.path.join(os.path.dirname(__file__), "../test/data/training-states")
WEIGHTS = collections.OrderedDict(w=torch.zeros(64, 2))
HALF = [0.5, 0.5, 0.5]
CIFAR = ([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.201])
NAMES = ["cat", "dog", "fish", "bird", "tree"]


class InterpolationMode(enum.Enum):
    BICUBIC = "bicubic"




@dataclasses.dataclass
class Config:
    model_name: str = "resnet18"
    image_size: tuple = (96, 128)
    mean: tuple = tuple(CIFAR[0])
    std: tuple = tuple(CIFAR[1])


class CategoryMap:
    """fastai's: fastcore's L keeps its items in an attribute."""

    def __init__(self, items):
        self.items, self.sort = items, True


TIMM = dict(
    model="resnet18", pretrained=False, num_classes=5, gp=None, img_size=96, input_size=None, in_chans=None,
    crop_pct=0.9, mean=HALF, std=[0.25] * 3, interpolation="bicubic", drop=0.1, bn_eps=None, bn_tf=False,
    smoothing=0.1, bce_loss=False, model_kwargs={}, opt="sgd", lr=0.05, aa="rand-m9", train_interpolation="random",
)

MM_CFG = """model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='ResNet', depth=18, num_stages=4, out_indices=(3, ), style='pytorch'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='LinearClsHead',
        num_classes=5,
        in_channels=512,
        loss=dict(type='CrossEntropyLoss', loss_weight=1.0)))
data_preprocessor = dict(
    num_classes=5,
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=False)
"""

TRAINER = {"epoch": 3, "optimizer": {"state": {}, "param_groups": [{"lr": 0.1, "params": [0]}]}, "best_acc1": 71.0}

STATES = {
    "imagenet-example": {**TRAINER, "arch": "resnet18", "state_dict": WEIGHTS},
    "places365": {**TRAINER, "arch": "wideresnet18", "state_dict": WEIGHTS},
    "moco": {"epoch": 200, "arch": "resnet50", "state_dict": WEIGHTS},
    "dino": {
        "student": WEIGHTS,
        "teacher": WEIGHTS,
        "args": argparse.Namespace(arch="vit_small", patch_size=16, momentum_teacher=0.996),
    },
    "mae": {"model": WEIGHTS, "args": argparse.Namespace(model="vit_base_patch16", global_pool=False, nb_classes=5)},
    "timm": {"arch": "resnet18", "state_dict": WEIGHTS, "version": 2, "args": argparse.Namespace(**TIMM)},
    "timm-max": {"arch": "resnet18", "state_dict": WEIGHTS, "args": argparse.Namespace(**{**TIMM, "gp": "max"})},
    "timm-bce": {
        "state_dict": WEIGHTS,
        "args": argparse.Namespace(**{**TIMM, "bce_loss": True, "input_size": [3, 96, 128], "model": "tv_resnet18"}),
    },
    "timm-stride": {
        "state_dict": WEIGHTS,
        "args": argparse.Namespace(**{**TIMM, "model_kwargs": {"output_stride": 8}}),
    },
    "torchvision-references": {
        "model": WEIGHTS,
        "epoch": 3,
        "args": argparse.Namespace(
            model="resnet18", val_resize_size=232, val_crop_size=224, train_crop_size=176, interpolation="bilinear"
        ),
    },
    "lightning": {
        "pytorch-lightning_version": "2.4.0",
        "state_dict": WEIGHTS,
        "callbacks": {"ModelCheckpoint{'monitor': 'mean'}": {"best_model_score": torch.tensor(0.9)}},
        "hyper_parameters": {
            "model_name": "ResNet18", "img_size": 96, "class_names": NAMES, "criterion": nn.BCEWithLogitsLoss(),
        },
    },
    "lightning-omegaconf": {
        "state_dict": WEIGHTS,
        "hyper_parameters": OmegaConf.create(
            {"model": {"name": "resnet18", "loss": "bce"}, "data": {"mean": CIFAR[0], "std": CIFAR[1], "image_size": 64}}
        ),
    },
    "lightning-hydra": {
        "state_dict": WEIGHTS,
        "hyper_parameters": {"net": {"_target_": "torchvision.models.resnet18"}, "loss": {"_target_": "torch.nn.CrossEntropyLoss"}},
    },
    "yacs": {
        "state_dict": WEIGHTS,
        "cfg": CfgNode({"MODEL": CfgNode({"NAME": "resnet18"}), "INPUT": CfgNode({"PIXEL_MEAN": [123.675, 116.28, 103.53], "PIXEL_STD": [58.395, 57.12, 57.375]})}),
    },
    "easydict": {"net": WEIGHTS, "opts": EasyDict(arch="resnet18", input_size=96, class_names=NAMES)},
    "dataclass": {"model_state_dict": WEIGHTS, "config": Config()},
    "udacity": {
        "arch": "resnet18",
        "class_to_idx": {str(i + 1): i for i in range(5)},
        "state_dict": WEIGHTS,
        "hidden_units": 512,
    },
    "image-folder": {
        "model_state_dict": WEIGHTS,
        "class_to_idx": {n: i for i, n in enumerate(sorted(NAMES))},
        "mean": torch.tensor(CIFAR[0]),
        "std": torch.tensor(CIFAR[1]),
        "criterion": nn.CrossEntropyLoss(),
        "loss": 0.31,
        "interpolation": InterpolationMode.BICUBIC,
    },
    "hugging-face": {
        "model_state_dict": WEIGHTS,
        "config": {
            "model_type": "resnet",
            "architectures": ["ResNetForImageClassification"],
            "id2label": {i: n for i, n in enumerate(NAMES)},
            "label2id": {n: i for i, n in enumerate(NAMES)},
            "problem_type": "multi_label_classification",
            "image_size": 96,
        },
        "preprocessor": {"image_mean": HALF, "image_std": HALF, "resample": 3, "crop_pct": 0.875},
    },
    "mmpretrain": {
        "meta": {"epoch": 100, "cfg": MM_CFG, "dataset_meta": {"classes": tuple(NAMES)}},
        "state_dict": WEIGHTS,
    },
    "chexnet-fork": {
        "epoch": 5,
        "state_dict": WEIGHTS,
        "best_loss": 0.15,
        "args": argparse.Namespace(backbone="densenet121", loss="BCELoss", trans_resize=256),
    },
    "fastai": {"model": WEIGHTS, "vocab": CategoryMap(NAMES), "loss_func": nn.CrossEntropyLoss()},
    "contradicting": {
        "state_dict": WEIGHTS,
        "args": argparse.Namespace(mean=HALF, std=HALF, class_names=NAMES[:3]),
        "cfg": {"mean": CIFAR[0], "std": HALF},
    },
    "regression-target": {"state_dict": WEIGHTS, "normalizer": {"mean": torch.tensor(3.2), "std": torch.tensor(1.1)}},
    "free-form": {"state_dict": WEIGHTS, "model_name": "chest_v3", "args": argparse.Namespace(model="ours", net="exp12")},
}

if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for name, state in STATES.items():
        torch.save(state, os.path.join(OUT, f"{name}.pt"))
