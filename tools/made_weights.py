"""Weights for test models, made rather than stored: test/reference/weights.ts makes the same ones, bit for bit."""
import math

import numpy as np
import torch


def _lowbias32(x):
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def _fnv1a32(text):
    h = 0x811C9DC5
    for byte in text.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def make_weight(key, shape, seed, gain):
    """One tensor as float32; u is uniform in -1..1 and follows from the key and the seed alone."""
    base = np.uint32(_fnv1a32(key)) ^ _lowbias32(np.array([seed], np.uint32))[0]
    i = np.arange(math.prod(shape), dtype=np.uint32)
    u = (_lowbias32(base + i) >> np.uint32(8)) / 2.0**23 - 1
    last = key.split(".")[-1]
    if last == "running_var":
        values = 1 + 0.3 * u
    elif last in ("pos_embed", "cls_token", "relative_position_bias_table"):
        values = 0.2 * u
    elif last == "logit_scale":
        values = 3 + 2.5 * u
    elif last == "weight" and len(shape) >= 2:
        values = gain * math.sqrt(3 / math.prod(shape[1:])) * u
    elif last == "weight":
        values = 1 + 0.1 * u
    else:
        values = 0.1 * u
    return values.astype(np.float32).reshape(shape)


def set_weights(module, seed, gain):
    """Gives a module made weights; integer buffers keep their values."""
    state = module.state_dict()
    for key, value in state.items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(make_weight(key, tuple(value.shape), seed, gain)))
    module.load_state_dict(state)
