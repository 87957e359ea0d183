"""Import this before torchvision: its wheel is built for CUDA, and its C++ operators don't load under CPU torch. Its models
need none of them, so the two that are named at import are only declared."""
import torch

_lib = torch.library.Library("torchvision", "DEF")
for _schema in ("nms", "qnms"):
    _lib.define(f"{_schema}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

_register_fake = torch.library.register_fake


def _skip_torchvision(name, *args, **kwargs):
    if isinstance(name, str) and name.startswith("torchvision::"):
        return lambda function: function
    return _register_fake(name, *args, **kwargs)


torch.library.register_fake = _skip_torchvision
