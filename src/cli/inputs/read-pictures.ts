/** @file Reads and decodes pictures, one ahead of the one that is explained. */

import { readFile } from "node:fs/promises";
import { GradlensError } from "../../errors.js";
import { readPicture, type ReadPicture, type ReadPictureOptions } from "../../node/read-picture.js";
import { orFileError } from "../terminal/file-errors.js";
import type { Host } from "../terminal/host.js";
import type { Input } from "./find-pictures.js";
import { hashBytes } from "./weights.js";
import { say } from "../../language/say.js";

export interface LoadedPicture {
  readonly picture: ReadPicture;
  readonly sha256: string;
  /** The time of reading and decoding. */
  readonly milliseconds: number;
}

/** @throws GradlensError "bad-picture", "bad-file" */
export async function loadPicture(
  input: Input,
  stdin: () => Promise<Uint8Array>,
  reading: ReadPictureOptions = {},
): Promise<LoadedPicture> {
  const begin = performance.now();
  const bytes = input.file === undefined ? await stdin() : await readBytes(input.file, input.shown);
  const sha256 = hashBytes(bytes);
  const picture = await readPicture(bytes, { ...reading, name: input.shown });
  return { picture, sha256, milliseconds: performance.now() - begin };
}

const readBytes = (file: string, shown: string): Promise<Uint8Array> =>
  orFileError(readFile(file), say`picture`, shown, say`--image names a picture`);

/**
 * All of stdin, which can be read once.
 * @throws GradlensError "bad-picture"
 */
export async function readStdin(stdin: Host["stdin"]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  if (chunks.length > 0) return Buffer.concat(chunks);
  throw new GradlensError("bad-picture", say`stdin is empty: --image - reads a picture from it`);
}

/** The inputs in order, each with its picture or the error that reading it gave; one is read ahead. */
export async function* readAhead(
  inputs: readonly Input[],
  load: (input: Input) => Promise<LoadedPicture>,
): AsyncGenerator<{ input: Input; loaded: LoadedPicture | GradlensError }> {
  const settle = (input: Input): Promise<LoadedPicture | GradlensError> =>
    load(input).catch((error: unknown) => {
      if (error instanceof GradlensError) return error;
      throw error;
    });
  let next = inputs[0] && settle(inputs[0]);
  for (const [i, input] of inputs.entries()) {
    const loaded = await next!;
    const after = inputs[i + 1];
    next = after && settle(after);
    // It is awaited in the next round. Until then its rejection must not count as unhandled.
    next?.catch(() => undefined);
    yield { input, loaded };
  }
}
