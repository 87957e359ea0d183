/** @file The files that the page saves have the names that the command gives them. */

import { expect, it } from "vitest";
import type { CamMap } from "../../src/cam/request/types.js";
import { makeResults, type ResultsRequest } from "../../src/page/results.js";
import type { WorkerEngine } from "../../src/web/engine/worker-engine.js";

const LABELS = ["tench", "goldfish"];

/** An engine with a picture and a model of two classes. */
const engine = (): WorkerEngine => {
  const model = {
    arch: "resnet18",
    spelling: "torchvision",
    classes: 2,
    labels: LABELS,
    activation: "softmax",
    preprocessing: { size: [2, 2], mean: [0], std: [1], bgr: false, resize: "opencv-bilinear" },
    report: { unused: [], alternatives: [] },
    assumed: [],
    said: [],
    differences: [],
    layers: () => [{ path: "head", default: true }],
  };
  const picture = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 };
  return {
    loaded: model,
    described: model,
    held: () => ({ picture, file: undefined }),
    weightFiles: [new File(["w"], "w.pth")],
  } as unknown as WorkerEngine;
};

const mapOf = (index: number): CamMap =>
  ({
    method: "gradcam",
    layers: ["head"],
    target: { index, label: LABELS[index], logit: 1, score: 0.5 },
    data: Float32Array.of(0, 0.5, 0.2, 1),
    shape: [2, 2],
    peak: [1, 1],
  }) as unknown as CamMap;

const requestOf = (maps: readonly CamMap[]): ResultsRequest =>
  ({
    picture: 1,
    file: "fish.jpg",
    maps: maps.map((map) => ({
      map,
      guided: { target: map.target, data: new Float32Array(12), shape: [2, 2, 3] },
    })),
    prediction: { logits: Float32Array.of(1, 0), scores: Float32Array.of(0.7, 0.3), timings: {} },
    values: { heat: 16, npy: true },
    adapter: { name: "a", kind: "gpu" },
    versions: { gradlens: "1" },
  }) as unknown as ResultsRequest;

it("the page names saved files by method and label, with nothing before", async () => {
  const { files } = await makeResults(engine(), requestOf([mapOf(0), mapOf(1)]));
  const ofMap = (label: string): string[] =>
    [".png", ".heat.png", ".npy", ".guided.png"].map((suffix) => `gradcam-${label}${suffix}`);
  expect([...files.keys()].sort()).toEqual(
    [...LABELS.flatMap(ofMap), ...LABELS.map((label) => `guided-${label}.png`), "manifest.json"].sort(),
  );
});
