"""Makes test/data/photo-demo.json: logits and Grad-CAM of the shipped photo demo in PyTorch's float64.

    pip install torch==2.13.0 safetensors==0.8.0 opencv-python-headless==5.0.0.93
    pip install --no-deps efficientnet-lite-pytorch==0.1.0
    python tools/make_photo_reference.py

The weights are the f16 values that are shipped. Maps are pytorch-grad-cam's, at `_bn1` before the ReLU6 behind it, every 14th
row and column of 224x224.
"""
import json, pathlib

import cv2, torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import load_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
LABELS = {"tiger cat": 282, "espresso": 967}


def scaled(values):
    values = values - values.min()
    return values / (values.max() + 1e-7)


if __name__ == "__main__":
    model = EfficientNet.from_name("efficientnet-lite0")
    state = load_file(ROOT / "weights/efficientnet_lite0-imagenet.safetensors")
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    model = model.double().eval()
    picture = cv2.cvtColor(cv2.imread(str(ROOT / "pictures/cat-coffee.png")), cv2.COLOR_BGR2RGB)
    picture = cv2.resize(picture, (224, 224), interpolation=cv2.INTER_LINEAR)
    kept = []
    model._bn1.register_forward_hook(lambda _, __, y: (y.retain_grad(), kept.append(y))[1])
    logits = model(torch.from_numpy((picture / 255 - 127 / 255) / (128 / 255)).permute(2, 0, 1)[None])[0]
    maps = {}
    for label, index in LABELS.items():
        kept[0].grad = None
        logits[index].backward(retain_graph=True)
        raw = (kept[0].detach() * kept[0].grad.mean((2, 3), keepdim=True)).sum(1)[0].clamp(min=0).numpy()
        maps[label] = [round(v, 6) for v in scaled(cv2.resize(scaled(raw), (224, 224)))[::14, ::14].ravel().tolist()]
    reference = {"logits": [round(v, 6) for v in logits.tolist()], "maps": maps}
    (ROOT / "test/data/photo-demo.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
