/** @file Describes results in words: scores, regions, shares of channels. */

import { shortened } from "../../errors.js";
import { scoreText } from "../../figure/layout/score-text.js";
import { oneLine } from "../text/safe-text.js";
import type { TruthRecord } from "../../results/truth.js";
import type { Manifest, MapRecord, RegionsRecord } from "../../results/manifest.js";
import { say } from "../../language/say.js";

/** With more classes than this, only the highest scores are named. */
const ALL_UP_TO = 40;
const HIGHEST = 3;

/**
 * Labels with their scores in descending order: all of a small multi-label model, else the top three. Labels longer than
 * `width` are shortened.
 */
export function scoreWords(
  of: Pick<Manifest, "scores" | "logits" | "labels" | "activation" | "embedding">,
  width: number,
): string[] {
  const { scores, logits, labels, activation, embedding } = of;
  if (embedding && !embedding.vectors)
    return [say`an embedding of ${embedding.length} values, L2 norm ${scoreText(scores[0]!)}`];
  const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
  const all = activation !== "softmax" && order.length <= ALL_UP_TO;
  return order.slice(0, all ? undefined : HIGHEST).map((i) => {
    const label = oneLine(labels?.[i] ?? say`class ${i}`);
    const score = scoreText(scores[i]!);
    return `${shortened(label, width - score.length - 1)} ${score}`;
  });
}

/** The number of a map's regions, their least heat, and the box of the hottest. */
export function regionWords({ found, level, threshold, minArea }: RegionsRecord): string {
  const rule = typeof threshold === "string" ? ` (${threshold})` : "";
  const from = say`from a heat of ${level.toFixed(3)}${rule} up`;
  const large = minArea > 0 ? say` of at least ${minArea} of the picture` : "";
  if (found.length === 0) return say`no region${large} ${from}`;
  const [x, y, width, height] = found[0]!.box;
  const count = found.length === 1 ? say`1 region` : say`${found.length} regions`;
  return say`${count} ${from}, the hottest ${width}x${height} at ${x},${y}`;
}

/** Whether a map's peak lies in a box that people drew, and how its own box overlaps with theirs. */
export const truthWords = ({ hit, iou }: TruthRecord): string =>
  say`the peak ${hit ? say`lies in a box` : say`misses the boxes`}${iou === undefined ? "" : say`, IoU ${iou.toFixed(3)}`}`;

/** The share of its layers' channels that a map is computed from, if not all. */
export function shareWords({ method, layers, channels = [] }: MapRecord): string[] {
  return channels.map(
    ({ scored, of, variance }, i) =>
      say`${method}: ${scored} of ${of} channels of ${layers[i]}, which hold ${(100 * variance).toFixed(1)} % of its variance`,
  );
}
