/** @file Reads the golden data: what PyTorch and pytorch-grad-cam computed for made weights and test/data/golden/picture.png. */

import { readFileSync } from "node:fs";
import type { Shape } from "../../src/graph/shape.js";
import { makeWeights, type Tensor } from "./weights.js";

/** How a case was made. */
export interface GoldenCase {
  readonly name: string;
  readonly arch: string;
  /** Whose key spelling the state dict has: "torchvision", "timm", "chexnet", "pvt". */
  readonly dialect: string;
  /** Input size: N, or [height, width]. */
  readonly size: number | readonly [number, number];
  readonly classes: number;
  readonly seed: number;
  readonly gain: number;
  readonly layers: readonly string[];
  readonly target: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** How far PyTorch's own f32 was from f64 for a tensor, relative. */
  readonly f32_vs_f64: Readonly<Record<string, number>>;
}

export interface Golden {
  readonly case: GoldenCase;
  /** In PyTorch's layout (NCHW). */
  readonly tensors: ReadonlyMap<string, Tensor<Elements>>;
  /** A tensor of floats; an error where there is none of that name. */
  readonly floats: (name: string) => Tensor;
}

/** The element types that our reference files have. */
const ARRAYS = { F32: Float32Array, F64: Float64Array, U8: Uint8Array } as const;

type Elements = Float32Array | Float64Array | Uint8Array;

interface Entry {
  readonly dtype: keyof typeof ARRAYS;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** A safetensors file's metadata and tensors. */
export function readTensors(path: string | URL): {
  metadata: Readonly<Record<string, string>>;
  tensors: Map<string, Tensor<Elements>>;
} {
  const file = readFileSync(path);
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const headerEnd = 8 + Number(new DataView(bytes).getBigUint64(0, true));
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    new TextDecoder().decode(bytes.slice(8, headerEnd)),
  ) as { __metadata__?: Record<string, string> } & Record<string, Entry>;
  const tensors = new Map<string, Tensor<Elements>>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const data = bytes.slice(headerEnd + data_offsets[0], headerEnd + data_offsets[1]);
    tensors.set(name, { shape, data: new ARRAYS[dtype](data) });
  }
  return { metadata, tensors };
}

/** Where the committed cases lie; `npm run test:torch` makes others elsewhere. */
const COMMITTED = new URL("../data/golden/", import.meta.url);

/** NAME.safetensors of a folder of cases */
export function loadGolden(name: string, folder = COMMITTED): Golden {
  const { metadata, tensors } = readTensors(new URL(`${name}.safetensors`, folder));
  return {
    case: JSON.parse(metadata.case!) as GoldenCase,
    tensors,
    floats(key) {
      const tensor = tensors.get(key);
      if (!(tensor?.data instanceof Float32Array)) throw new Error(`${name} has no floats called ${key}`);
      return tensor as Tensor;
    },
  };
}

/** The state dict's keys and shapes of a case, in PyTorch's order. */
export const goldenKeys = (name: string, folder = COMMITTED): Readonly<Record<string, Shape>> =>
  JSON.parse(readFileSync(new URL(`${name}.keys.json`, folder), "utf8")) as Record<string, Shape>;

/** The weights of a case's model, floating-point tensors only. */
export function goldenWeights(name: string, folder = COMMITTED): Map<string, Tensor> {
  const { seed, gain } = loadGolden(name, folder).case;
  return makeWeights(goldenKeys(name, folder), seed, gain);
}

/** [B, C, H, W] to [B, H, W, C] */
export function channelsLast<T extends Float32Array | Float64Array>({ shape, data }: Tensor<T>): Tensor<T> {
  const [b, c, h, w] = shape as [number, number, number, number];
  const result = data.slice() as T;
  const pixels = h * w;
  for (let n = 0; n < b; n++) {
    for (let i = 0; i < c; i++) {
      for (let p = 0; p < pixels; p++) result[(n * pixels + p) * c + i] = data[(n * c + i) * pixels + p]!;
    }
  }
  return { shape: [b, h, w, c], data: result };
}
