"""Makes test/data/pillow.json: what Pillow's Image.resize and timm's eval transform make of some pictures.

    python tools/make_pillow_reference.py          (needs what tools/requirements.txt says)

{"pillow": version, "timm": version,
 "resize": [[path, "RGB" or "L", width, height, filter, sha256 of the bytes]],
 "crop": [[path, height, width, crop_pct, filter, sha256 of the bytes]]}
Paths are relative to the repository; "noise WxH" is a made picture (see `noise`). "L" is OpenCV's grey, not Pillow's.
Pillow before 13.0 gives other bytes where the height shrinks far more than the width: it always resized in x first.
"""
import hashlib, json, pathlib
import torchvision_cpu  # noqa: F401, before timm
import numpy as np
import PIL
import timm
from PIL import Image
from timm.data.transforms_factory import transforms_imagenet_eval

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def sha(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def noise(width, height):
    """Byte i is bits 13 to 20 of 2654435761 i: black beside white, so that bicubic overshoots on both sides."""
    i = np.arange(width * height * 3, dtype=np.uint64)
    data = ((i * 2654435761) % 2**32 // 8192 % 256).astype(np.uint8)
    return Image.fromarray(data.reshape(height, width, 3))


def picture(name):
    if name.startswith("noise "):
        return noise(*map(int, name[6:].split("x")))
    return Image.open(ROOT / name).convert("RGB")


def grey(rgb):
    r, g, b = np.moveaxis(np.asarray(rgb).astype(np.int64), -1, 0)
    return Image.fromarray(((9798 * r + 19235 * g + 3735 * b + 16384) >> 15).astype(np.uint8))


CAT, SMALL, NOISE = "pictures/cat-dog.png", "test/data/pictures/rgb.png", "noise 61x45"
# Down, up, one axis of each, a half, one axis or both kept, to and from one pixel.
RESIZE = [(CAT, size) for size in [(224, 224), (384, 384), (240, 180), (480, 224), (96, 512), (97, 101), (1, 1),
                                   (960, 31), (490, 2), (500, 1000)]]
# On both sides of where the order of the passes changes: twice what the width loses against what the height loses.
RESIZE += [(CAT, size) for size in [(408, 216), (409, 216), (409, 217)]]
RESIZE += [("noise 90x400", size) for size in [(32, 32), (50, 320), (51, 320), (51, 321)]]
RESIZE += [(SMALL, size) for size in [(256, 256), (7, 5), (23, 17), (24, 3)]]
RESIZE += [(NOISE, size) for size in [(224, 224), (60, 46), (13, 90), (90, 13), (61, 44)]]
RESIZE += [("noise 1x1", (5, 4)), ("noise 300x2", (7, 9))]
# Square sizes follow torchvision's Resize, others timm's ResizeKeepRatio; odd differences hit CenterCrop's rounding.
CROP = [(CAT, size, pct) for size in [(224, 224), (96, 160), (160, 96), (225, 225)] for pct in (0.875, 0.9, 1.0)]
CROP += [(name, size, pct) for name in (SMALL, NOISE, "noise 45x62", "noise 40x40", "noise 9x200", "noise 70x300")
         for size, pct in [((32, 32), 0.95), ((33, 20), 0.7), ((15, 31), 1.0), ((48, 47), 0.5)]]


def main():
    resize, crop = [], []
    for name, size in RESIZE:
        for word, filter in FILTERS.items():
            for mode, source in (("RGB", picture(name)), ("L", grey(picture(name)))):
                resize.append([name, mode, *size, word, sha(np.asarray(source.resize(size, filter)))])
    for name, size, pct in CROP:
        for word in FILTERS:
            seen = transforms_imagenet_eval(size if size[0] != size[1] else size[0], crop_pct=pct,
                                            interpolation=word, normalize=False)(picture(name))
            array = np.moveaxis(seen.numpy(), 0, -1)
            assert array.shape == (*size, 3) and array.dtype == np.uint8
            crop.append([name, *size, pct, word, sha(array)])
    lines = [f'"pillow": {json.dumps(PIL.__version__)}', f'"timm": {json.dumps(timm.__version__)}']
    for key, rows in (("resize", resize), ("crop", crop)):
        lines.append(f'"{key}": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n]")
    (ROOT / "test/data/pillow.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
