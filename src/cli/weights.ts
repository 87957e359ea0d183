/** @file Which weights are meant: the user's file, or a shipped demo model; and their hash. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, parse, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { GradlensError } from "../errors.js";
import type { OpenedCheckpoint } from "../node/open-checkpoint.js";
import type { Engine, Reading } from "./engine.js";
import { fileError, hasCode, noSuchFile } from "./files.js";
import type { Values } from "./options.js";

export interface WeightsFile {
  /** Absolute. */
  readonly path: string;
  /** For messages. */
  readonly shown: string;
  /** The name of its folder of results. */
  readonly folder: string;
  readonly demo: boolean;
}

/** The shipped models by architecture; the first is the default. */
export const DEMO_WEIGHTS: Readonly<Record<string, string>> = {
  densenet121: "weights/densenet121-scenes14.safetensors",
  pvt_v2_b0: "weights/pvt_v2_b0-scenes14.safetensors",
};

/** The architectures of `--demo`. */
const DEMOS: Readonly<Record<NonNullable<Values["demo"]>, string>> = {
  densenet: "densenet121",
  pvt: "pvt_v2_b0",
};

/** The shipped picture that is explained when none is named. */
export const DEMO_PICTURE = "pictures/cat-dog.png";

const WAY = "name a checkpoint (safetensors, or a .pt, .pth, .pkl, .bin or .ckpt of PyTorch)";

/** The weights to load: `typed`, else the demo model called `demo` or of `arch`. Throws `bad-file`, `bad-argument`. */
export async function findWeights(
  { weights: typed, arch, demo }: Readonly<Pick<Values, "weights" | "arch" | "demo">>,
  cwd: string,
  packageRoot: string,
): Promise<WeightsFile> {
  const named = demo === undefined ? undefined : DEMOS[demo];
  const other = typed !== undefined ? `--weights ${typed}` : arch !== named && arch && `--arch ${arch}`;
  if (named !== undefined && other) {
    throw new GradlensError("bad-argument", `--demo ${demo} and ${other} contradict each other: give one`);
  }
  if (typed === undefined) return demoWeights(named ?? arch, packageRoot);
  const path = resolve(cwd, typed);
  try {
    if ((await stat(path)).isDirectory()) {
      throw new GradlensError("bad-file", `weights ${typed}: this is a folder; name the file in it`);
    }
  } catch (error) {
    throw hasCode(error, "ENOENT")
      ? await noSuchFile("weights", path, WAY)
      : fileError(error, "weights", typed, WAY);
  }
  return { path, shown: typed, folder: parse(path).name, demo: false };
}

function demoWeights(arch: string | undefined, packageRoot: string): WeightsFile {
  const name = arch ?? Object.keys(DEMO_WEIGHTS)[0]!;
  const file = DEMO_WEIGHTS[name];
  if (file === undefined) {
    const has = Object.keys(DEMO_WEIGHTS).join(", ");
    throw new GradlensError(
      "bad-argument",
      `no demo weights for ${name} (only for ${has}): give yours with --weights FILE`,
    );
  }
  return { path: join(packageRoot, file), shown: basename(file), folder: name, demo: true };
}

/** Opens weights, of which only headers are read. Throws `bad-file`, `bad-argument`. */
export async function openWeights(
  engine: Pick<Engine, "openCheckpoint">,
  { path, shown }: WeightsFile,
  reading: Reading,
): Promise<OpenedCheckpoint> {
  const opened = await engine.openCheckpoint(path, shown, reading);
  const { format, stateDict } = opened.checkpoint;
  if (reading.stateDict === undefined || reading.stateDict === stateDict) return opened;
  await opened.close();
  throw new GradlensError(
    "bad-argument",
    `--state-dict ${reading.stateDict}: ${shown} is ${format}, which holds tensors and nothing else; leave the option out`,
  );
}

/** Of a file's content, in hex. Throws `bad-file`. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw fileError(error, "weights", path, WAY);
  }
  return hash.digest("hex");
}

/** Of bytes, in hex. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
