/** @file The golden cases and the OpenCV reference as the image tests read them. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { PNG } from "pngjs";
import type { Picture } from "../../src/image/picture.js";

const GOLDEN = "test/data/golden/";

export interface GoldenCase {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly mean: number[];
  readonly std: number[];
  /** Undefined where the case has no such tensor. */
  floats(tensor: string): Float32Array | undefined;
  bytes(tensor: string): Uint8Array | undefined;
}

export function goldenCases(): GoldenCase[] {
  return readdirSync(GOLDEN)
    .filter((file) => file.endsWith(".safetensors"))
    .map((file) => readCase(readFileSync(GOLDEN + file)));
}

interface Entry {
  data_offsets: [number, number];
}

function readCase(file: Buffer): GoldenCase {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, start)) as Record<string, Entry> & {
    __metadata__: { case: string };
  };
  const about = JSON.parse(header.__metadata__.case) as {
    name: string;
    size: number | [number, number];
    mean: number[];
    std: number[];
  };
  const [height, width] = typeof about.size === "number" ? [about.size, about.size] : about.size;
  const raw = (tensor: string): Uint8Array | undefined => {
    const entry = header[tensor];
    return (
      entry && Uint8Array.from(file.subarray(start + entry.data_offsets[0], start + entry.data_offsets[1]))
    );
  };
  const floats = (tensor: string): Float32Array | undefined => {
    const bytes = raw(tensor);
    return bytes && new Float32Array(bytes.buffer);
  };
  return { name: about.name, width, height, mean: about.mean, std: about.std, floats, bytes: raw };
}

/** The picture of every golden case; read without the reader under test. */
export function goldenPicture(): Picture {
  return readPng(`${GOLDEN}picture.png`);
}

export function readPng(path: string): Picture {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  return { data: Uint8Array.from(data.filter((_, i) => i % 4 !== 3)), width, height, channels: 3 };
}

export interface OpenCvReference {
  read: Record<string, [width: number, height: number, sha256: string]>;
  grey: Record<string, string>;
  resize: [path: string, width: number, height: number, sha256: string][];
  resizeGrey: [path: string, width: number, height: number, sha256: string][];
  resizeFloat: { from: [number, number]; to: [number, number]; map: number[]; resized: number[] }[];
  colormaps: Record<"jet" | "viridis" | "turbo" | "inferno", string>;
}

/** Made by tools/make_picture_reference.py. */
export const reference = JSON.parse(
  readFileSync("test/data/pictures/reference.json", "utf8"),
) as OpenCvReference;

export function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Largest difference and share of equal values. */
export function compare(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { length: boolean; max: number; within1: number } {
  let max = 0;
  let within = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    max = Math.max(max, difference);
    if (difference <= 1) within++;
  }
  return { length: a.length === b.length, max, within1: within / a.length };
}
