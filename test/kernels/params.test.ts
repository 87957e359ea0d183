/** @file Uniforms by name: the layout of each shader's Params is WebGPU's, and a wrong field is refused by its name. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import type { Node } from "../../src/graph/types.js";
import { plain, subgroup, tiled } from "../../src/kernels/gemm-variants.js";
import { lowerGraph } from "../../src/kernels/lowering-table.js";
import { paramsLayout, type Param, type Params } from "../../src/kernels/params.js";
import { SHADER_PARTS, SHADERS, type ShaderName } from "../../src/kernels/shaders.js";
import { specialise } from "../../src/kernels/specialise.js";
import type { Step } from "../../src/kernels/step.js";
import type { Device } from "../../src/runtime/device.js";
import { maxPool2d } from "../../src/models/pools.js";
import { packUniforms, uniformRanges } from "../../src/runtime/uniforms.js";
import { openTestDevice } from "./harness.js";

const GENERATED = `struct Params {
  count: u32, // of elements
  low: i32,
  eps: f32,
  a_offset: u32,
  b: Pair,
  sizes: vec4u,
  pairs: array<Pair, 2>,
}
struct Pair { @align(16) y: u32, x: u32 }`;

const VALUES = {
  count: 1,
  low: -2,
  eps: 0.5,
  aOffset: 4,
  b: { y: 5, x: 6 },
  sizes: [7, 8, 9, 10],
  pairs: [
    { y: 11, x: 12 },
    { y: 13, x: 14 },
  ],
};

const stepOf = (uniforms: Params): Step => ({
  label: "here",
  family: "pointwise",
  shader: "pointwise",
  spec: { hooks: { Params: GENERATED } },
  output: { kind: "temp", size: 4, name: "" },
  inputs: [],
  uniforms,
  groups: 1,
  flops: 0,
});

const pack = (...steps: Step[]): ArrayBuffer => packUniforms(steps, uniformRanges(steps, 128));

it("Params packs fields where WGSL has them, each step's where its range begins", () => {
  const step = stepOf(VALUES);
  const words = new Int32Array(pack(step, { ...step, uniforms: { ...VALUES, low: 2 ** 32 - 3 } }));
  const half = new Int32Array(new Float32Array([0.5]).buffer)[0]!;
  expect([...words.slice(0, 20)]).toEqual([
    1,
    -2,
    half,
    4,
    5,
    6,
    0,
    0,
    7,
    8,
    9,
    10,
    11,
    12,
    0,
    0,
    13,
    14,
    0,
    0,
  ]);
  expect(words.length).toBe(64);
  expect(words[33]).toBe(-3);
});

it.each([
  ["a fraction", { ...VALUES, count: 0.5 }, "here: params.count is 0.5"],
  ["no number", { ...VALUES, eps: NaN }, "here: params.eps is NaN"],
  ["too short", { ...VALUES, sizes: [1, 2, 3] }, "here: params.sizes has 4 elements, not [1,2,3]"],
  ["in place of a struct", { ...VALUES, b: 1 }, "here: params.b is 1"],
])("Params refuses what is %s", (_, uniforms, message) => {
  expect(() => pack(stepOf(uniforms))).toThrow(message);
});

const GRAPHS: Readonly<Partial<Record<ShaderName, (b: Builder) => Node>>> = {
  "conv-direct": (b) => b.conv2d(b.input("x", [1, 5, 5, 6]), b.input("w", [4, 3, 3, 3]), { groups: 2 }),
  depthwise: (b) => b.relu(b.conv2d(b.input("x", [1, 5, 5, 8]), b.input("w", [8, 1, 3, 3]), { groups: 8 })),
  "gemm-plain": (b) => b.relu(b.conv2d(b.input("x", [1, 5, 5, 6]), b.input("w", [4, 6, 3, 3]))),
  "gemm-subgroup": (b) => b.matmul(b.input("x", [2, 3]), b.input("w", [3, 4])),
  "gemm-tiled": (b) => b.matmul(b.input("x", [2, 3]), b.input("w", [3, 4])),
  "max-pool": (b) => maxPool2d(b, "pool", b.input("x", [1, 6, 6, 4]), { kernel: 2, stride: 2, padding: 0 }),
  pointwise: (b) => b.add(b.input("x", [2, 3]), b.input("y", [1, 3])),
  reduce: (b) => b.sum(b.input("x", [2, 3, 4]), [1]),
  resample: (b) => b.pad(b.input("x", [2, 3, 4]), 1, 1, 1),
  rows: (b) => b.normalize(b.input("x", [2, 3]), 1e-5),
};

const VARIANTS = { "gemm-plain": plain(8, 1, 1), "gemm-subgroup": subgroup(8, 1, 1), "gemm-tiled": tiled(1) };

/** A step that runs the shader. */
function exampleOf(shader: ShaderName): Step {
  const b = new Builder(1);
  const gemm = VARIANTS[shader as keyof typeof VARIANTS] as (typeof VARIANTS)["gemm-plain"] | undefined;
  const traits = { kind: "lavapipe" as const, subgroupSize: 8, ...(gemm ? { gemm } : {}) };
  const { steps } = lowerGraph(b, [GRAPHS[shader]!(b)], { traits, weightsApart: false });
  return steps.find((step) => step.shader === shader)!;
}

const isStruct = (value: Param): value is Params => typeof value === "object" && !Array.isArray(value);

/** The record in all ways that lack one field, of its structs too. */
const lacking = (params: Params): [field: string, Params][] =>
  Object.entries(params).flatMap(([name, value]) => {
    const rest = Object.fromEntries(Object.entries(params).filter(([other]) => other !== name));
    const inside = isStruct(value) ? lacking(value) : [];
    return [
      [name, rest] as [string, Params],
      ...inside.map(([field, less]): [string, Params] => [`${name}.${field}`, { ...rest, [name]: less }]),
    ];
  });

const SHADER_NAMES = Object.keys(SHADERS) as ShaderName[];

describe("each shader's uniforms", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => {
    device.dispose();
    device.gpu.dispose();
  });

  it.each(SHADER_NAMES)("%s: a missing or misspelt field is refused", (shader) => {
    const step = exampleOf(shader);
    const packed = (uniforms: Params) => () => pack({ ...step, uniforms });
    expect(packed(step.uniforms)).not.toThrow();
    for (const [field, rest] of lacking(step.uniforms)) {
      expect(packed(rest)).toThrow(`params.${field} `);
      expect(packed({ ...step.uniforms, [`${field}_`]: 0 })).toThrow(`params.${field}_`);
    }
  });

  it.each(Object.keys(SHADERS) as ShaderName[])("%s: Params are as large as in WebGPU", async (shader) => {
    const gpu = device.gpu.device;
    const code = specialise(SHADERS[shader], {}, SHADER_PARTS);
    const problem = async (minBindingSize: number): Promise<string | undefined> => {
      const buffers: GPUBufferBindingLayout[] = [
        { type: "uniform", minBindingSize },
        { type: "storage" },
        { type: "read-only-storage" },
        { type: "read-only-storage" },
      ];
      const entries = buffers.map((buffer, binding) => ({ binding, visibility: 4, buffer }));
      gpu.pushErrorScope("validation");
      const layout = gpu.createPipelineLayout({
        bindGroupLayouts: [gpu.createBindGroupLayout({ entries })],
      });
      gpu.createComputePipeline({ layout, compute: { module: gpu.createShaderModule({ code }) } });
      return (await device.gpu.wait(gpu.popErrorScope()))?.message;
    };
    const { size } = paramsLayout(shader, {});
    if (code.includes("enable subgroups") && !gpu.features.has("subgroups")) {
      expect(await problem(size)).toContain("subgroups");
    } else {
      expect(await problem(size)).toBeUndefined();
      expect(await problem(size - 1)).toContain(`(${size})`);
    }
  });
});
