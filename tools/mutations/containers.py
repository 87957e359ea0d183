"""How a subject becomes a file."""
import warnings

import torch
from safetensors.torch import save_file

from .reference import Logits

SUFFIX = dict(pth="pth", legacy="pth.tar", safetensors="safetensors", whole="pth", script="pt", trace="pt")


def state_dict_of(s):
    # A wrapper's name stands before those that the family's rename knows.
    wrapper = next((f"{name}." for name, module in s.root.named_modules() if name and module is s.net), "")

    def rename(key):
        return wrapper + s.family.rename(key.removeprefix(wrapper)) if key.startswith(wrapper) else key

    state = {rename(key): value for key, value in s.root.state_dict().items()}
    for change in s.keys:
        state = change(state)
    return state


def save(s, container, path, x):
    """Writes the file; gives what it is in the end: a network that cannot be scripted is traced."""
    if container in ("pth", "legacy"):
        torch.save(s.payload(state_dict_of(s)), path, _use_new_zipfile_serialization=container == "pth")
    elif container == "safetensors":
        state = {k: v.contiguous().clone() for k, v in state_dict_of(s).items() if isinstance(v, torch.Tensor)}
        save_file(state, path)
    elif container == "whole":
        torch.save(s.payload(s.root), path)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if container == "script":
                try:
                    torch.jit.script(s.root).save(path)
                    return container
                except Exception:  # torch.jit raises many kinds
                    container = "trace"
            plain = isinstance(s.root(x), torch.Tensor)
            torch.jit.trace(s.root if plain else Logits(s.root), x, check_trace=False).save(path)
    return container
