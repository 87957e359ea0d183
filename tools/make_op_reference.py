"""Makes test/data/ops.safetensors: what torch.nn.functional computes, in float64, for the functions our ops stand for.

    pip install torch==2.13.0 numpy safetensors
    python tools/make_op_reference.py

The metadata's `cases` is a JSON list of {"name", "function", "args"}; tensors are NAME.0, NAME.1... (inputs) and NAME.out.
"""
import json, pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/ops.safetensors"


def amax_gradient(x, dim):
    """With ties."""
    x = x.round(decimals=1).requires_grad_()
    return torch.autograd.grad(x.amax(dim).sum(), x)[0]


def max_pool_gradient(x, direction, **window):
    """With ties: windows overlap and values repeat."""
    x = x.round(decimals=0).requires_grad_()
    return torch.autograd.grad((F.max_pool2d(x, **window) * direction).sum(), x)[0]


def maximum_gradient(x, y, smaller):
    """Of the first input, with ties in the first row."""
    x, y = x.requires_grad_(), y.clone()
    y[0] = x[0].detach()
    return torch.autograd.grad((torch.minimum if smaller else torch.maximum)(x, y).sum(), x)[0]


def erf(x, scale):
    return torch.erf(x * scale)


FUNCTIONS = {
    "conv2d": F.conv2d,
    "conv_transpose2d": F.conv_transpose2d,
    "max_pool2d": F.max_pool2d,
    "avg_pool2d": F.avg_pool2d,
    "adaptive_avg_pool2d": F.adaptive_avg_pool2d,
    "interpolate": F.interpolate,
    "softmax": F.softmax,
    "layer_norm": F.layer_norm,
    "gelu": F.gelu,
    "erf": erf,
    "attention": F.scaled_dot_product_attention,
    "amax_gradient": amax_gradient,
    "maximum_gradient": maximum_gradient,
    "max_pool_gradient": max_pool_gradient,
}

CASES = [
    ("conv2d", [(2, 4, 9, 8), (6, 2, 3, 2)], {"stride": [2, 1], "padding": [1, 2], "dilation": [1, 2], "groups": 2}),
    ("conv2d", [(1, 3, 7, 9), (4, 3, 7, 7)], {"stride": [2, 2], "padding": [3, 3], "dilation": [1, 1], "groups": 1}),
    ("conv2d", [(1, 5, 6, 6), (5, 1, 3, 3)], {"stride": [1, 1], "padding": [1, 1], "dilation": [1, 1], "groups": 5}),
    ("conv_transpose2d", [(1, 3, 4, 5), (3, 2, 3, 4)], {"stride": [2, 3], "padding": [1, 0], "dilation": [2, 1]}),
    *(
        ("max_pool2d", [(2, 3, h, w)], {"kernel_size": k, "stride": s, "padding": p, "dilation": d, "ceil_mode": c})
        for h, w, k, s, p, d in [(8, 9, 3, 2, 1, 1), (7, 10, 2, 2, 0, 1), (9, 8, 3, 3, 1, 2), (5, 6, 2, 3, 1, 1)]
        for c in (False, True)
    ),
    *(
        ("avg_pool2d", [(1, 2, h, w)], {"kernel_size": k, "stride": s, "padding": p, "ceil_mode": c, "count_include_pad": i})
        for h, w, k, s, p in [(8, 9, 3, 2, 1), (7, 10, 2, 2, 0), (5, 6, 2, 3, 1)]
        for c in (False, True)
        for i in (False, True)
    ),
    *(("adaptive_avg_pool2d", [(1, 2, 7, 10)], {"output_size": size}) for size in ([7, 7], [3, 4], [1, 1], [9, 13])),
    *(
        ("interpolate", [(1, 2, 5, 7)], {"size": size, "mode": mode, **more})
        for size in ([12, 9], [3, 4], [5, 15], [1, 1])
        for mode, more in (
            ("bilinear", {"align_corners": False}),
            ("bilinear", {"align_corners": True}),
            ("bicubic", {"align_corners": False, "antialias": True}),
        )
    ),
    ("softmax", [(3, 4, 7)], {"dim": -1}),
    ("layer_norm", [(3, 4, 7)], {"normalized_shape": [7], "eps": 1e-6}),
    ("gelu", [(40,)], {}),
    ("erf", [(60,)], {"scale": 1.0}),
    ("erf", [(60,)], {"scale": 3.0}),
    ("attention", [(2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 7)], {"scale": 0.3}),
    ("attention", [(2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 7), (1, 3, 5, 6)], {"scale": 0.5}),
    ("amax_gradient", [(6, 20)], {"dim": 1}),
    ("maximum_gradient", [(3, 5), (3, 5)], {"smaller": False}),
    ("maximum_gradient", [(3, 5), (3, 5)], {"smaller": True}),
    ("max_pool_gradient", [(2, 3, 7, 8), (2, 3, 4, 4)], {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1, "ceil_mode": False}),
]


def main():
    torch.manual_seed(2)
    cases, tensors = [], {}
    for i, (function, shapes, args) in enumerate(CASES):
        name = f"{function}.{i}"
        inputs = [torch.randn(shape, dtype=torch.float64) for shape in shapes]
        cases.append({"name": name, "function": function, "args": args})
        for j, x in enumerate(inputs):
            tensors[f"{name}.{j}"] = x
        tensors[f"{name}.out"] = FUNCTIONS[function](*inputs, **args)
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, OUT, {"cases": json.dumps(cases), "torch": torch.__version__})
    print(OUT, len(cases), "cases,", OUT.stat().st_size, "bytes")


main()
