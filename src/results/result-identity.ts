/** @file Which results may share a folder: those of the same weights, picture, model and preprocessing. */

import { say } from "../language/say.js";
import type { EmbeddingRecord, Manifest } from "./manifest.js";
import { viewDisagreement } from "./picture-view.js";

/** The facts in which two runs must agree to share a folder. */
export type ResultIdentity = Pick<Manifest, "weights" | "picture" | "preprocessing" | "arch" | "spelling"> & {
  readonly embedding?: Pick<EmbeddingRecord, "length">;
};

/** Describes the first fact in which `old` differs; undefined if none does. */
export function disagreement(old: ResultIdentity, now: ResultIdentity): string | undefined {
  if (old.weights.sha256 !== now.weights.sha256) return say`other weights (${old.weights.file})`;
  if (old.picture.sha256 !== now.picture.sha256) return say`another picture`;
  const view = viewDisagreement(old.picture, now.picture);
  if (view !== undefined) return view;
  if (old.arch !== now.arch || old.spelling !== now.spelling)
    return say`another model (${old.arch}, ${old.spelling})`;
  if (old.embedding?.length !== now.embedding?.length)
    return old.embedding ? say`the model without its classifier` : say`the model with its classifier`;
  const keys = Object.keys({
    ...old.preprocessing,
    ...now.preprocessing,
  }) as (keyof ResultIdentity["preprocessing"])[];
  const shown = (one: ResultIdentity, key: (typeof keys)[number]): string => {
    const value = one.preprocessing[key] ?? "off";
    return typeof value === "object" ? value.join(key === "size" ? "x" : ",") : String(value);
  };
  const key = keys.find((one) => shown(old, one) !== shown(now, one));
  if (key !== undefined) return say`other preprocessing (${key} ${shown(old, key)}, now ${shown(now, key)})`;
  return undefined;
}
