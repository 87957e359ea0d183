/** @file Settings in a file's metadata, as `convert` writes them. */

import type { Activation } from "../../cam/scores.js";
import { quote } from "../../checkpoint/quote.js";
import { GradlensError } from "../../errors.js";
import { HEAD_ACTIVATIONS, type HeadActivation } from "../../graph/file-head.js";
import type { Pair } from "../../graph/types.js";
import { CROP_PCT } from "../../image/crop.js";
import { RESIZE_NAMES } from "../../image/fit-picture.js";
import { say } from "../../language/say.js";

/** Undefined for what the metadata do not say. */
export type MetadataSettings = ReturnType<typeof readMetadata>;

/** @throws GradlensError "bad-file" for what cannot be read */
export function readMetadata(metadata: ReadonlyMap<string, string>, file: string) {
  const read = <T>(key: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = metadata.get(key);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value !== undefined) return value;
    throw new GradlensError(
      "bad-file",
      say`${file}: its metadata says ${key}=${shown(text)}, which cannot be read; correct the file, or give the value by option`,
    );
  };
  return {
    size: read("size", sizeOf),
    mean: read("mean", numbersOf),
    std: read("std", numbersOf),
    resize: read("resize", (text) => RESIZE_NAMES.find((one) => one === text)),
    cropPct: read("crop_pct", cropOf),
    bgr: read("bgr", isTrue),
    labels: read("labels", labelsOf),
    activation: read<Activation>("multi_label", (text) => (isTrue(text) ? "sigmoid" : "softmax")),
    transformInput: read("transform_input", isTrue),
    headActivation: read("head_activation", (text) =>
      Object.hasOwn(HEAD_ACTIVATIONS, text) ? (text as HeadActivation) : undefined,
    ),
  };
}

/** The text, quoted if it could garble a message. */
const shown = (text: string): string => (/^[\x20-\x7e]{0,60}$/.test(text) ? text : quote(text));

const isTrue = (text: string): boolean => /^(true|1)$/i.test(text);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sizeOf(text: string): Pair | undefined {
  const value = jsonOf(text);
  const pair = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const isPair = pair.length === 2 && pair.every((n) => Number.isInteger(n) && (n as number) > 0);
  return isPair ? (pair as unknown as Pair) : undefined;
}

function numbersOf(text: string): number[] | undefined {
  const value = jsonOf(text);
  return Array.isArray(value) && value.every((n) => Number.isFinite(n)) ? (value as number[]) : undefined;
}

function cropOf(text: string): number | "off" | undefined {
  if (text === "off") return text;
  const value = Number(text);
  return value >= CROP_PCT.min && value <= CROP_PCT.max ? value : undefined;
}

function labelsOf(text: string): string[] | undefined {
  const value = jsonOf(text);
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;
}
