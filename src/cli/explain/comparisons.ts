/** @file What the output of a model without a classifier is compared with: vectors of files, and outputs for other pictures. */

import { parse } from "node:path";
import { badArgument, GradlensError } from "../../errors.js";
import { checkVector, DEFAULT_SIMILARITY } from "../../cam/vectors.js";
import type { ComparedVector } from "../../results/manifest-facts.js";
import type { LoadedModel } from "../engine/engine.js";
import { findInputs, type Input } from "../inputs/find-pictures.js";
import { loadPicture } from "../inputs/read-pictures.js";
import { vectorName } from "../../results/vector-name.js";
import { readVectors } from "../inputs/vectors.js";
import type { CamSettings } from "../options/cam-settings.js";
import { say } from "../../language/say.js";

/** What the model's output is compared with, before the model is loaded. */
export interface Comparisons {
  /** Of --target-vector. */
  readonly vectors: readonly ComparedVector[];
  /** Of --target-image. */
  readonly others: readonly Input[];
}

/** @throws GradlensError "bad-file", "bad-argument" for files that are not there, or hold no vectors */
export async function findComparisons(
  { targetVector = [], targetImage = [], similarity }: CamSettings,
  cwd: string,
  out: string,
): Promise<Comparisons> {
  if (similarity !== DEFAULT_SIMILARITY && targetVector.length + targetImage.length === 0)
    throw badArgument(
      say`--similarity ${similarity} compares: give --target-vector FILE.npy or --target-image`,
    );
  if (targetImage.includes("-")) throw badArgument(say`--target-image - : name a file; stdin is for --image`);
  const vectors = await readVectors(targetVector, similarity, cwd);
  const { inputs: others } = await findInputs(targetImage, cwd, out);
  return { vectors, others };
}

/**
 * The vectors, and the model's outputs for the other pictures; undefined where there are none.
 * @throws GradlensError "bad-argument" for vectors of another length than the output's, "unsupported" for a classifier
 */
export async function comparisonsOf(
  model: LoadedModel,
  { vectors, others, settings }: Comparisons & { readonly settings: CamSettings },
  signal: AbortSignal,
): Promise<readonly ComparedVector[] | undefined> {
  if (vectors.length + others.length === 0) return undefined;
  const { embedding, arch, classes } = model;
  if (embedding === undefined)
    throw new GradlensError(
      "unsupported",
      say`this ${arch} has a classifier of ${classes} classes; vectors and pictures are compared with what it reads: add --embedding`,
    );
  for (const { name, data } of vectors) checkVector(say`the vector ${name}`, data, embedding.length);
  const outputs: ComparedVector[] = [];
  for (const other of others) outputs.push(await outputFor(model, other, settings, signal));
  return [...vectors, ...outputs];
}

async function outputFor(
  model: LoadedModel,
  input: Input,
  { reading, similarity }: CamSettings,
  signal: AbortSignal,
): Promise<ComparedVector> {
  // Stdin is not among these pictures.
  const { picture, sha256 } = await loadPicture(input, () => Promise.reject(new Error("no file")), reading);
  const { logits } = await model.run(picture, { signal });
  checkVector(say`the output for ${input.shown}`, logits, logits.length);
  const { base, name } = parse(input.file!);
  return { name: vectorName(name, similarity), data: logits, record: { file: base, sha256, similarity } };
}
