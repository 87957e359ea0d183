"""Makes test/data/picture-kinds: pictures of 16 bits that use few of them, GIFs, an AVIF, and TIFFs that are not read, with
reference.json: what OpenCV makes of them, and NumPy's windows.

    pip install opencv-python-headless==5.0.0.* pillow tifffile imagecodecs
    python tools/make_picture_kinds.py

reference.json: {"opencv": version,
  "read": {file: [width, height, sha256 of the RGB bytes of cv2.imread(file, 1)]},
  "levels": {file: [least, greatest, different values, different ones among OpenCV's bytes]},
  "window": [[file, center, width, channels, sha256 of the float32 samples by DICOM's function LINEAR]],
  "avif": the RGB bytes of OpenCV, as base64}
"""
import base64, hashlib, json, pathlib, struct
import cv2
import numpy as np
import tifffile
from PIL import Image

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test/data/picture-kinds"
WIDTH, HEIGHT = 23, 17


def sha(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def opencv(name):
    return cv2.cvtColor(cv2.imread(str(FOLDER / name), 1), cv2.COLOR_BGR2RGB)


def made_arrays():
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    rgb = np.clip(np.stack([x * 11, y * 15, (x + y) * 6], -1) + rng.integers(-20, 20, (HEIGHT, WIDTH, 3)), 0, 255)
    deep = rng.integers(0, 4096, (HEIGHT, WIDTH, 3)).astype(np.uint16)
    deep[0, 0], deep[0, 1] = 0, 4095
    return rgb.astype(np.uint8), deep


def sixteen_bits(deep):
    """{file: samples}; the last is of values around an offset, the one before of few values."""
    grey = deep[..., 0]
    of_png = {"grey-12.png": grey, "rgb-12.png": deep, "grey-8-in-16.png": grey >> 4, "mask-16.png": (grey > 2000) * np.uint16(65535),
              "offset.png": grey // 4 + np.uint16(32768)}
    for name, samples in of_png.items():
        cv2.imwrite(str(FOLDER / name), samples[..., ::-1] if samples.ndim == 3 else samples)
    tiff("grey-12.tif", grey, "minisblack")
    tiff("rgb-12.tif", deep, "rgb")
    return {**of_png, "grey-12.tif": grey, "rgb-12.tif": deep}


def tiff(name, array, photometric, **options):
    tifffile.imwrite(FOLDER / name, array, photometric=photometric, metadata=None, software=False, **options)


def gifs(rgb):
    image = Image.fromarray(rgb).quantize(16)
    image.save(FOLDER / "plain.gif")
    image.save(FOLDER / "transparent.gif", transparency=3, background=5)
    image.save(FOLDER / "animated.gif", save_all=True, append_images=[Image.fromarray(255 - rgb).quantize(16)])
    # A frame that is smaller than the picture.
    small = bytearray((FOLDER / "transparent.gif").read_bytes())
    small[6:10] = struct.pack("<HH", WIDTH + 7, HEIGHT + 3)
    (FOLDER / "small-frame.gif").write_bytes(small)


def refused_tiffs(rgb):
    grey = rgb[..., 0]
    tiff("refused-jpeg-2000.tif", rgb, "rgb", compression="jpeg2000")
    tiff("refused-zstd.tif", rgb, "rgb", compression="zstd")
    tiff("refused-lerc.tif", rgb, "rgb", compression="lerc")
    tiff("refused-12-bits.tif", grey.astype(np.uint16) * 16, "minisblack", bitspersample=12)
    tiff("refused-float.tif", grey.astype(np.float64), "minisblack")
    tiff("refused-signed.tif", grey.astype(np.int16), "minisblack")
    tiff("refused-7-samples.tif", np.dstack([rgb, rgb, grey]), "minisblack", planarconfig="contig")
    tiff("refused-lab.tif", rgb, "cielab")
    tiff("refused-mosaic.tif", grey, "cfa", extratags=[(33421, 3, 2, (2, 2)), (33422, 1, 4, (0, 1, 1, 2))])
    tiff("refused-ycbcr.tif", rgb, "ycbcr")
    tiff("refused-grey-times-alpha.tif", np.dstack([grey, grey]), "minisblack", planarconfig="contig", extrasamples=["assocalpha"])
    tiff("refused-planes.tif", np.stack([grey, 255 - grey]), "minisblack", planarconfig="separate")
    tiff("tiles.tif", rgb, "rgb", tile=(16, 16))
    tiff("grey-and-others.tif", np.dstack([rgb, grey]), "minisblack", planarconfig="contig", extrasamples=["unspecified"] * 3)


def window(samples, center, width):
    """LINEAR of PS3.3 C.11.2.1.2.1, to 0..1."""
    return np.clip((samples - (center - 0.5)) / (width - 1) + 0.5, 0, 1).astype(np.float32)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    rgb, deep = made_arrays()
    samples = sixteen_bits(deep)
    gifs(rgb)
    refused_tiffs(rgb)
    y, x = np.mgrid[:32, :40]
    Image.fromarray(np.stack([x * 6, y * 8, (x + y) * 3], -1).astype(np.uint8)).save(FOLDER / "smooth.avif", quality=80)

    files = sorted(f.name for f in FOLDER.iterdir() if not f.name.startswith("refused") and f.suffix != ".avif")
    read = {name: [*opencv(name).shape[1::-1], sha(opencv(name))] for name in files}
    levels = {name: [int(a.min()), int(a.max()), len(np.unique(a)), len(np.unique(opencv(name)))] for name, a in samples.items()}
    windows = [(name, c, w) for name in ["grey-12.png", "grey-12.tif", "rgb-12.png", "rgb-12.tif"] for c, w in [(2048, 4096), (1000, 500)]]
    reference = {
        "opencv": cv2.__version__, "read": read, "levels": levels,
        "window": [[n, c, w, samples[n].ndim == 3 and 3 or 1, sha(window(samples[n], c, w))] for n, c, w in windows],
        "avif": base64.b64encode(opencv("smooth.avif").tobytes()).decode(),
    }
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in reference.items())
    (FOLDER / "reference.json").write_text("{\n" + lines + "\n}\n")


main()
