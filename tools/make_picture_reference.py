"""Makes test/data/pictures: small pictures of every kind we read, and reference.json with what OpenCV makes of them.

    pip install opencv-python-headless==5.0.0.* pillow tifffile
    python tools/make_picture_reference.py

reference.json: {"opencv": version,
  "read": {path: [width, height, sha256 of the RGB bytes of cv2.imread(path, 1)]},
  "grey": {path: sha256 of cv2.cvtColor(..., COLOR_RGB2GRAY)},
  "resize": [[path, width, height, sha256 of cv2.resize's bytes]],
  "resizeGrey": the same of the grey picture,
  "resizeFloat": [{"from": [w, h], "to": [w, h], "map": [...], "resized": [...]}],
  "colormaps": {name: sha256 of the 256 RGB entries}}
Paths are relative to the repository.
"""
import hashlib, json, pathlib
import cv2
import numpy as np
import tifffile
from PIL import Image, ImageCms

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "test/data/pictures"
WIDTH, HEIGHT = 23, 17
# OpenCV refuses the first, too; the second is right within 1 of 255 (its decoder divides by the alpha).
NOT_COMPARED = {"refused-float.tif", "premultiplied.tif"}


def sha(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def small_pictures():
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    base = np.stack([x * 11, y * 15, (x + y) * 6], -1)
    rgb = np.clip(base + rng.integers(-20, 20, base.shape), 0, 255).astype(np.uint8)
    grey = rgb[..., 0]
    alpha = rng.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
    alpha[:4] = 0
    rgb16 = rng.integers(0, 65536, (HEIGHT, WIDTH, 3)).astype(np.uint16)
    grey16 = rgb16[..., 1]
    cmyk = np.dstack([rgb, (x * 9).astype(np.uint8)])
    rgba, rgba16, la = np.dstack([rgb, alpha]), np.dstack([rgb16, grey16]), np.dstack([grey, alpha])

    def pil(name, array, mode=None, **options):
        Image.fromarray(array, mode).save(FOLDER / name, **options)

    def tiff(name, array, photometric, **options):
        tifffile.imwrite(FOLDER / name, array, photometric=photometric, metadata=None, software=False, **options)

    def exif(orientation):
        data = Image.Exif()
        data[274] = orientation
        return data

    pil("rgb.png", rgb)
    pil("grey.png", grey)
    pil("rgba.png", rgba)
    pil("grey-alpha.png", la)
    pil("rgb-transparent-colour.png", rgb, transparency=tuple(int(v) for v in rgb[3, 3]))
    pil("orientation-6.png", rgb, exif=exif(6))
    Image.fromarray(grey).convert("1").save(FOLDER / "1-bit.png")
    Image.fromarray(rgb).quantize(12).save(FOLDER / "palette-4-bit.png", bits=4)
    Image.fromarray(rgb).quantize(12).save(FOLDER / "palette-transparent.png", transparency=bytes([0, 128, 255, 3]))
    cv2.imwrite(str(FOLDER / "rgb-16.png"), rgb16)
    cv2.imwrite(str(FOLDER / "grey-16.png"), grey16)
    cv2.imwrite(str(FOLDER / "rgba-16.png"), rgba16)

    for orientation in range(1, 9):
        pil(f"orientation-{orientation}.jpg", rgb, quality=90, exif=exif(orientation))
    for subsampling, name in enumerate(["444", "422", "420"]):
        pil(f"chroma-{name}.jpg", rgb, quality=85, subsampling=subsampling)
    pil("progressive.jpg", rgb, progressive=True)
    pil("grey.jpg", grey)
    pil("cmyk.jpg", cmyk, "CMYK", quality=95)
    # A profile whose red and blue primaries are swapped: whoever applied it would swap the colours.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the time it was made
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red:red + 4], profile[blue:blue + 4] = b"bXYZ", b"rXYZ"
    pil("swapped-profile.jpg", rgb, quality=90, icc_profile=bytes(profile))
    pil("swapped-profile.png", rgb, icc_profile=bytes(profile))

    pil("lossy.webp", rgb, quality=70)
    pil("lossless.webp", rgb, lossless=True)
    pil("alpha.webp", rgba, lossless=True, exact=True)
    pil("orientation-6.webp", rgb, lossless=True, exif=exif(6))
    pil("animated.webp", rgb, save_all=True, append_images=[Image.fromarray(255 - rgb)], lossless=True, duration=100)

    tiff("rgb.tif", rgb, "rgb")
    tiff("grey.tif", grey, "minisblack")
    tiff("white-is-zero.tif", grey, "miniswhite")
    tiff("rgb-16.tif", rgb16, "rgb")
    tiff("rgb-16-big-endian.tif", rgb16, "rgb", byteorder=">")
    tiff("grey-16.tif", grey16, "minisblack")
    tiff("rgba.tif", rgba, "rgb", extrasamples=["unassalpha"])
    tiff("rgba-16.tif", rgba16, "rgb", extrasamples=["unassalpha"])
    premultiplied = (rgb * (alpha[..., None] / 255)).round().astype(np.uint8)
    tiff("rgb-and-other.tif", rgba, "rgb", extrasamples=["unspecified"])
    tiff("rgba-big-endian.tif", rgba, "rgb", extrasamples=["unassalpha"], byteorder=">")
    tiff("rgba-bigtiff.tif", rgba, "rgb", extrasamples=["unassalpha"], bigtiff=True)
    tiff("premultiplied.tif", np.dstack([premultiplied, alpha]), "rgb", extrasamples=["assocalpha"])
    tiff("grey-alpha.tif", la, "minisblack", extrasamples=["unassalpha"])
    tiff("two-pages.tif", np.stack([rgb, 255 - rgb]), "rgb")
    tiff("planar.tif", np.moveaxis(rgb, -1, 0), "rgb", planarconfig="separate")
    tiff("tiled.tif", rgb, "rgb", tile=(16, 16))
    pil("cmyk.tif", cmyk, "CMYK")
    pil("lzw.tif", rgb, compression="tiff_lzw")
    pil("jpeg.tif", rgb, compression="jpeg", quality=90)
    pil("orientation-3.tif", rgb, tiffinfo={274: 3})
    Image.fromarray(grey).convert("1").save(FOLDER / "fax.tif", compression="group4")
    Image.fromarray(rgb).quantize(50).save(FOLDER / "palette.tif")
    tiff("refused-float.tif", (rgb / 255).astype(np.float32), "rgb")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    small_pictures()
    files = sorted(FOLDER.iterdir()) + sorted((ROOT / "pictures").iterdir())
    files += [ROOT / f"test/data/scenes/{n:03}.jpg" for n in range(0, 120, 15)]
    read, grey = {}, {}
    for file in files:
        name = file.relative_to(ROOT).as_posix()
        if file.name in NOT_COMPARED:
            continue
        picture = cv2.cvtColor(cv2.imread(str(file), 1), cv2.COLOR_BGR2RGB)
        read[name] = [picture.shape[1], picture.shape[0], sha(picture)]
        if name.startswith("pictures/"):
            grey[name] = sha(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))

    # Ratios that go up, down, exactly halve, stay in one axis, hit ties of the rounding, and end in one pixel.
    cases = [("pictures/cat-dog.png", sizes) for sizes in
             [(224, 224), (240, 180), (480, 224), (96, 512), (97, 101), (768, 1), (1, 480), (960, 720), (37, 1000)]]
    cases += [("pictures/car-airplane-bicycle.jpg", (384, 384)), ("pictures/elephant-tree-butterfly.jpg", (299, 299)),
              ("test/data/pictures/rgb.png", (256, 256)), ("test/data/pictures/rgb.png", (7, 5))]
    resize, resize_grey = [], []
    for name, size in cases:
        picture = cv2.cvtColor(cv2.imread(str(ROOT / name), 1), cv2.COLOR_BGR2RGB)
        resize.append([name, *size, sha(cv2.resize(picture, size))])
        resize_grey.append([name, *size, sha(cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), size))])

    rng = np.random.default_rng(2)
    floats = []
    for (w, h), to in [((4, 3), (9, 11)), ((7, 7), (16, 16)), ((6, 4), (3, 2)), ((5, 1), (3, 4)), ((1, 1), (2, 3)),
                         ((997, 2), (7, 3))]:
        a = rng.random((h, w), dtype=np.float32)
        floats.append({"from": [w, h], "to": to, "map": a.ravel().tolist(),
                       "resized": cv2.resize(a, to).ravel().tolist()})

    levels = np.arange(256, dtype=np.uint8)[:, None]
    colormaps = {name: sha(cv2.applyColorMap(levels, getattr(cv2, f"COLORMAP_{name.upper()}"))[:, 0, ::-1])
                 for name in ["jet", "viridis", "turbo", "inferno"]}
    reference = {"opencv": cv2.__version__, "read": read, "grey": grey, "resize": resize, "resizeGrey": resize_grey,
                 "resizeFloat": floats, "colormaps": colormaps}
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in reference.items())
    (FOLDER / "reference.json").write_text("{\n" + lines + "\n}\n")


main()
