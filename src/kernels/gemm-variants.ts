/**
 * @file Which variant of a kernel runs: data, by kind of adapter and class of shape. `npm run tune` measures the
 * variants on the adapter at hand and proposes entries; docs/design/experiments.md holds what was measured.
 */

import type { ShaderName } from "./shaders.js";

/** What the choice depends on. */
export interface AdapterTraits {
  readonly kind: "gpu" | "lavapipe" | "swiftshader" | "software";
  /** Lanes of a subgroup where that is fixed and the device has the feature, else 0. */
  readonly subgroupSize: number;
  /** One variant for all products: for tests and `npm run tune`, which try them all. */
  readonly gemm?: GemmVariant;
}

export interface GemmShape {
  readonly rows: number;
  readonly columns4: number;
  /** Length of the sums. */
  readonly depth: number;
  readonly taps: number;
}

export interface GemmVariant {
  readonly shader: ShaderName;
  readonly constants: Readonly<Record<string, number>>;
  readonly tileRows: number;
  readonly tileColumns4: number;
}

export const subgroup = (lanes: number, pixels: number, blocks: number): GemmVariant => ({
  shader: "gemm-subgroup",
  constants: { LANES: lanes, PIXELS: pixels, BLOCKS: blocks },
  tileRows: lanes * pixels,
  tileColumns4: lanes * blocks,
});

export const plain = (lanes: number, pixels: number, columns: number): GemmVariant => ({
  shader: "gemm-plain",
  constants: { LANES: lanes, PIXELS: pixels, COLUMNS: columns },
  tileRows: lanes * pixels,
  tileColumns4: columns,
});

export const tiled = (rows: number): GemmVariant => ({
  shader: "gemm-tiled",
  constants: { ROWS: rows },
  tileRows: 16 * rows,
  tileColumns4: 16,
});

interface Entry {
  /** The first entry whose conditions hold is taken. */
  readonly maxRows?: number;
  readonly maxColumns4?: number;
  readonly variant: (lanes: number) => GemmVariant;
}

/** For adapters with subgroups of 8 or 4 lanes that are really a CPU's vector registers. */
const GEMM: Readonly<
  Record<AdapterTraits["kind"], { readonly subgroups: readonly Entry[]; readonly none: readonly Entry[] }>
> = {
  lavapipe: {
    subgroups: [
      { maxRows: 8, variant: (lanes) => subgroup(lanes, 1, 1) },
      { variant: (lanes) => subgroup(lanes, 2, 1) },
    ],
    none: [{ maxRows: 8, variant: () => plain(8, 1, 4) }, { variant: () => plain(8, 4, 4) }],
  },
  swiftshader: {
    subgroups: [
      { maxRows: 4, variant: (lanes) => subgroup(lanes, 1, 2) },
      { variant: (lanes) => subgroup(lanes, 4, 2) },
    ],
    none: [{ maxRows: 4, variant: () => plain(4, 1, 4) }, { variant: () => plain(4, 4, 4) }],
  },
  software: {
    subgroups: [{ variant: (lanes) => subgroup(lanes, 1, 1) }],
    none: [{ variant: () => plain(8, 2, 4) }],
  },
  gpu: {
    subgroups: [
      { maxRows: 16, variant: () => tiled(1) },
      { maxRows: 512, variant: () => tiled(2) },
      { variant: () => tiled(4) },
    ],
    none: [
      { maxRows: 16, variant: () => tiled(1) },
      { maxRows: 512, variant: () => tiled(2) },
      { variant: () => tiled(4) },
    ],
  },
};

export function chooseGemm(traits: AdapterTraits, shape: GemmShape): GemmVariant {
  if (traits.gemm) return traits.gemm;
  const entries = GEMM[traits.kind][traits.subgroupSize > 0 ? "subgroups" : "none"];
  const entry = entries.find(
    (e) => shape.rows <= (e.maxRows ?? Infinity) && shape.columns4 <= (e.maxColumns4 ?? Infinity),
  )!;
  return entry.variant(traits.subgroupSize);
}

/** Invocations that share a row or a long sum: adapters that run on a CPU gain nothing from many. */
export const isParallel = (traits: AdapterTraits): boolean => traits.kind === "gpu";
