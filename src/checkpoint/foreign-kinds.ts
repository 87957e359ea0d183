/** @file Names the kinds of files that are not read, for messages. */

import { matches, startsWith, type CheckpointKind } from "./file-kinds.js";
import { badFile } from "./source.js";
import { phrase, say, translated } from "../language/say.js";

/** A protobuf message whose fields begin with these tags, with a small number or a string between them. */
const protobuf =
  (version: readonly [number, number], next: readonly number[]) =>
  (head: Uint8Array): boolean =>
    head[0] === 0x08 && head[1]! >= version[0] && head[1]! <= version[1] && next.includes(head[2]!);

/** Unsupported kinds, for the message; the most distinctive marks first. */
const FOREIGN: readonly (readonly [what: string, is: (head: Uint8Array) => boolean])[] = [
  [
    phrase`a Git LFS pointer, not the file itself (fetch it with \`git lfs pull\`)`,
    startsWith("version https://git-lfs"),
  ],
  [phrase`a GGUF model of llama.cpp`, startsWith("GGUF")],
  [phrase`an HDF5 file (Keras .h5, or MATLAB 7.3)`, startsWith("\x89HDF\r\n\x1a\n")],
  [phrase`a NumPy array`, startsWith("\x93NUMPY")],
  [phrase`a TensorFlow Lite model`, startsWith("TFL3", 4)],
  [phrase`an ExecuTorch program`, startsWith("ET12", 4)],
  [phrase`an ONNX Runtime model (.ort)`, startsWith("ORTM", 4)],
  [phrase`a TensorRT engine, compiled for one GPU`, startsWith("ftrt")],
  [phrase`an MXNet file of parameters`, matches(/^\x12\x01\0{6}/)],
  [phrase`a MATLAB file`, startsWith("MATLAB ")],
  [phrase`a PNG picture`, startsWith("\x89PNG\r\n")],
  [phrase`a JPEG picture`, startsWith([0xff, 0xd8, 0xff])],
  [phrase`a GIF picture`, startsWith("GIF8")],
  [phrase`a WebP picture`, startsWith("WEBP", 8)],
  [phrase`a TIFF picture`, matches(/^(?:II\*\0|MM\0\*)/)],
  [phrase`a BMP picture`, matches(/^BM[^]{4}\0{4}/)],
  [phrase`a DICOM picture`, startsWith("DICM", 128)],
  [phrase`a PDF document`, startsWith("%PDF-")],
  [
    phrase`a checkpoint of PyTorch 0.1 (a tar archive), too old to be read: load it with PyTorch once and save it again`,
    (head) =>
      startsWith("ustar", 257)(head) && matches(/^(?:\.\/)?(?:sys_info|storages|tensors|pickle)\0/)(head),
  ],
  [phrase`a tar archive (unpack it first)`, startsWith("ustar", 257)],
  [phrase`gzip-compressed (unpack it first)`, startsWith([0x1f, 0x8b])],
  [phrase`xz-compressed (unpack it first)`, startsWith("\xfd7zXZ\0")],
  [phrase`zstd-compressed (unpack it first)`, startsWith([0x28, 0xb5, 0x2f, 0xfd])],
  [phrase`bzip2-compressed (unpack it first)`, matches(/^BZh[1-9]1AY/)],
  [
    phrase`compressed by joblib: load it with joblib.load and save the weights with torch.save`,
    matches(/^(?:\x78[\x01\x5e\x9c\xda]|\x5d\0\0[^]{2}\xff{8})/),
  ],
  [phrase`a 7-Zip archive (unpack it first)`, startsWith("7z\xbc\xaf\x27\x1c")],
  [phrase`a RAR archive (unpack it first)`, startsWith("Rar!\x1a\x07")],
  [phrase`a program, not a checkpoint`, matches(/^(?:\x7fELF|MZ[^]{58})/)],
  [phrase`a Core ML model (.mlmodel)`, matches(/^\x08[\x02-\x0d]\x12(?:[\0-\x7f]|[\x80-\xff][\0-\x7f])\x0a/)],
  [phrase`a TensorFlow SavedModel`, protobuf([1, 1], [0x12])],
  [phrase`an ONNX model`, protobuf([2, 14], [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42])],
  [
    phrase`a web page (was the download refused, or the page saved instead of the file?)`,
    matches(/^[^<]{0,16}<(?:!doctype html|html)/i),
  ],
  [
    phrase`a MindSpore checkpoint`,
    matches(
      /^\x0a[\x80-\xff]*[\0-\x7f]\x0a[^][\w.]+\x12[\x80-\xff]*[\0-\x7f](?:\x08[^]{1,10}){0,8}\x12[^](?:Float|BFloat|Int|UInt|Bool)/,
    ),
  ],
  [
    phrase`a msgpack file, as Flax (JAX) writes parameters`,
    matches(/^(?:[\x81-\x8f]|\xde[^]{2}|\xdf[^]{4})[\xa1-\xbf][\w./ -]+[\x80-\xdf]/),
  ],
  [phrase`an OpenVINO model (.xml)`, matches(/^[^<]{0,16}<\?xml[^>]*>\s*<net /i)],
  [phrase`an ncnn model (.param)`, matches(/^7767517\s/)],
  [phrase`the note that TensorFlow writes beside checkpoints`, startsWith("model_checkpoint_path:")],
  [phrase`an XML document`, matches(/^[^<]{0,16}<\?xml/i)],
  [phrase`JSON text`, matches(/^(?:\xef\xbb\xbf)?\s*\[[\s\x21-\x7e]/)],
  [
    phrase`text`,
    matches(/^[\t\n\f\r\x20-\x7e\x80-\xff]*[\t\n\f\r\x20-\x7e]{8}[\t\n\f\r\x20-\x7e\x80-\xff]*$/),
  ],
];

const SUPPORTED = phrase`supported are safetensors and PyTorch files (.safetensors, .pt, .pth, .pkl, .bin, .ckpt, .th)`;

/**
 * The kind of a file whose first bytes `head` have no mark of a supported kind.
 * @throws GradlensError "bad-file" that names an unsupported kind
 */
export function otherKind(file: string, head: Uint8Array, size: number): CheckpointKind {
  if (size === 0) throw badFile(file, say`is empty; copy or download it again`);
  const foreign = FOREIGN.find(([, is]) => is(head));
  if (foreign !== undefined) throw badFile(file, say`is ${translated(foreign[0])}; ${translated(SUPPORTED)}`);
  if (size < 9)
    throw badFile(file, say`is too short for a checkpoint (${size} bytes); copy or download it again`);
  // A safetensors file begins with a length, then a JSON object. Eight printable characters would be too large a length.
  if (head[8] === 0x7b) return "safetensors";
  if (head.every((byte) => byte === 0))
    throw badFile(file, say`holds only zeros: an unfinished download or copy; ${translated(SUPPORTED)}`);
  const bytes = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw badFile(
    file,
    say`is of an unknown kind (it begins with the bytes ${bytes}); ${translated(SUPPORTED)}`,
  );
}
