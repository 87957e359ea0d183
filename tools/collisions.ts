/**
 * @file `node scripts/run-ts.mjs tools/collisions.ts FILE`: of the networks that tools/list_networks.py listed, those whose state
 * dict gradlens reads as another network's, and what the two compute otherwise. Each must be refused, or printed as assumed.
 */

import { readFileSync } from "node:fs";
import type { CheckpointTensor } from "../src/checkpoint/types.js";
import { fitModel } from "../src/library/fit/fit-model.js";
import { TIMM_NAMES } from "../src/models/timm-names.js";

type Module = readonly [path: string, kind: string, settings: Readonly<Record<string, unknown>>];

interface Listed {
  readonly name: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly modules: readonly Module[];
}

const listed = readFileSync(process.argv[2]!, "utf8")
  .split("\n")
  .filter((line) => line.endsWith("}"))
  .map((line) => JSON.parse(line) as Listed);
const byName = new Map(listed.map((one) => [one.name, one]));

const unread = (): never => {
  throw new Error("no tensor is read here");
};

function tensorsOf({ shapes }: Listed): Map<string, CheckpointTensor> {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { name, shape, dtype: "F32" as const, byteLength: 0, bytes: unread, floats: unread },
    ]),
  );
}

/** The first few of what differs, as "path: ours, theirs". */
function differences(ours: Listed, theirs: Listed): string[] {
  const own = new Map(ours.modules.map(([path, kind, settings]) => [path, [kind, settings] as const]));
  const found = new Map<string, string>();
  for (const [path, kind, settings] of theirs.modules) {
    const [ownKind, ownSettings] = own.get(path) ?? ["nothing", {}];
    const place = path.replace(/\d+/g, "N");
    if (kind !== ownKind) found.set(`${place} ${ownKind}`, `${place}: ${ownKind}, ${kind}`);
    else
      for (const key of new Set([...Object.keys(settings), ...Object.keys(ownSettings)])) {
        const [a, b] = [ownSettings[key], settings[key]].map((value) => JSON.stringify(value));
        if (a !== b) found.set(`${place}.${key}`, `${place}.${key}: ${a}, ${b}`);
      }
  }
  return [...found.values()];
}

/** What is read as which, or why not. */
function read(one: Listed): string {
  const file = { name: `${one.name}.pth`, tensors: tensorsOf(one), metadata: new Map<string, string>() };
  try {
    const { arch, spelling, assumed } = fitModel(file).description;
    if (arch === one.name) return "";
    const known = byName.get(TIMM_NAMES[arch] ?? arch);
    const what = known ? differences(known, one) : ["no network of that name is listed"];
    if (what.length === 0) return "";
    const told = assumed.map(({ what, value }) => `${what} ${String(value).slice(0, 40)}`).join("; ");
    return `read as ${arch} (${spelling}): ${what.slice(0, 8).join("; ")}\n    assumed: ${told}`;
  } catch (error) {
    const { message } = error as Error;
    return /its keys fit none|holds|is a ViT with/.test(message) ? "" : `refused: ${message}`;
  }
}

for (const one of listed) {
  const result = read(one);
  if (result !== "") console.log(`${one.name}: ${result}`);
}
