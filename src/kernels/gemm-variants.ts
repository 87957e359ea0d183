/**
 * @file Which variant of the product kernels runs, by kind of adapter and class of shape. `npm run tune` measures the
 * variants on the adapter at hand and proposes entries; docs/design/experiments.md holds the measurements.
 */

import type { ShaderName } from "./shaders.js";

/** The adapter's properties on which the choice depends. */
export interface AdapterTraits {
  readonly kind: "gpu" | "lavapipe" | "swiftshader" | "software";
  /** Lanes of a subgroup if that is fixed and the device has the feature, else 0. */
  readonly subgroupSize: number;
  /** One variant for all products, for tests and `npm run tune`. */
  readonly gemm?: GemmVariant;
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

/** The first entry whose condition holds is used. */
interface Entry {
  readonly maxRows?: number;
  readonly variant: (lanes: number) => GemmVariant;
}

const TILED: readonly Entry[] = [
  { maxRows: 16, variant: () => tiled(1) },
  { maxRows: 512, variant: () => tiled(2) },
  { variant: () => tiled(4) },
];

const GEMM: Readonly<
  Record<AdapterTraits["kind"], { readonly subgroups: readonly Entry[]; readonly none: readonly Entry[] }>
> = {
  // Subgroups of software adapters are a CPU's vector registers: 8 or 4 lanes.
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
  gpu: { subgroups: TILED, none: TILED },
};

/** @param rows of the product, of one batch entry */
export function chooseGemm(traits: AdapterTraits, rows: number): GemmVariant {
  if (traits.gemm) return traits.gemm;
  const entries = GEMM[traits.kind][traits.subgroupSize > 0 ? "subgroups" : "none"];
  return entries.find(({ maxRows = Infinity }) => rows <= maxRows)!.variant(traits.subgroupSize);
}

/** Whether several invocations should share a row or a long sum: on a CPU they gain nothing. */
export const isParallel = (traits: AdapterTraits): boolean => traits.kind === "gpu";
