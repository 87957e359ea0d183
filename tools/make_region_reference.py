"""Makes test/data/regions.json: regions of small maps as NumPy, SciPy, scikit-image and COCO's own tools see them.

    python tools/make_region_reference.py          (needs numpy, scipy, scikit-image and pycocotools)

{"versions": {package: version},
 "maps": [{"width", "height", "heat": thousandths row by row, "picture": {"width", "height"}, "cropPct"?: share,
           "thresholds": [{"threshold", "level",
                           "regions": [{"box", "area", "meanHeat", "maxHeat", "peak", "counts"}]}]}]}
The heat is float32(thousandths / 1000), laid over the picture (SciPy's map_coordinates at the centres of the picture's pixels): over
all of it, or over the centre that timm's eval transform keeps, with 0 around. Regions are 8-connected, of pixels >= float32(level) and above 0, in the order of the first
pixel; `counts` is the uncompressed run-length encoding, which pycocotools turns back into the region's mask.
"""
import json, math, pathlib
from importlib.metadata import version

import numpy as np
from pycocotools import mask as coco
from scipy import ndimage
from skimage.filters import threshold_otsu

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ["numpy", "scipy", "scikit-image", "pycocotools"]
SHAPES = [(9, 12), (17, 31), (24, 24), (1, 40), (40, 1), (13, 7)]
THRESHOLDS = ["otsu", "p0", "p37.5", "p50", "p95", "p100", 0.2, 0.5, 0.9]
# Of the map, of the picture, share of the side that the model sees.
LAID = [
    ((6, 8), (30, 41), None),
    ((12, 12), (23, 50), 0.8),
    ((10, 10), (40, 27), 0.6),
    ((9, 14), (33, 37), 0.75),
    ((20, 20), (7, 11), 0.9),
]
LAID_THRESHOLDS = ["otsu", "p79", "p94", 0.35, 0.7]


def made(rng, shape, smooth):
    """Noise, smoothed a little or not at all, with an exact 0 and an exact 1."""
    noise = ndimage.gaussian_filter(rng.random(shape), smooth) if smooth else rng.random(shape)
    scaled = (noise - noise.min()) / np.ptp(noise)
    return np.round(scaled * 1000).astype(int)


def laid(heat, picture, share):
    """Where the crop lies: timm's transforms_imagenet_eval, crop mode "center"."""
    size = np.array(heat.shape)
    if share is None:
        whole = size
    else:
        aim = np.floor(size / share)
        if aim[0] == aim[1]:  # torchvision's Resize: the shorter side, the longer one truncated
            whole = np.array([math.floor(aim[0] * side / min(picture)) for side in picture])
        else:  # timm's ResizeKeepRatio
            ratio = min(np.array(picture) / aim)
            whole = np.array([round(side / ratio) for side in picture])
    corner = np.array([round(float(d)) for d in (whole - size) / 2])
    centres = [(np.arange(n) + 0.5) * w / n - c for n, w, c in zip(picture, whole, corner)]
    at = np.meshgrid(*[c - 0.5 for c in centres], indexing="ij")
    inside = np.logical_and.outer(*[(c >= 0) & (c < n) for c, n in zip(centres, size)])
    spread = ndimage.map_coordinates(heat.astype(np.float64), at, order=1, mode="nearest")
    return np.where(inside, spread, 0).astype(np.float32)


def checked(heat, level):
    """No pixel is so near the level that rounding decides where it is."""
    assert np.abs(heat[heat > 0] - level).min() > 1e-5
    return level


def level_of(heat, threshold):
    if threshold == "otsu":
        return float(threshold_otsu(heat.astype(np.float64)))
    if isinstance(threshold, str):
        return float(np.percentile(heat.astype(np.float64), float(threshold[1:])))
    return threshold


def counts_of(mask):
    columns = mask.flatten(order="F").astype(int)
    changes = np.flatnonzero(np.diff(columns)) + 1
    counts = np.diff([0, *changes, columns.size]).tolist()
    counts = [0] + counts if columns[0] else counts
    encoded = coco.frPyObjects({"size": list(mask.shape), "counts": counts}, *mask.shape)
    assert (coco.decode(encoded) == mask).all()
    assert coco.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"] == encoded["counts"]
    return counts, encoded


def regions_of(heat, level):
    labels, count = ndimage.label((heat >= np.float32(level)) & (heat > 0), structure=np.ones((3, 3)))
    regions = []
    for label, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        mask = labels == label
        counts, encoded = counts_of(mask)
        box = [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start]
        assert coco.toBbox(encoded).tolist() == box and coco.area(encoded) == mask.sum()
        y, x = np.unravel_index(np.argmax(np.where(mask, heat, -1)), heat.shape)
        regions.append(
            {
                "box": box,
                "area": int(mask.sum()),
                "meanHeat": float(heat[mask].astype(np.float64).mean()),
                "maxHeat": float(heat[mask].max()),
                "peak": [int(x), int(y)],
                "counts": counts,
            }
        )
    assert len(regions) == count
    return regions


def main():
    rng = np.random.default_rng(9)
    maps = []

    def add(shape, smooth, picture, share, thresholds, check=lambda heat, level: level):
        thousandths = made(rng, shape, smooth)
        heat = laid((thousandths / 1000).astype(np.float32), picture, share)
        levels = [(threshold, check(heat, level_of(heat, threshold))) for threshold in thresholds]
        maps.append(
            {
                "width": shape[1],
                "height": shape[0],
                "heat": thousandths.ravel().tolist(),
                "picture": {"width": picture[1], "height": picture[0]},
                **({"cropPct": share} if share is not None else {}),
                "thresholds": [
                    {"threshold": threshold, "level": level, "regions": regions_of(heat, level)}
                    for threshold, level in levels
                ],
            }
        )

    for i, shape in enumerate(SHAPES):
        add(shape, (0, 1.5, 2)[i % 3], shape, None, THRESHOLDS)
    for shape, picture, share in LAID:
        add(shape, 1, picture, share, LAID_THRESHOLDS, checked)
    versions = {package: version(package) for package in PACKAGES}
    text = json.dumps({"versions": versions, "maps": maps}, separators=(",", ":"))
    (ROOT / "test/data/regions.json").write_text(text.replace('{"width"', '\n{"width"') + "\n")


main()
