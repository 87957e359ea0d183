"""Writes test/data/dicom/: small DICOM files of made pictures in every coding that is read, and what pydicom makes of them.

    python -m venv env && env/bin/pip install pydicom==3.0.2 numpy pillow pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg \
        pylibjpeg-rle pyjpegls python-gdcm imagecodecs
    env/bin/python tools/make_dicom_reference.py

expected.json: for each case the file, the options it is read with, the view that is told, the picture's shape, where its
values begin in expected.f32 (32-bit floats, little endian; grey as 0..1, colours as 0..255) and how far off they may be.
"""

import io
import json
import os
import struct
import tempfile
import warnings
from pathlib import Path

import gdcm
import imagecodecs
import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, apply_windowing, pixel_array
from pydicom.uid import UID

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parent.parent / "test/data/dicom"
WIDTH, HEIGHT = 46, 33
SYNTAX = {
    "implicit": "1.2.840.10008.1.2",
    "explicit": "1.2.840.10008.1.2.1",
    "deflated": "1.2.840.10008.1.2.1.99",
    "big-endian": "1.2.840.10008.1.2.2",
    "rle": "1.2.840.10008.1.2.5",
    "jpeg": "1.2.840.10008.1.2.4.50",
    "jpeg-extended": "1.2.840.10008.1.2.4.51",
    "jpeg-lossless-14": "1.2.840.10008.1.2.4.57",
    "jpeg-lossless": "1.2.840.10008.1.2.4.70",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg-ls-near": "1.2.840.10008.1.2.4.81",
    "jpeg-2000": "1.2.840.10008.1.2.4.90",
    "jpeg-2000-lossy": "1.2.840.10008.1.2.4.91",
    "htj2k": "1.2.840.10008.1.2.4.201",
}
# What no output may hold. Every file carries it, in texts of every kind.
SECRET = "Doe^Zanzibar"

cases = []
values = io.BytesIO()


def grey(bits=12, frame=0, low=0):
    """A made picture: waves and noise over the whole range of `bits` bits, from `low` on."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    noise = np.random.default_rng(frame).normal(0, 0.01, (HEIGHT, WIDTH))
    wave = 0.5 + 0.35 * np.sin((x + 5 * frame) / 6) * np.cos(y / 5) + 0.15 * (x / WIDTH - y / HEIGHT) + noise
    return (np.clip(wave, 0, 1) * (2**bits - 1)).astype(np.int64) + low


def coloured(bits=8):
    return np.stack([grey(bits, 0), grey(bits, 7), grey(bits, 13)], axis=-1)


def dataset(name, pixels, syntax="explicit", bits=12, allocated=16, signed=False, **more):
    """A file's data set, not compressed; pixels [frames,] height, width [, 3]."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    meta.MediaStorageSOPInstanceUID = UID("1.2.3.4")
    meta.TransferSyntaxUID = UID(SYNTAX[syntax])
    meta.ImplementationClassUID = UID("1.2.3")
    ds = FileDataset(
        name, {}, b"\0" * 128, meta, is_implicit_VR=syntax == "implicit", is_little_endian=syntax != "big-endian"
    )
    ds.SOPClassUID = meta.MediaStorageSOPClassUID
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.PatientName = SECRET
    ds.PatientID = "zanzibar-4711"
    ds.PatientBirthDate = "19010203"
    ds.StudyDate = "20190807"
    ds.InstitutionName = "Zanzibar General"
    ds.PatientComments = "Zanzibar " * 20
    colours = more.pop("photometric", "MONOCHROME2")
    frames = more.pop("frames", 1)
    ds.Rows, ds.Columns = HEIGHT, WIDTH
    ds.PhotometricInterpretation = colours
    ds.SamplesPerPixel = 1 if colours.startswith(("MONO", "PAL")) else 3
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, bits, bits - 1
    ds.PixelRepresentation = int(signed)
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    for key, value in more.items():
        setattr(ds, key, value)
    kind = f"{'i' if signed else 'u'}{allocated // 8}"
    ds.PixelData = pixels.astype((">" if syntax == "big-endian" else "<") + kind).tobytes()
    if len(ds.PixelData) % 2:
        ds.PixelData += b"\0"
    ds["PixelData"].VR = "OB" if allocated == 8 else "OW"
    return ds


def encoded(ds, syntax, frames, photometric=None, extended=False, pieces=1):
    """The data set with these codestreams, one a frame."""
    ds.file_meta.TransferSyntaxUID = UID(SYNTAX[syntax])
    if photometric:
        ds.PhotometricInterpretation = photometric
    if extended:
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    else:
        ds.PixelData = encapsulate(frames, fragments_per_frame=pieces, has_bot=pieces == 1)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


def compressed(ds, syntax, **more):
    ds.compress(UID(SYNTAX[syntax]), generate_instance_uid=False, **more)
    return ds


def transcoded(ds, name):
    """By GDCM, for the codings that pydicom does not write."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.dcm"), os.path.join(folder, "b.dcm")
        ds.save_as(source, enforce_file_format=True)
        reader = gdcm.ImageReader()
        reader.SetFileName(source)
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, name)))
        change.SetInput(reader.GetImage())
        assert change.Change(), name
        writer = gdcm.ImageWriter()
        writer.SetFileName(target)
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        result = dcmread(target)
        result.PixelData  # read before the folder is gone
        return result


def save(name, ds):
    OUT.mkdir(parents=True, exist_ok=True)
    ds.save_as(OUT / f"{name}.dcm", enforce_file_format=True)


def expect(name, picture, view, options=None, tolerance=1e-6):
    channels = 3 if picture.ndim == 3 else 1
    case = {"file": f"{name}.dcm", "options": options or {}, "shape": [picture.shape[0], picture.shape[1], channels]}
    cases.append({**case, "view": view, "at": values.tell() // 4, "tolerance": tolerance})
    values.write(picture.astype("<f4").tobytes())


def shown(ds, frame=1, window=None):
    """By pydicom: rescaled, windowed, as 0..1; and the view that is told."""
    index = frame - 1
    stored = pixel_array(ds, index=index)
    rescaled = np.asarray(apply_modality_lut(stored, ds), np.float64)
    view = {"frame": frame, "frames": int(ds.get("NumberOfFrames", 1))}
    if window or "WindowCenter" in ds:
        of = Dataset()
        for key in ("PhotometricInterpretation", "PixelRepresentation", "BitsStored"):
            setattr(of, key, ds[key].value)
        first = lambda value: float(value[0] if hasattr(value, "__len__") else value)
        center, width = window or (first(ds.WindowCenter), first(ds.WindowWidth))
        of.WindowCenter, of.WindowWidth = center, width
        function = "LINEAR" if window else ds.get("VOILUTFunction", "LINEAR")
        of.VOILUTFunction = function
        # Its range of results is found by values beyond any window.
        ends = np.concatenate([rescaled.ravel(), [-1e30 if function != "SIGMOID" else -1e5, 1e30 if function != "SIGMOID" else 1e5]])
        out = apply_windowing(ends, of)
        unit = ((out[:-2] - out[-2]) / (out[-1] - out[-2])).reshape(rescaled.shape)
        view["window"] = {"center": center, "width": width, "function": function, "from": "option" if window else "file"}
    elif "VOILUTSequence" in ds:
        item = ds.VOILUTSequence[0]
        unit = apply_voi(rescaled.astype(np.int32), ds) / (2.0 ** item.LUTDescriptor[2] - 1)
        view["window"] = {"function": "LUT", "from": "file"}
    else:
        inside = np.ones_like(stored, bool)
        if "PixelPaddingValue" in ds:
            limit = ds.get("PixelPaddingRangeLimit", ds.PixelPaddingValue)
            low, high = sorted([ds.PixelPaddingValue, limit])
            inside = (stored < low) | (stored > high)
        low, high = rescaled[inside].min(), rescaled[inside].max()
        unit = np.clip((rescaled - low) / (high - low), 0, 1)
        view["window"] = {"center": (low + high) / 2, "width": high - low, "function": "LINEAR_EXACT", "from": "range"}
    return (1 - unit if ds.PhotometricInterpretation == "MONOCHROME1" else unit), view


def grey_case(name, ds, frame=None, window=None, tolerance=1e-6):
    save(name, ds)
    read = dcmread(OUT / f"{name}.dcm")
    picture, view = shown(read, frame or 1, window)
    options = {}
    if frame:
        options["frame"] = frame
    if window:
        options["window"] = {"center": window[0], "width": window[1]}
    expect(name, picture, view, options, tolerance)


def colour_case(name, ds, tolerance=0, picture=None):
    save(name, ds)
    read = dcmread(OUT / f"{name}.dcm")
    if picture is None:
        picture = pixel_array(read, index=0).astype(np.float64)
        picture = np.floor(picture / 2 ** (read.BitsStored - 8))
    expect(name, picture, {"frame": 1, "frames": 1}, {}, tolerance)


def jpeg(pixels, **more):
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "jpeg", **more)
    return out.getvalue()


def grey_codings():
    window = {"WindowCenter": [1600, 40], "WindowWidth": [2500, 400]}
    for syntax in ("implicit", "explicit", "deflated", "big-endian"):
        grey_case(f"native-{syntax}", dataset(syntax, grey(), syntax, **window))
    for syntax in ("rle", "jpeg-ls", "jpeg-2000"):
        grey_case(syntax, compressed(dataset(syntax, grey(), **window), syntax))
    near = compressed(dataset("near", grey(), **window), "jpeg-ls-near", jls_error=5)
    grey_case("jpeg-ls-near", near)
    lossy = compressed(dataset("lossy", grey(), **window), "jpeg-2000-lossy", j2k_cr=[8])
    grey_case("jpeg-2000-lossy", lossy, tolerance=1.5 / 2500)
    grey_case("jpeg-lossless", transcoded(dataset("ll", grey(), **window), "JPEGLosslessProcess14_1"))
    grey_case("jpeg-lossless-14", transcoded(dataset("ll", grey(), **window), "JPEGLosslessProcess14"))
    grey_case("jpeg-lossless-8", transcoded(dataset("ll", grey(8), bits=8, allocated=8), "JPEGLosslessProcess14_1"))
    twelve = imagecodecs.jpeg_encode(grey().astype(np.uint16), level=95, bitspersample=12)
    extended = encoded(dataset("x", grey(), **window), "jpeg-extended", [twelve])
    grey_case("jpeg-extended-12", extended, tolerance=1.5 / 2500)
    eight = dataset("8", grey(8), bits=8, allocated=8, WindowCenter=128, WindowWidth=256)
    grey_case("jpeg-8", encoded(eight, "jpeg", [jpeg(grey(8), quality=92)]), tolerance=1.1 / 255)
    htj2k = imagecodecs.htj2k_encode(grey().astype(np.uint16), reversible=True)
    save("htj2k", encoded(dataset("ht", grey(), **window), "htj2k", [htj2k]))
    expect("htj2k", *shown(dataset("ht", grey(), **window)))


def values_and_windows():
    ct = dict(signed=True, RescaleSlope=2, RescaleIntercept=-1000)
    made = lambda: grey(12, low=-900)
    grey_case("ct", dataset("ct", made(), **ct, WindowCenter=[40, 300], WindowWidth=[400, 1500]))
    grey_case("ct", dcmread(OUT / "ct.dcm"), window=(300, 1500))
    for syntax in ("rle", "jpeg-2000", "jpeg-ls"):
        grey_case(f"ct-{syntax}", compressed(dataset("ct", made(), **{**ct, "bits": 16}), syntax))
    grey_case("ct-big-endian", dataset("ct", made(), "big-endian", **ct, WindowCenter=40, WindowWidth=400))
    grey_case("monochrome1", dataset("m1", grey(), photometric="MONOCHROME1", WindowCenter=2000, WindowWidth=3000))
    grey_case("sigmoid", dataset("s", grey(), WindowCenter=2000, WindowWidth=900, VOILUTFunction="SIGMOID"))
    grey_case("linear-exact", dataset("l", grey(), WindowCenter=2000, WindowWidth=900, VOILUTFunction="LINEAR_EXACT"))
    grey_case("narrow", dataset("n", grey(), WindowCenter=2000, WindowWidth=1))
    padded = made()
    padded[:4] = -2000
    padded[-2:] = -1990
    padding = dict(PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1990)
    grey_case("padding", dataset("p", padded, **{**ct, "bits": 16}, **padding))
    wide = dataset("h", grey() << 4)
    wide.HighBit = 15
    save("high-bits", wide)
    expect("high-bits", *shown(dataset("h", grey())))
    grey_case("uint32", dataset("u", grey(31) * 2, bits=32, allocated=32))
    with_voi = dataset("v", grey())
    item = Dataset()
    item.LUTDescriptor = [4000, 50, 12]
    item.LUTData = (4095 * (np.arange(4000) / 3999) ** 0.5).astype("<u2").tobytes()
    item["LUTData"].VR = "OW"
    with_voi.VOILUTSequence = [item]
    grey_case("voi-lut", with_voi)
    with_modality = dataset("m", grey(10), bits=10, WindowCenter=300, WindowWidth=500)
    item = Dataset()
    item.LUTDescriptor = [1000, 20, 16]
    item.LUTData = (600 * (np.arange(1000) / 999) ** 2).astype("<u2").tobytes()
    item["LUTData"].VR = "OW"
    item.ModalityLUTType = "US"
    with_modality.ModalityLUTSequence = [item]
    grey_case("modality-lut", with_modality)


def frames():
    three = np.stack([grey(frame=i) for i in range(3)])
    more = dict(frames=3, WindowCenter=2000, WindowWidth=3000)
    grey_case("frames", dataset("f", three, **more), frame=3)
    grey_case("frames", dcmread(OUT / "frames.dcm"))
    grey_case("frames-rle", compressed(dataset("f", three, **more), "rle"), frame=2)
    streams = [imagecodecs.jpegls_encode(frame.astype(np.uint16)) for frame in three]
    grey_case("frames-pieces", encoded(dataset("f", three, **more), "jpeg-ls", streams, pieces=3), frame=3)
    grey_case("frames-extended", encoded(dataset("f", three, **more), "jpeg-ls", streams, extended=True), frame=2)
    bits = (three > 2000).astype(np.uint8)
    one_bit = dataset("b", bits, bits=1, allocated=8, frames=3)
    one_bit.BitsAllocated = 1
    one_bit.PixelData = np.packbits(bits.ravel(), bitorder="little").tobytes()
    if len(one_bit.PixelData) % 2:
        one_bit.PixelData += b"\0"
    save("one-bit", one_bit)
    # A frame that begins inside a byte, which pydicom does not index.
    whole = {"center": 0.5, "width": 1.0, "function": "LINEAR_EXACT", "from": "range"}
    expect("one-bit", bits[1].astype(float), {"frame": 2, "frames": 3, "window": whole}, {"frame": 2})
    enhanced = dataset("e", three, frames=3)
    groups = []
    for i in range(3):
        voi, group = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = 1000 + 500 * i, 2000
        group.FrameVOILUTSequence = [voi]
        groups.append(group)
    enhanced.PerFrameFunctionalGroupsSequence = groups
    shift, shared = Dataset(), Dataset()
    shift.RescaleSlope, shift.RescaleIntercept, shift.RescaleType = 0.5, 100, "US"
    shared.PixelValueTransformationSequence = [shift]
    enhanced.SharedFunctionalGroupsSequence = [shared]
    for syntax in ("explicit", "implicit"):
        enhanced.file_meta.TransferSyntaxUID = UID(SYNTAX[syntax])
        save(f"enhanced-{syntax}", enhanced)
        # pydicom does not look into functional groups: the same as a plain file.
        plain = dataset("e", three, frames=3, RescaleSlope=0.5, RescaleIntercept=100, WindowCenter=1500, WindowWidth=2000)
        expect(f"enhanced-{syntax}", *shown(plain, 2), {"frame": 2})


def colours():
    rgb = dict(bits=8, allocated=8, photometric="RGB")
    colour_case("rgb", dataset("c", coloured(), **rgb))
    swapped = dataset("c", coloured(), "big-endian", **rgb)
    swapped.PixelData = np.frombuffer(swapped.PixelData, "<u2").byteswap().tobytes()
    swapped["PixelData"].VR = "OW"
    # Its bytes are in the order of 16-bit words.
    colour_case("rgb-big-endian", swapped)
    planar = dataset("c", np.moveaxis(coloured(), -1, 0), **rgb)
    planar.PlanarConfiguration = 1
    colour_case("rgb-planar", planar)
    colour_case("rgb-16", dataset("c", coloured(16), bits=16, allocated=16, photometric="RGB"))
    colour_case("rgb-rle", compressed(dataset("c", coloured(), **rgb), "rle"))
    colour_case("rgb-jpeg-ls", compressed(dataset("c", coloured(), **rgb), "jpeg-ls"))
    colour_case("rgb-jpeg-lossless", transcoded(dataset("c", coloured(), **rgb), "JPEGLosslessProcess14_1"))
    rct = compressed(dataset("c", coloured(), **{**rgb, "photometric": "YBR_RCT"}), "jpeg-2000")
    colour_case("ybr-rct", rct)
    ybr = np.asarray(Image.fromarray(coloured().astype(np.uint8)).convert("YCbCr"))
    colour_case("ybr-full", dataset("c", ybr, **{**rgb, "photometric": "YBR_FULL"}))
    halves = ybr.astype(int)
    pairs = np.stack(
        [halves[:, 0::2, 0], halves[:, 1::2, 0], *(halves[:, 0::2, c] for c in (1, 2))], axis=-1
    )
    colour_case("ybr-422", dataset("c", pairs, **{**rgb, "photometric": "YBR_FULL_422"}))
    full = jpeg(coloured(), quality=92, subsampling=0)
    colour_case("ybr-jpeg", encoded(dataset("c", coloured(), **rgb), "jpeg", [full], "YBR_FULL"), tolerance=3)
    half = jpeg(coloured(), quality=92, subsampling=1)
    with_half = np.asarray(Image.open(io.BytesIO(half)).convert("RGB"), float)
    colour_case("ybr-jpeg-422", encoded(dataset("c", coloured(), **rgb), "jpeg", [half], "YBR_FULL_422"), 3, with_half)
    kept = imagecodecs.jpeg8_encode(coloured().astype(np.uint8), level=92, colorspace="RGB", outcolorspace="RGB")
    # Without a marker that says so: the file's header alone does.
    at = kept.find(b"\xff\xee")
    if at > 0:
        kept = kept[:at] + kept[at + 2 + struct.unpack(">H", kept[at + 2 : at + 4])[0] :]
    for old, new in ((b"R", 1), (b"G", 2), (b"B", 3)):
        for start in (b"\xff\xc0", b"\xff\xda"):
            head = kept.find(start)
            place = kept.find(old, head, head + 20)
            kept = kept[:place] + bytes([new]) + kept[place + 1 :]
    colour_case("rgb-jpeg", encoded(dataset("c", coloured(), **rgb), "jpeg", [kept]), tolerance=3)
    ramp = np.arange(256)
    table = np.stack([ramp, 255 - ramp, (ramp * 7) % 256], axis=-1)
    for bits in (8, 16):
        palette = dataset("p", grey(8), bits=8, allocated=8, photometric="PALETTE COLOR")
        scale = 1 if bits == 8 else 257
        for c, colour in enumerate(("Red", "Green", "Blue")):
            setattr(palette, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, bits])
            setattr(palette, f"{colour}PaletteColorLookupTableData", (table[:, c] * scale).astype(f"<u{bits // 8}").tobytes())
        colour_case(f"palette-{bits}", palette, picture=table[grey(8)].astype(float))
        # Two values and two lines, and all of them once more.
        for c, colour in enumerate(("Red", "Green", "Blue")):
            del palette[f"{colour}PaletteColorLookupTableData"]
            ends = (table[[0, 40 + c, 90, 7], c] * scale).tolist()
            words = [0, 2, *ends[:2], 1, 60, ends[2], 1, 66, ends[3], 2, 3, *([0] * (32 // bits))]
            segments = np.array(words, f"<u{bits // 8}").tobytes()
            setattr(palette, f"Segmented{colour}PaletteColorLookupTableData", segments)
        rgb = apply_color_lut(grey(8).astype(np.uint8), palette) >> (bits - 8)
        # NumPy rounds halves to even.
        colour_case(f"palette-segments-{bits}", palette, tolerance=int(bits == 8), picture=rgb.astype(float))


def bare():
    """Without the preamble: a meta group first, and a data set alone in both ways of writing it."""
    for syntax in ("implicit", "explicit"):
        whole = (OUT / f"native-{syntax}.dcm").read_bytes()
        group = 132 + 12 + struct.unpack("<I", whole[140:144])[0]
        case = next(case for case in cases if case["file"] == f"native-{syntax}.dcm")
        names = {f"bare-{syntax}.dcm": whole[group:]}
        if syntax == "explicit":
            names["no-preamble.dcm"] = whole[132:]
        for name, content in names.items():
            (OUT / name).write_bytes(content)
            cases.append({**case, "file": name})


grey_codings()
values_and_windows()
frames()
colours()
bare()
(OUT / "expected.f32").write_bytes(values.getvalue())
(OUT / "expected.json").write_text("[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "\n]\n")
print(len(cases), "cases,", sum(path.stat().st_size for path in OUT.iterdir()), "bytes")
