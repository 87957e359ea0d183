/** @file Finds the checkpoint in a folder, or explains what the folder holds. */

import { readdir } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { FOLDER_WEIGHTS } from "../checkpoint/folder-names.js";
import { say } from "../language/say.js";

/** A file's name in the folder, or the problem, such as "this is a folder; name the file in it". */
export type FolderAnswer = { readonly name: string } | { readonly problem: string };

/** The names that torch.distributed.checkpoint, transformers and timm give a folder's weights. */
const NAMES: readonly string[] = [".metadata", ...FOLDER_WEIGHTS];

const SUFFIXES: ReadonlySet<string> = new Set(
  ".safetensors .pt .pth .pkl .bin .ckpt .th .pt2 .tar".split(" "),
);

interface Kind {
  /** Names that a folder of this kind holds, all of them. */
  readonly names: readonly string[];
  readonly problem: (folder: string) => string;
}

const KINDS: readonly Kind[] = [
  {
    names: ["data.pkl", "data"],
    problem: (folder) =>
      say`this is an unpacked torch.save file; pack it again: cd ${shell(dirname(folder))} && zip -0 -r w.pth ${shell(basename(folder))}`,
  },
  {
    names: ["zero_to_fp32.py", "latest"],
    problem: (folder) =>
      say`this is a DeepSpeed checkpoint; join it: cd ${shell(folder)} && python zero_to_fp32.py . pytorch_model.bin`,
  },
  { names: ["saved_model.pb"], problem: () => other(say`a TensorFlow SavedModel`) },
  { names: ["_CHECKPOINT_METADATA"], problem: () => other(say`a JAX checkpoint (Orbax)`) },
  { names: ["manifest.ocdbt"], problem: () => other(say`a JAX checkpoint (Orbax)`) },
  { names: ["Manifest.json", "Data"], problem: () => other(say`a Core ML package (.mlpackage)`) },
];

const other = (what: string): string => say`this is ${what}; supported are safetensors and PyTorch files`;

/** A path, quoted for a POSIX shell. */
const shell = (path: string): string =>
  /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

/** @throws the file system's error. */
export async function checkpointInFolder(folder: string): Promise<FolderAnswer> {
  const files = await readdir(folder);
  const has = (name: string): boolean => files.includes(name);
  const kind = KINDS.find(({ names }) => names.every(has));
  if (kind !== undefined) return { problem: kind.problem(resolve(folder)) };
  const named = NAMES.filter(has);
  if (named.length === 1) return { name: named[0]! };
  const possible = (named.length > 0 ? named : files.filter((name) => SUFFIXES.has(extname(name)))).sort();
  const few = possible.slice(0, 3);
  const rest = possible.length > few.length ? say`, and ${possible.length - few.length} more` : "";
  const which = possible.length === 0 ? "" : say`, as ${few.join(say` or `)}${rest}`;
  return { problem: say`this is a folder; name the file in it${which}` };
}

/** The file beside this one to read first: `.metadata` for a distributed checkpoint. @throws the file system's error. */
export async function leadingFile(path: string): Promise<string> {
  const isPart = extname(path) === ".distcp" && (await readdir(dirname(path))).includes(".metadata");
  return isPart ? ".metadata" : basename(path);
}
