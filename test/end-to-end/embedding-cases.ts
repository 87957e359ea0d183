/** @file Networks without a classifier, with PyTorch's embeddings and maps (tools/make_embedding_reference.py). */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { MethodName } from "../../src/cam/methods/table.js";
import type { Shape } from "../../src/graph/shape.js";
import { loadModel, type Arch, type Model, type Similarity, type TargetVector } from "../../src/index.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { makeWeight, makeWeights } from "../reference/weights.js";
import { checkpointOf, goldenPicture } from "./harness.js";

export interface EmbeddingCase {
  readonly arch: Arch;
  readonly spelling: string;
  readonly size: readonly [height: number, width: number];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly gain: number;
  readonly seed: number;
  readonly layer: string;
  readonly keys: Readonly<Record<string, Shape>>;
  readonly length: number;
  /** Its first values. */
  readonly embedding: readonly number[];
  readonly similarities: Readonly<Partial<Record<Similarity, readonly number[]>>>;
  /** Of the first vector, by similarity and method: one pixel in eight, rows first. */
  readonly maps: Readonly<
    Partial<Record<Similarity, Readonly<Partial<Record<MethodName, readonly number[]>>>>>
  >;
}

const STEP = 8;

export const EMBEDDING_CASES = JSON.parse(
  readFileSync(new URL("../data/embeddings.json", import.meta.url), "utf8"),
) as Record<string, EmbeddingCase>;

export const loadEmbedding = (one: EmbeddingCase, gpu: Gpu): Promise<Model> =>
  loadModel(checkpointOf("w.pth", makeWeights(one.keys, one.seed, one.gain)), {
    gpu,
    size: one.size,
    mean: one.mean,
    std: one.std,
    resize: "opencv-bilinear",
  });

const vectorsOf = ({ length, seed }: EmbeddingCase): TargetVector[] =>
  [0, 1].map((i) => ({ name: `vector.${i}`, data: makeWeight(`vector.${i}`, [length], seed, 1) }));

/** Within 1e-4 of the largest value. */
function expectNear(got: ArrayLike<number>, wanted: readonly number[], largest: number): void {
  wanted.forEach((value, i) => expect(Math.abs(got[i]! - value) / largest).toBeLessThan(1e-4));
}

export async function checkEmbedding(one: EmbeddingCase, model: Model): Promise<void> {
  const { arch, classes, embedding, activation } = model;
  expect({ arch, classes, embedding, activation }).toEqual({
    arch: one.arch,
    classes: 0,
    embedding: { length: one.length },
    activation: "none",
  });
  const { logits } = await model.run(await goldenPicture());
  expect(logits).toHaveLength(one.length);
  expectNear(
    logits,
    one.embedding,
    logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  );
}

const toleranceOf = (method: string): number => (/scorecam|ablationcam/.test(method) ? 2e-3 : 1e-3);

/** Maps of two vectors at once, of which the first is compared. @param methods default: all of the case */
export async function checkSimilarity(
  one: EmbeddingCase,
  model: Model,
  similarity: Similarity,
  methods?: readonly MethodName[],
): Promise<void> {
  const wanted = one.maps[similarity]!;
  const asked = methods ?? (Object.keys(wanted) as MethodName[]);
  const { targets, maps } = await model.explain(await goldenPicture(), {
    methods: asked,
    layers: [one.layer],
    vectors: vectorsOf(one),
    similarity,
  });
  const values = one.similarities[similarity]!;
  expect(targets.map(({ label }) => label)).toEqual(["vector.0", "vector.1"]);
  expectNear(
    targets.map(({ logit }) => logit),
    values,
    Math.max(...values.map(Math.abs)),
  );
  expect(maps).toHaveLength(2 * asked.length);
  const [height, width] = one.size;
  for (const { method, target, data } of maps) {
    if (target.index !== 0) continue;
    let worst = 0;
    for (let y = 0; y < height; y += STEP)
      for (let x = 0; x < width; x += STEP) {
        const want = wanted[method]![(y / STEP) * (width / STEP) + x / STEP]!;
        worst = Math.max(worst, Math.abs(data[y * width + x]! - want));
      }
    expect.soft(worst, `${similarity} ${method}`).toBeLessThan(toleranceOf(method));
  }
}
