/** @file Similarities with vectors: the host's and the graph's against their definitions in f64. */

import { describe, expect, it } from "vitest";
import { Explainer } from "../../src/cam/explainer.js";
import type { ExplainerModel } from "../../src/cam/model.js";
import {
  checkVectors,
  compared,
  rowsOfVectors,
  SIMILARITIES,
  similaritiesOf,
  type Comparison,
  type Similarity,
} from "../../src/cam/vectors.js";
import { Builder } from "../../src/graph/builder.js";
import { grad } from "../../src/graph/grad.js";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Template } from "../../src/models/template.js";
import { evaluate } from "../reference/index.js";
import { referenceDevice } from "../reference/device.js";
import { seeded } from "../reference/random.js";

const LENGTH = 7;
const random = seeded(5);
const output = Float32Array.from(random.array(LENGTH));
const vectors = ["a", "b", "c"].map((name) => ({ name, data: Float64Array.from(random.array(LENGTH)) }));

/** The definitions, written out. */
function definition(similarity: Similarity, x: ArrayLike<number>, v: ArrayLike<number>): number {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
  const cosine = dot(x, v) / Math.sqrt(dot(x, x) * dot(v, v));
  return { dot: dot(x, v), cosine, difference: 1 - cosine }[similarity];
}

/** A network that gives its input. */
function identityTemplate(): Template {
  const graph = new Builder();
  const picture = graph.input("picture", [graph.batch, 1, 1, LENGTH]);
  const embedding = graph.scope("flatten", "Flatten", () => graph.reshape(picture, [graph.batch, LENGTH]));
  return { graph, modules: graph.modules, picture, logits: embedding, embedding, otherNames: () => [] };
}

describe.each(SIMILARITIES)("%s", (similarity) => {
  const wanted = vectors.map(({ data }) => definition(similarity, output, data));

  it("the similarity on the host is its definition", () => {
    const got = similaritiesOf(output, vectors, similarity);
    wanted.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 6));
  });

  it("the similarity in the graph and its gradient are the definition's", () => {
    const comparison: Comparison = { vectors, similarity };
    const template = compared(identityTemplate(), "v", comparison);
    const { graph, copyOf } = instantiate([template.logits, template.picture], { batch: 1 });
    const [logits, x] = [copyOf(template.logits), copyOf(template.picture)];
    const [gradient] = grad(graph, logits, graph.constant(Float32Array.of(0, 1, 0), [1, 3]), [x]);
    const valuesAt = (picture: ArrayLike<number>) =>
      evaluate([logits, gradient!], {
        inputs: new Map([["picture", picture]]),
        params: new Map([["v", rowsOfVectors(comparison)]]),
      }).map(({ data }) => Array.from(data));
    const [values, slope] = valuesAt(output) as [number[], number[]];
    wanted.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    const STEP = 1e-4;
    for (let i = 0; i < LENGTH; i++) {
      const moved = (by: number): Float64Array =>
        Float64Array.from(output).map((v, k) => (k === i ? v + by : v));
      const along = (by: number): number => definition(similarity, moved(by), vectors[1]!.data);
      expect(slope[i]).toBeCloseTo((along(STEP) - along(-STEP)) / (2 * STEP), 5);
    }
  });
});

it("similarities do not depend on the length of vectors, even where squares would overflow", () => {
  const large = vectors.map(({ name, data }) => ({ name, data: data.map((value) => value * 1e200) }));
  const got = similaritiesOf(output, large, "cosine");
  vectors.forEach(({ data }, i) => expect(got[i]).toBeCloseTo(definition("cosine", output, data), 6));
  expect(rowsOfVectors({ vectors: large })).toEqual(rowsOfVectors({ vectors }));
});

describe("what is no vector", () => {
  it.each<[string, unknown, string]>([
    ["no list", "cat", "a list of at least one { name, data } is needed"],
    ["an empty list", [], "leave it out for none"],
    ["no name", [{ data: output }], "entry 0 is not { name, data }"],
    [
      "another length",
      [{ name: "x", data: [1, 2] }],
      'vector "x" has 2 values, and the model\'s output has 7',
    ],
    ["NaN", [{ name: "x", data: Float32Array.of(1, NaN, 1, 1, 1, 1, 1) }], "value 1 is NaN"],
    ["zeros", [{ name: "x", data: new Float32Array(LENGTH) }], "is zero everywhere"],
  ])("a vector that is %s is refused", (_, given, message) => {
    expect(() => checkVectors({ vectors: given as never }, LENGTH)).toThrow(message);
  });

  it("an unknown similarity is refused", () => {
    expect(() => checkVectors({ vectors, similarity: "euclid" as never }, LENGTH)).toThrow(
      'similarity "euclid": use one of cosine, dot, difference',
    );
  });
});

describe("calls of one model with other vectors", () => {
  const explainer = (template = identityTemplate()): Explainer => {
    const { device, weights } = referenceDevice(new Map());
    const model: ExplainerModel = {
      ...{ template, device, weights, name: "net", size: [1, 1], channels: LENGTH, defaultLayer: "flatten" },
      ...{ prefixes: [], activation: "none", rebuild: identityTemplate },
    };
    return new Explainer(model);
  };

  it("calls with other vectors give the similarities of each, in any order, two at a time", async () => {
    const model = explainer();
    const asked = [[0], [1, 2], [0], [2]].map((some) => some.map((i) => vectors[i]!));
    const found = await Promise.all(
      asked.map((some) => model.explain(output, { methods: ["saliency"], vectors: some })),
    );
    found.forEach(({ targets }, i) => {
      expect(targets.map(({ label }) => label)).toEqual(asked[i]!.map(({ name }) => name));
      targets.forEach(({ logit }, k) =>
        expect(logit).toBeCloseTo(definition("cosine", output, asked[i]![k]!.data), 6),
      );
    });
    const gradients = found.map(({ inputGradients }) => inputGradients!.map(({ data }) => [...data]));
    expect(gradients[0]).toEqual(gradients[2]);
    expect(gradients[1]![1]).toEqual(gradients[3]![0]);
  });

  it("calls with vectors are refused after dispose, and no rejection is unhandled", async () => {
    const unseen: unknown[] = [];
    const note = (reason: unknown): unknown => unseen.push(reason);
    process.on("unhandledRejection", note);
    const model = explainer();
    const [first, second] = [vectors.slice(0, 1), vectors.slice(1)];
    expect(model.refusals({ methods: ["saliency"], vectors: first })).toEqual([]);
    model.dispose(() => undefined);
    for (const ask of ["refusals", "manyRuns"] as const)
      expect(() => model[ask]({ methods: ["saliency"], vectors: second })).toThrow(
        "the model was disposed of",
      );
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", note);
    expect(unseen).toEqual([]);
  });

  it("vectors are refused where the output has no direction, or the model has a classifier", async () => {
    const call = explainer().explain(new Float32Array(LENGTH), { methods: ["saliency"], vectors });
    await expect(call).rejects.toThrow("output is zero everywhere for this picture");
    const { graph, modules, picture, logits, otherNames } = identityTemplate();
    const classifier = explainer({ graph, modules, picture, logits, otherNames });
    const other = classifier.explain(output, { methods: ["saliency"], vectors });
    await expect(other).rejects.toThrow("and this net has one of 7 classes; leave it out (--embedding");
  });
});
