/** @file A cache of the loaded model's maps, keyed by request. */

import { keyOf } from "./call.js";
import * as store from "./store.js";

const made = new Map<string, store.ShownMap>();
const MOST_KEPT = 120;

export const madeBefore = (call: store.Call, index: number): store.ShownMap | undefined => {
  const found = made.get(keyOf(call, index));
  return found && !isSaidOtherwise(found) ? ofLabel(found, index) : undefined;
};

/** Whether a flat map gives its reason in another language than the current one. */
export const isSaidOtherwise = ({ call, map }: store.ShownMap): boolean =>
  map.flat !== undefined && call.language !== store.language.value;

export function keep(shown: store.ShownMap): void {
  made.set(keyOf(shown.call, shown.map.target.index), shown);
  const [oldest] = made.keys();
  if (made.size > MOST_KEPT && oldest !== undefined) made.delete(oldest);
}

/** Empties the cache, for another model. */
export function forgetMaps(): void {
  made.clear();
  store.shown.value = undefined;
  store.grid.value = [];
}

export function forgetMapsOf(picture: number): void {
  for (const [key, { call }] of made) if (call.picture === picture) made.delete(key);
}

/** A class-agnostic method has one map for all labels. */
function ofLabel(shown: store.ShownMap, index: number): store.ShownMap {
  if (shown.map.target.index === index) return shown;
  const { logits, scores } = shown.prediction;
  const target = { index, label: store.labelOf(index), logit: logits[index]!, score: scores[index]! };
  return { ...shown, map: { ...shown.map, target } };
}
