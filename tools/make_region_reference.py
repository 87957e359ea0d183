"""Makes test/data/regions.json: regions of small maps as NumPy, SciPy, scikit-image and COCO's own tools see them.

    python tools/make_region_reference.py          (needs numpy, scipy, scikit-image and pycocotools)

{"versions": {package: version},
 "maps": [{"width", "height", "heat": thousandths row by row,
           "thresholds": [{"threshold", "level",
                           "regions": [{"box", "area", "meanHeat", "maxHeat", "peak", "counts"}]}]}]}
The heat is float32(thousandths / 1000). Regions are 8-connected, of pixels >= float32(level) and above 0, in the order of the first
pixel; `counts` is the uncompressed run-length encoding, which pycocotools turns back into the region's mask.
"""
import json, pathlib
from importlib.metadata import version

import numpy as np
from pycocotools import mask as coco
from scipy import ndimage
from skimage.filters import threshold_otsu

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ["numpy", "scipy", "scikit-image", "pycocotools"]
SHAPES = [(9, 12), (17, 31), (24, 24), (1, 40), (40, 1), (13, 7)]
THRESHOLDS = ["otsu", "p0", "p37.5", "p50", "p95", "p100", 0.2, 0.5, 0.9]


def made(rng, shape, smooth):
    """Noise, smoothed a little or not at all, with an exact 0 and an exact 1."""
    noise = ndimage.gaussian_filter(rng.random(shape), smooth) if smooth else rng.random(shape)
    scaled = (noise - noise.min()) / np.ptp(noise)
    return np.round(scaled * 1000).astype(int)


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
    for i, shape in enumerate(SHAPES):
        thousandths = made(rng, shape, (0, 1.5, 2)[i % 3])
        heat = (thousandths / 1000).astype(np.float32)
        levels = [(threshold, level_of(heat, threshold)) for threshold in THRESHOLDS]
        maps.append(
            {
                "width": shape[1],
                "height": shape[0],
                "heat": thousandths.ravel().tolist(),
                "thresholds": [
                    {"threshold": threshold, "level": level, "regions": regions_of(heat, level)}
                    for threshold, level in levels
                ],
            }
        )
    versions = {package: version(package) for package in PACKAGES}
    text = json.dumps({"versions": versions, "maps": maps}, separators=(",", ":"))
    (ROOT / "test/data/regions.json").write_text(text.replace('{"width"', '\n{"width"') + "\n")


main()
