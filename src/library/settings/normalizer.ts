/** @file The mean and std of a normalising module in the file. */

import { findNormalizers } from "../../checkpoint/normalization.js";
import { unsupported } from "../../errors.js";
import { areMixed } from "./statistics-scale.js";
import type { FileNormalizer, GivenSettings } from "./settings.js";
import type { Tensors } from "../file/tensors.js";
import { say } from "../../language/say.js";

type Source = Pick<Tensors, "name" | "tensors" | "normalization">;

/**
 * Mean and std in tensors around the network whose first convolution has the key `stem`.
 * @throws GradlensError "unsupported" for half a pair, for two that differ, and for values that normalise nothing, unless the
 * caller gives both
 */
export function normalizerAround(
  source: Source,
  stem: string,
  { mean, std }: GivenSettings,
): FileNormalizer | undefined {
  const found = findAround(source, stem);
  if (typeof found !== "string") return found;
  if (mean !== undefined && std !== undefined) return undefined;
  throw unsupported(
    say`${source.name} holds ${found}; give both as the network computes them (--mean, --std)`,
  );
}

/** The file's pair, or what is wrong with it. */
function findAround(source: Source, stem: string): FileNormalizer | string | undefined {
  const { pairs, halves } = findNormalizers(source.tensors);
  const isAround = (path: string): boolean => path === "" || stem.startsWith(`${path}.`);
  const [half] = halves;
  if (half !== undefined) return say`${half}, a mean or a std without the other`;
  const around: FileNormalizer[] = [];
  for (const pair of pairs.filter((one) => isAround(one.around))) {
    const [mean, std] = [source.normalization?.get(pair.mean), source.normalization?.get(pair.std)];
    if (mean === undefined || std === undefined)
      return say`${pair.mean} and ${pair.std}, a mean and a std whose values were not read`;
    const isSound = mean.every(Number.isFinite) && std.every((value) => value > 0 && value < Infinity);
    if (!isSound || areMixed({ mean, std }))
      return say`${pair.mean} ${mean.join(",")} and ${pair.std} ${std.join(",")}, which normalise no pictures`;
    around.push({ mean: { value: mean, from: pair.mean }, std: { value: std, from: pair.std } });
  }
  const [first, ...others] = around;
  const other = others.find((one) => BOTH.some((what) => !isEqual(one[what].value, first![what].value)));
  if (other === undefined) return first;
  const what = isEqual(other.mean.value, first!.mean.value) ? "std" : "mean";
  const shown = [first!, other].map((one) => `${one[what].from} ${one[what].value.join(",")}`);
  return say`two normalisations, ${shown.join(say` and `)}`;
}

const BOTH = ["mean", "std"] as const;

/** The same tensors without those that normalise pictures, which are not parameters. */
export function withoutNormalizers<T extends Pick<Tensors, "tensors">>(source: T): T {
  const { pairs, halves } = findNormalizers(source.tensors);
  const keys = new Set([...pairs.flatMap(({ mean, std }) => [mean, std]), ...halves]);
  if (keys.size === 0) return source;
  return { ...source, tensors: new Map([...source.tensors].filter(([key]) => !keys.has(key))) };
}

const isEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length &&
  a.every((value, i) => Math.abs(value - b[i]!) <= 1e-6 * Math.max(1, Math.abs(value)));
