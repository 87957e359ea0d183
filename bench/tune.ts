/**
 * @file `npm run tune -- [--adapter A] [--rounds N]`: measures every variant of the product kernels on the adapter at
 * hand, by class of shape, and proposes entries for src/kernels/gemm-variants.ts. Nothing is searched at run time.
 */

import { Builder } from "../src/graph/builder.js";
import type { Node } from "../src/graph/types.js";
import { chooseGemm, plain, subgroup, tiled, type GemmVariant } from "../src/kernels/gemm-variants.js";
import { openDevice, type AdapterChoice } from "../src/node/open-device.js";
import { Device } from "../src/runtime/device.js";
import type { Gpu } from "../src/runtime/gpu.js";
import { WeightStore } from "../src/runtime/weights.js";
import { sizeOf } from "../src/graph/shape.js";
import { ADAPTER, countOf, readArguments } from "./arguments.js";

interface ShapeClass {
  readonly name: string;
  readonly make: (b: Builder) => Node;
}

const square = (pad: number) =>
  [
    [pad, pad],
    [pad, pad],
  ] as const;

const conv = (size: number, channels: number, out: number, kernel: number, stride = 1): ShapeClass => ({
  name: `${kernel}x${kernel}/${stride} ${size}x${size} ${channels}-${out}`,
  make: (b) =>
    b.conv2d(b.input("x", [1, size, size, channels]), b.param("w", [out, channels, kernel, kernel]), {
      stride: [stride, stride],
      padding: square(kernel >> 1),
    }),
});

const product = (rows: number, depth: number, columns: number): ShapeClass => ({
  name: `${rows} x ${depth} x ${columns}`,
  make: (b) => b.matmul(b.input("x", [rows, depth]), b.param("w", [depth, columns])),
});

/** Of DenseNet, ResNet and vision transformers at usual sizes. */
const CLASSES: readonly ShapeClass[] = [
  conv(224, 3, 64, 7, 2),
  conv(56, 160, 128, 1),
  conv(56, 128, 32, 3),
  conv(56, 64, 64, 3),
  conv(28, 304, 128, 1),
  conv(28, 128, 32, 3),
  conv(14, 624, 128, 1),
  conv(14, 128, 32, 3),
  conv(14, 256, 256, 3),
  conv(7, 752, 128, 1),
  conv(7, 128, 32, 3),
  conv(7, 512, 512, 3),
  product(197, 768, 768),
  product(197, 768, 3072),
  product(1, 1024, 1000),
];

function variantsFor(gpu: Gpu): [string, GemmVariant][] {
  const { subgroupSize, kind } = gpu.adapter;
  const result: [string, GemmVariant][] = [];
  for (const [pixels, columns] of [
    [1, 4],
    [2, 4],
    [4, 4],
    [2, 8],
  ] as const) {
    const lanes = kind === "gpu" ? 64 : Math.max(4, subgroupSize);
    result.push([`plain ${pixels}x${columns}`, plain(lanes, pixels, columns)]);
  }
  for (const rows of [1, 2, 4]) result.push([`tiled ${rows}`, tiled(rows)]);
  if (subgroupSize > 0 && subgroupSize <= 16) {
    for (const pixels of [1, 2, 3, 4]) {
      for (const blocks of [1, 2]) {
        result.push([`subgroup ${pixels}x${blocks}`, subgroup(subgroupSize, pixels, blocks)]);
      }
    }
  }
  return result;
}

/** Milliseconds of one run, the best of several, each repeated until it takes a while. */
async function time(gpu: Gpu, shape: ShapeClass, variant: GemmVariant, rounds: number): Promise<number> {
  const device = new Device(gpu, { gemm: variant });
  const b = new Builder(1);
  const output = shape.make(b);
  const parameters = new Map(
    [...b.params].map(([key, node]) => {
      const values = Float32Array.from({ length: sizeOf(node.shape) }, (_, i) => Math.sin(i));
      return [key, { floats: () => Promise.resolve(values) }];
    }),
  );
  const weights = new WeightStore(device, parameters);
  const plan = await device.compile(b, [output], { weights });
  try {
    const repeat = Math.max(1, Math.round(2e8 / plan.flops));
    let best = Infinity;
    for (let round = 0; round <= rounds; round++) {
      const start = performance.now();
      for (let i = 0; i < repeat; i++) await plan.run();
      await device.idle();
      if (round > 0) best = Math.min(best, (performance.now() - start) / repeat);
    }
    return best;
  } finally {
    plan.dispose();
    weights.dispose();
    device.dispose();
  }
}

const { values: options } = readArguments({
  line: "npm run tune -- [OPTIONS]",
  options: {
    adapter: ADAPTER,
    rounds: { type: "string", default: "3", value: "N", help: "runs of each variant" },
    only: { type: "string", default: "", value: "TEXT", help: "shapes whose names hold it" },
  },
});
const rounds = countOf(options.rounds, "rounds");
const gpu = await openDevice({
  adapter: options.adapter as AdapterChoice,
  onMessage: (m) => console.error(m),
});
console.log(`adapter: ${gpu.adapter.name}, bounds checks ${gpu.adapter.boundsChecks ? "on" : "off"}`);
const traits = { kind: gpu.adapter.kind, subgroupSize: gpu.adapter.subgroupSize };
for (const shape of CLASSES.filter((c) => c.name.includes(options.only))) {
  const flops = flopsOf(shape);
  const rates: { name: string; variant: GemmVariant; rate: number }[] = [];
  for (const [name, variant] of variantsFor(gpu)) {
    const ms = await time(gpu, shape, variant, rounds);
    rates.push({ name, variant, rate: flops / ms / 1e6 });
  }
  rates.sort((a, b) => b.rate - a.rate);
  const chosen = JSON.stringify(chooseGemm(traits, shapeOf(shape).rows));
  const current = rates.find(({ variant }) => JSON.stringify(variant) === chosen);
  const list = rates.slice(0, 4).map(({ name, rate }) => `${name} ${rate.toFixed(1)}`);
  const rank = current ? `, chosen: ${current.name} ${current.rate.toFixed(1)}` : "";
  console.log(`${shape.name.padEnd(28)} GF/s: ${list.join(", ")}${rank}`);
}
gpu.dispose();

function shapeOf(shape: ShapeClass) {
  const b = new Builder(1);
  const node = shape.make(b);
  const columns = node.shape.at(-1)!;
  const depth = node.op === "conv2d" ? sizeOf(node.inputs[1]!.shape.slice(1)) : node.inputs[0]!.shape.at(-1)!;
  return { rows: sizeOf(node.shape) / columns, columns4: Math.ceil(columns / 4), depth };
}

function flopsOf(shape: ShapeClass): number {
  const { rows, columns4, depth } = shapeOf(shape);
  return 2 * rows * columns4 * 4 * depth;
}
