"""Times pytorch-grad-cam on densenet121@224 for `npm run bench -- methods --torch`: reads "forward", "gradcam" or
"ablationcam" a line, does it once, answers with milliseconds. Random weights, 14 classes; as many threads as there are cores.
"""
import sys, time

import torchvision_cpu  # noqa: F401 (before torchvision)
import torch
import torchvision
from pytorch_grad_cam import AblationCAM, GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

torch.manual_seed(1)
model = torchvision.models.densenet121(weights=None, num_classes=14).eval()
layers = [model.features[-1]]
target = [ClassifierOutputTarget(0)]
picture = torch.rand(1, 3, 224, 224)


def forward():
    with torch.no_grad():
        model(picture)


def explain(method):
    with method(model=model, target_layers=layers) as cam:
        cam(input_tensor=picture, targets=target)


DO = {"forward": forward, "gradcam": lambda: explain(GradCAM), "ablationcam": lambda: explain(AblationCAM)}

for line in sys.stdin:
    start = time.perf_counter()
    DO[line.strip()]()
    print((time.perf_counter() - start) * 1000, flush=True)
