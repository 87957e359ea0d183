"""What your PyTorch model computes, for `gradlens verify WEIGHTS ref.safetensors`. In Python, where `model` has its weights:

    from make_ref import make_ref            # pip install safetensors
    make_ref(model, "features.norm5")        # the layer that the maps look at; size=(height, width), channels=1, target=3...
"""
import torch
from safetensors.torch import save_file


def make_ref(model, layer, path="ref.safetensors", size=(224, 224), channels=3, target=None, input=None):
    model = getattr(model, "module", model).eval().float().cpu()  # without DataParallel
    if input is None:  # normalised, as the model is fed
        input = torch.randn(1, channels, *size, generator=torch.Generator().manual_seed(0))
    kept, ends = [], []

    def keep(_, __, output):  # what comes after gets a copy: it may be changed in place
        kept.append(output.requires_grad_())
        return output.clone()

    hooks = [dict(model.named_modules())[layer].register_forward_hook(keep)]
    for m in model.modules():  # logits are what goes into a last sigmoid or softmax
        if isinstance(m, (torch.nn.Sigmoid, torch.nn.Softmax)):
            hooks.append(m.register_forward_hook(lambda _, inputs, output: ends.append((inputs[0], output))))
    output = model(input)
    logits = next((before for before, after in ends if after is output), getattr(output, "logits", output))
    target = int(logits[0].argmax()) if target is None else target
    [gradient] = torch.autograd.grad(logits[0, target], kept[0])
    for hook in hooks:
        hook.remove()
    tensors = {"input": input, "logits": logits, "activations": kept[0], "gradient": gradient}
    metadata = {"layer": layer, "target": str(target), "torch": torch.__version__}
    save_file({k: v.detach().contiguous() for k, v in tensors.items()}, path, metadata)
