/**
 * @file Every method's map on the adapter at hand, in f32, against pytorch-grad-cam's, from the activations and gradients
 * that PyTorch computed: all methods of a case in one graph, also for layers of models that have no plan of their own here.
 */

import { mapOptionValues } from "../../src/cam/map-options.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gram, principalDirections, projectOnto } from "../../src/cam/layer-maps/eigen.js";
import { rawMap } from "../../src/cam/layer-maps/raw-map.js";
import { averageLayers, scaleMap } from "../../src/cam/scaling/scale-maps.js";
import { METHODS, type LayerMethodName } from "../../src/cam/methods/table.js";
import { Builder } from "../../src/graph/builder.js";
import type { Node } from "../../src/graph/types.js";
import type { Device } from "../../src/runtime/device.js";
import { openTestDevice, runOnDevice } from "../kernels/harness.js";
import { loadGolden } from "../reference/golden.js";
import { seeded } from "../reference/random.js";
import {
  GOLDEN_NAMES,
  goldenLayers,
  GRAPH_METHODS,
  inputSize,
  largestDeviation,
  mapCases,
} from "./golden-layers.js";
import { finalMapOf, type Layer } from "./run-method.js";

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.gpu.dispose());

interface ResolvedOptions {
  readonly method: LayerMethodName;
  readonly eigenSmooth: boolean;
}

type Values = Layer["activations"];

/** The final maps [T, H, W] of several methods over the same layers, all in one graph, or two where some are eigen maps. */
async function mapsOnDevice(
  asked: readonly ResolvedOptions[],
  layers: readonly Layer[],
  size: readonly [number, number],
): Promise<Float32Array[]> {
  const b = new Builder(layers[0]!.gradients.shape[0]);
  const inputs = new Map<string, Float32Array>();
  const input = (name: string, { shape, data }: Values): Node => {
    inputs.set(name, Float32Array.from(data));
    return b.input(name, shape);
  };
  const run = (outputs: readonly Node[]): Promise<Float32Array[]> =>
    runOnDevice(device, b, outputs, { inputs, params: new Map() });
  const nodes = layers.map(
    (layer, i) => [input(`A${i}`, layer.activations), input(`G${i}`, layer.gradients)] as const,
  );
  /** The summands of each layer, where the map is their projection. */
  const terms = asked.map(({ method, eigenSmooth }) =>
    METHODS[method].eigen || eigenSmooth
      ? nodes.map(([A, G]) => METHODS[method].summands(b, A, G, mapOptionValues({})))
      : [],
  );
  const eigen = terms.flatMap((list, i) =>
    list.map((t) => ({ t, kernel: METHODS[asked[i]!.method].kernel })),
  );
  const grams = await run(eigen.map(({ t, kernel }) => gram(b, t, kernel)));
  const projections = eigen.map(({ t, kernel }, i) => {
    const data = principalDirections(grams[i]!, t.shape, kernel);
    const v = input(`v${i}`, { shape: [t.shape[0]!, data.length / t.shape[0]!], data });
    return projectOnto(b, t, v, kernel);
  });
  return run(
    asked.map(({ method }, i) => {
      const raws =
        terms[i]!.length > 0
          ? projections.splice(0, nodes.length)
          : nodes.map(([A, G]) => rawMap(b, METHODS[method], A, G));
      return averageLayers(
        b,
        raws.map((raw) => scaleMap(b, raw, size)),
      );
    }),
  );
}

describe.each(GOLDEN_NAMES)("%s", (name) => {
  const golden = loadGolden(name);
  const cases = mapCases(golden);
  let maps: readonly Float32Array[];
  beforeAll(async () => {
    maps = await mapsOnDevice(cases, goldenLayers(golden), inputSize(golden.case));
  });

  test.each(cases.map((c, i) => ({ ...c, i })))(
    "$tensor on the adapter is pytorch-grad-cam's",
    ({ tensor, i }) => {
      const tolerance = Math.max(1e-3, 5 * (golden.case.f32_vs_f64[tensor] ?? 0));
      expect(largestDeviation(maps[i]!, golden.floats(tensor).data)).toBeLessThan(tolerance);
    },
  );
});

const all: ResolvedOptions[] = GRAPH_METHODS.flatMap((method) =>
  [false, true].map((eigenSmooth) => ({ method, eigenSmooth })),
);

describe("layers of other sizes, two targets, all methods", () => {
  test.each([
    [9, 8, 5],
    [5, 7, 35],
    [1, 1, 7],
    [1, 2, 3],
    [3, 1, 1],
    [14, 13, 66],
  ])("maps of layers of %i x %i x %i are those of the f64 interpreter", async (h, w, c) => {
    const random = seeded(h * w + c);
    const layer: Layer = {
      activations: { shape: [1, h, w, c], data: Float32Array.from(random.array(h * w * c, -0.2, 1)) },
      gradients: { shape: [2, h, w, c], data: Float32Array.from(random.array(2 * h * w * c)) },
    };
    const maps = await mapsOnDevice(all, [layer], [31, 23]);
    all.forEach(({ method, eigenSmooth }, i) => {
      const expected = finalMapOf(METHODS[method], [layer], [31, 23], eigenSmooth).data;
      expect(largestDeviation(maps[i]!, expected), `${method} ${eigenSmooth}`).toBeLessThan(1e-3);
    });
  });

  test("maps of a layer of zeros and of equal values are zeros", async () => {
    for (const value of [0, 0.3]) {
      const fill = (n: number): Float32Array => new Float32Array(n).fill(value);
      const layer: Layer = {
        activations: { shape: [1, 7, 7, 33], data: fill(7 * 7 * 33) },
        gradients: { shape: [2, 7, 7, 33], data: fill(2 * 7 * 7 * 33) },
      };
      for (const map of await mapsOnDevice(all, [layer], [16, 16]))
        expect(map.every((x) => x === 0)).toBe(true);
    }
  });
});
