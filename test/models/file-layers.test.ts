/** @file Every activation and pool that a file may have in place of the architecture's: values and gradients against PyTorch's. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { FileModules } from "../../src/graph/file-modules.js";
import { grad } from "../../src/graph/grad.js";
import { activation, ACTIVATIONS } from "../../src/models/activations.js";
import { maxPool2d, relu } from "../../src/models/layers.js";
import { evaluate } from "../reference/index.js";

interface Case {
  readonly place: "activation" | "pool";
  readonly class: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** PyTorch's [1, C, H, W]. */
  readonly shape: readonly [number, number, number, number];
  readonly y: readonly number[];
  readonly gradient: readonly number[];
}

const { x, cases } = JSON.parse(
  readFileSync(new URL("../data/module-files/layers.json", import.meta.url), "utf8"),
) as { x: number[]; cases: Case[] };
const SHAPE = [1, 2, 6, 8] as const;

/** [1, C, H, W] as [1, H, W, C]. */
function channelsLast(data: readonly number[], [, c, h, w]: readonly number[]): number[] {
  return Array.from({ length: data.length }, (_, i) => {
    const channel = i % c!;
    const place = Math.floor(i / c!);
    return data[channel * h! * w! + place]!;
  });
}

test.each(cases.map((one) => [`${one.class} ${JSON.stringify(one.settings)}`, one] as const))(
  "%s has PyTorch's values and gradients",
  (_, { place, class: className, settings, shape, y, gradient }) => {
    const modules = new FileModules(
      new Map([["layer", { className, settings: new Map(Object.entries(settings)) }]]),
    );
    const b = new Builder(1, { modules });
    const input = b.input("picture", [1, 6, 8, 2]);
    const output =
      place === "activation"
        ? relu(b, "layer", input)
        : maxPool2d(b, "layer", input, { kernel: 2, stride: 2 });
    expect(modules.problems).toEqual([]);
    expect(b.modules[0]!.kind).toBe(className.split(".").at(-1));
    // Of half the sum of squares.
    const loss = b.mul(b.sum(b.mul(output, output), [0, 1, 2, 3]), 0.5);
    const [back] = grad(b, loss, b.constant(1, loss.shape), [input]);
    const [values, gradients] = evaluate([output, back!], {
      inputs: new Map([["picture", Float64Array.from(channelsLast(x, SHAPE))]]),
      params: new Map(),
    });
    const close = (found: ArrayLike<number>, wanted: readonly number[]): void =>
      wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
    close(values!.data, channelsLast(y, shape));
    close(gradients!.data, channelsLast(gradient, SHAPE));
  },
);

test("a class of the user's own, and a pool that no op computes, are reported as problems", () => {
  const modules = new FileModules(
    new Map([
      ["a", { className: "__main__.ReLU", settings: new Map<string, unknown>() }],
      [
        "b",
        {
          className: "torch.nn.modules.pooling.AdaptiveMaxPool2d",
          settings: new Map<string, unknown>([["output_size", 4]]),
        },
      ],
    ]),
  );
  const b = new Builder(1, { modules });
  maxPool2d(b, "b", relu(b, "a", b.input("picture", [1, 6, 8, 2])), { kernel: 2, stride: 2 });
  expect(modules.problems).toEqual([
    "its a is __main__.ReLU, where the architecture has ReLU, and gradlens cannot compute that",
    expect.stringMatching(/^its b\.output_size is 4x4, which gradlens cannot compute/),
  ]);
});

test("the table and PyTorch's cases name the same classes, but for other names of them", () => {
  const tested = new Set(cases.map((one) => one.class.split(".").at(-1)));
  const aliases = /Me$|Activation$|^MemoryEfficientSwish$|^Hard(?:Swish|Sigmoid)$|^PytorchGELUTanh$/;
  expect(Object.keys(ACTIVATIONS).filter((name) => !tested.has(name) && !aliases.test(name))).toEqual([]);
});

test.each(["PytorchGELUTanh", "GELUTanh", "NewGELUActivation", "FastGELUActivation"])(
  "transformers' %s does not differ from timm's GELUTanh, which computes the same",
  (kind) => {
    const className = `transformers.activations.${kind}`;
    const modules = new FileModules(new Map([["act", { className, settings: new Map() }]]));
    const b = new Builder(1, { modules });
    activation(b, "act", b.input("picture", [1, 6, 8, 2]), "GELUTanh");
    expect(modules.problems).toEqual([]);
    expect([...modules.computed]).toEqual([]);
  },
);
