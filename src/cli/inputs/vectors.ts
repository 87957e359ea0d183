/** @file The vectors of --target-vector and --target-image, with what is recorded of each. */

import { readFile } from "node:fs/promises";
import { parse, resolve } from "node:path";
import { checkVector, type Similarity } from "../../cam/vectors.js";
import { badArgument, shortened } from "../../errors.js";
import { decodeNpy } from "../../picture-file/read-npy.js";
import type { ComparedVector } from "../../results/manifest-facts.js";
import { vectorName } from "../../results/vector-name.js";
import { orFileError } from "../terminal/file-errors.js";
import { hashBytes } from "./weights.js";
import { phrase, say, translated } from "../../language/say.js";

const HINT = phrase`--target-vector names a file of np.save`;

/**
 * One vector of each file, or one of each row.
 * @throws GradlensError "bad-file", "bad-argument" for what is no vector
 */
export async function readVectors(
  files: readonly string[],
  similarity: Similarity,
  cwd: string,
): Promise<ComparedVector[]> {
  const all = await Promise.all(files.map((file) => vectorsOf(file, similarity, cwd)));
  return all.flat();
}

async function vectorsOf(shown: string, similarity: Similarity, cwd: string): Promise<ComparedVector[]> {
  const bytes = await orFileError(readFile(resolve(cwd, shown)), say`vector`, shown, translated(HINT));
  const { shape, data } = decodeNpy(bytes, shown);
  if (shape.length < 1 || shape.length > 2 || data.length === 0)
    throw badArgument(
      say`${shown} has the shape [${shortened(shape.join(", "))}]: a vector is [D], several are [N, D]`,
    );
  const length = shape.at(-1)!;
  const rows = data.length / length;
  const sha256 = hashBytes(bytes);
  return Array.from({ length: rows }, (_, row) => {
    const several = rows > 1 ? row : undefined;
    const vector = data.subarray(row * length, (row + 1) * length);
    checkVector(several === undefined ? shown : say`${shown}, row ${row},`, vector, length);
    return {
      name: vectorName(parse(shown).name, similarity, several),
      data: vector,
      record: { file: parse(shown).base, sha256, similarity, ...(several !== undefined && { row }) },
    };
  });
}
