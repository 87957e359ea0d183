/**
 * @file Vectors with which the output of a model without a classifier is compared: each is a target, explained by its
 * similarity with the output.
 */

import { badArgument, shortened } from "../errors.js";
import type { Template } from "../models/template.js";
import { say } from "../language/say.js";

/** The targets of pytorch-grad-cam's tutorial on embeddings have "cosine" and "difference". */
export const SIMILARITIES = ["cosine", "dot", "difference"] as const;

/** "cosine": x . v / (|x| |v|); "dot": x . v; "difference": 1 - cosine. */
export type Similarity = (typeof SIMILARITIES)[number];

export const DEFAULT_SIMILARITY: Similarity = "cosine";

export interface TargetVector {
  /** Stands for the vector as a label for a class. */
  readonly name: string;
  /** As many values as the model's output has. */
  readonly data: ArrayLike<number>;
}

/** Options of an explanation that compare the model's output with vectors. */
export interface Comparison {
  /** For models without a classifier. */
  readonly vectors?: readonly TargetVector[] | undefined;
  /** How the output is compared with `vectors`. Default: cosine. */
  readonly similarity?: Similarity | undefined;
}

/** torch.nn.CosineSimilarity's: the least length of a vector. */
const EPS = 1e-8;

/**
 * @param length of the model's output
 * @throws GradlensError "bad-argument"
 */
export function checkVectors({ vectors, similarity }: Comparison, length: number): void {
  if (similarity !== undefined && !SIMILARITIES.includes(similarity))
    throw badArgument(say`similarity ${JSON.stringify(similarity)}: use one of ${SIMILARITIES.join(", ")}`);
  if (!Array.isArray(vectors) || vectors.length === 0)
    throw badArgument(say`vectors: a list of at least one { name, data } is needed; leave it out for none`);
  for (const [i, vector] of (vectors as readonly Partial<TargetVector>[]).entries()) {
    const { name, data } = vector ?? {};
    if (typeof name !== "string" || name === "" || typeof data?.length !== "number")
      throw badArgument(say`vectors: entry ${i} is not { name, data } with a text and numbers`);
    checkVector(say`vector "${shortened(name)}"`, data, length);
  }
}

/** @throws GradlensError "bad-argument" for a vector that has no similarity with an output of `length` values */
export function checkVector(shown: string, data: ArrayLike<number>, length: number): void {
  if (data.length !== length)
    throw badArgument(say`${shown} has ${data.length} values, and the model's output has ${length}`);
  const at = Array.prototype.findIndex.call(data, (value: unknown) => !Number.isFinite(value));
  if (at >= 0) throw badArgument(say`${shown}: value ${at} is ${data[at]}; finite numbers are needed`);
  if (lengthOf(data) === 0)
    throw badArgument(say`${shown} is zero everywhere: it has no direction to compare with`);
}

/** The Euclidean length, in f64. */
export function lengthOf(values: ArrayLike<number>): number {
  let [largest, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (largest === 0) return 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** The similarity of an output with each vector, computed in f64. */
export function similaritiesOf(
  output: Float32Array,
  vectors: readonly TargetVector[],
  similarity: Similarity = DEFAULT_SIMILARITY,
): Float32Array {
  const length = Math.max(lengthOf(output), EPS);
  return Float32Array.from(vectors, ({ data }) => {
    const size = similarity === "dot" ? 1 : length * Math.max(lengthOf(data), EPS);
    const value = output.reduce((sum, x, i) => sum + x * data[i]!, 0) / size;
    return similarity === "difference" ? 1 - value : value;
  });
}

/** The values of a compared graph's parameter, [vectors, D]: the vectors, except for "dot" at a length of 1. */
export function rowsOfVectors({ vectors = [], similarity = DEFAULT_SIMILARITY }: Comparison): Float32Array {
  const rows = vectors.flatMap(({ data }) => {
    const size = similarity === "dot" ? 1 : Math.max(lengthOf(data), EPS);
    return Array.from(data, (value) => value / size);
  });
  return Float32Array.from(rows);
}

/**
 * Appends the similarities to a graph without a classifier; they are its logits then, [B, vectors].
 * @param key of the parameter that holds rowsOfVectors
 */
export function compared(
  template: Template,
  key: string,
  { vectors = [], similarity = DEFAULT_SIMILARITY }: Comparison,
): Template {
  const { graph: b, logits: output } = template;
  const rows = b.paramByKey(key, [vectors.length, output.shape[1]!]);
  const product = b.matmul(output, rows, { transposeB: true });
  if (similarity === "dot") return { ...template, logits: product };
  const length = b.max(b.sqrt(b.sum(b.mul(output, output), [1])), EPS);
  const cosine = b.div(product, length);
  return { ...template, logits: similarity === "cosine" ? cosine : b.sub(1, cosine) };
}
