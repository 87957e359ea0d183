"""The gradients of a logit at the picture that gradlens's methods of the picture itself are made of, [1, C, H, W]."""
import torch

from newer_methods import normal_numbers

SAMPLES, NOISE = 25, 0.15
STEPS = 32


def saliency(model, picture, target):
    picture = picture.clone().requires_grad_()
    return torch.autograd.grad(model(picture)[0, target], picture)[0]


def smoothgrad(model, picture, target):
    """The mean over noisy pictures; the noise is that of seed 0."""
    _, channels, height, width = picture.shape
    # Channels last: the order in which the noise is drawn.
    noise = torch.from_numpy(normal_numbers("0 smoothgrad", SAMPLES * picture.numel()))
    noise = noise.reshape(SAMPLES, 1, height, width, channels).permute(0, 1, 4, 2, 3).to(picture.dtype)
    deviation = NOISE * (picture.max() - picture.min())
    return sum(saliency(model, picture + deviation * n, target) for n in noise) / SAMPLES


def integrated(model, picture, target):
    """The midpoints' mean times the picture; the baseline is 0."""
    places = [(k + 0.5) / STEPS for k in range(STEPS)]
    return picture * sum(saliency(model, picture * place, target) for place in places) / STEPS
