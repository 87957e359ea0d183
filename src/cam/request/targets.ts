/**
 * @file Chooses the labels that get a map, from `8`, `cat`, `top3`, `above:0.5`, `all` and lists of them. `index:8` and `label:8`
 * distinguish an index from a label that is a number.
 */

import { badArgument, shortened, type GradlensError } from "../../errors.js";
import { suggestion } from "../../models/nearest.js";
import type { Activation } from "../scores.js";
import { say } from "../../language/say.js";

/**
 * A number is a class index. A text is an index, a label, `topN`, `above:P`, `all`, or a comma list of these. A text that is
 * both an index and a label is the index; `label:8` is the label.
 */
export type TargetSpec = number | string | readonly (number | string)[];

/** A label with its logit and score. */
export interface Target {
  /** The index in the model's output. */
  readonly index: number;
  readonly label?: string;
  readonly logit: number;
  /** The logit through the model's activation. */
  readonly score: number;
}

export interface Prediction {
  readonly logits: Float32Array;
  readonly scores: Float32Array;
  /** One for each class, if known. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * The targets of a spec, in its order, each once. `topN` sorts by logit. `above:P` selects scores above P, highest first; there
 * may be none. Labels may hold commas. Case, spaces, `_` and `-` do not matter, and one name of a label's comma list
 * (`tabby, tabby cat`) is enough.
 * @param spec default: the highest logit, for multi-label models too
 * @throws GradlensError "bad-argument" for an unknown or ambiguous label or an index out of range
 */
export function parseTargets(spec: TargetSpec | undefined, prediction: Prediction): Target[] {
  const items = (typeof spec === "object" ? spec : [spec ?? "top1"]).flatMap((item) =>
    typeof item === "number" ? [checkedIndex(item, prediction)] : readText(item, prediction),
  );
  return [...new Set(items)].map((index) => {
    const label = prediction.labels?.[index];
    return {
      index,
      ...(label === undefined ? {} : { label }),
      logit: prediction.logits[index]!,
      score: prediction.scores[index]!,
    };
  });
}

export interface TargetChoice {
  /** Default: the highest logit. With `top` or `minProbability`: every label. */
  readonly targets?: TargetSpec | undefined;
  /** Keep only the `top` targets with the highest logits, in descending order. */
  readonly top?: number | undefined;
  /** Keep only the targets with at least this score, the logit through the model's activation. */
  readonly minProbability?: number | undefined;
}

/**
 * May be empty: no target has `minProbability`.
 * @throws GradlensError "bad-argument" as parseTargets, and for impossible values of the options
 */
export function chooseTargets(
  { targets, top, minProbability }: TargetChoice,
  prediction: Prediction & { readonly activation: Activation },
): Target[] {
  if (top === undefined && minProbability === undefined) return parseTargets(targets, prediction);
  checkChoice(top, minProbability, prediction.activation);
  // The default order is by logit.
  const all = parseTargets(targets ?? `top${prediction.logits.length}`, prediction);
  const best = top === undefined ? all : [...all].sort((a, b) => b.logit - a.logit || a.index - b.index);
  const probable = best.filter(({ score }) => score >= (minProbability ?? -Infinity));
  return probable.slice(0, top);
}

function checkChoice(
  top: number | undefined,
  minProbability: number | undefined,
  activation: Activation,
): void {
  if (top !== undefined && !(Number.isSafeInteger(top) && top >= 1)) {
    throw badArgument(say`top ${top}: a whole number from 1 up is needed`);
  }
  if (minProbability === undefined) return;
  if (!(minProbability >= 0 && minProbability <= 1)) {
    throw badArgument(say`min probability ${minProbability}: a number from 0 to 1 is needed`);
  }
  if (activation === "none") {
    throw badArgument(
      say`min probability ${minProbability}: this model's scores are not probabilities (its activation is none); choose one with --activation`,
    );
  }
}

function readText(text: string, prediction: Prediction): number[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => part === "")) {
    throw badArgument(say`target "${shortened(text)}" has an empty entry between its commas`);
  }
  const indices: number[] = [];
  for (let at = 0; at < parts.length;) {
    // The longest run of parts that is a label: labels may hold commas.
    let end = parts.length;
    let found: number | undefined;
    while (end > at + 1) {
      const run = parts.slice(at, end).join(",");
      found = labelIndex(run, prediction) ?? labelIndex(LABEL.exec(run)?.[1], prediction);
      if (found !== undefined) break;
      end--;
    }
    indices.push(...(found === undefined ? readItem(parts[at]!, prediction) : [found]));
    at = end;
  }
  return indices;
}

const NUMBER = /^[+-]?\d+$/;
const INDEX = /^index:\s*([+-]?\d+)$/i;
const LABEL = /^label:\s*(.+)$/i;
/** Mistyped topN, above:P or all. */
const LIKE_NO_LABEL = /^(top|abov|al+$)|\d$/i;

/** A number that is not an index may be a label, such as a folder's name. */
function indexOrLabel(item: string, prediction: Prediction): number {
  const index = Number(item);
  const label = index >= 0 && index < prediction.logits.length ? undefined : labelIndex(item, prediction);
  return label ?? checkedIndex(index, prediction);
}

/** A line for each number among the targets that is a label, but not the label of the class at that index. */
export function numericTargetNotes(spec: TargetSpec | undefined, labels: readonly string[] = []): string[] {
  const items = (typeof spec === "object" ? spec : [spec ?? ""]).flatMap((item) =>
    typeof item === "number" ? [] : item.split(",").map((part) => part.trim()),
  );
  return [...new Set(items)].flatMap((item) => {
    const found = NUMBER.test(item) ? indexesOf(item, labels) : [];
    const own = labels[Number(item)];
    if (found.length === 0 || found.includes(Number(item))) return [];
    return own === undefined
      ? [say`target ${item} is the label "${item}" (index ${found.join(", ")}): index ${item} does not exist`]
      : [
          say`target ${item} is the index ${item}, whose label is "${shortened(own)}"; the label "${item}" is label:${item}`,
        ];
  });
}

function readItem(item: string, prediction: Prediction): number[] {
  const { logits, scores, labels } = prediction;
  if (NUMBER.test(item)) return [indexOrLabel(item, prediction)];
  const label = labelIndex(item, prediction) ?? labelIndex(LABEL.exec(item)?.[1], prediction);
  if (label !== undefined) return [label];
  const index = INDEX.exec(item);
  if (index) return [checkedIndex(Number(index[1]), prediction)];
  if (/^all$/i.test(item)) return [...logits.keys()];
  const top = /^top([1-9]\d*)$/i.exec(item);
  if (top) return byDescending(logits).slice(0, Number(top[1]));
  const limit = Number(/^above:(.*\d.*)$/i.exec(item)?.[1]);
  if (Number.isFinite(limit)) return byDescending(scores).filter((i) => scores[i]! > limit);
  throw unknownTarget(item, labels);
}

/** All classes, the largest value first, equal ones by index. */
const byDescending = (values: Float32Array): number[] =>
  [...values.keys()].sort((i, j) => values[j]! - values[i]! || i - j);

function checkedIndex(index: number, { logits }: Prediction): number {
  if (Number.isInteger(index) && index >= 0 && index < logits.length) return index;
  throw badArgument(
    say`target ${index} is out of range: the model has ${logits.length} classes, 0 to ${logits.length - 1}`,
  );
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();

/** Spacing beside commas doesn't matter either. */
const plainLabel = (label: string): string => label.split(",").map(plain).join(",");

function labelIndex(name: string | undefined, { labels = [] }: Prediction): number | undefined {
  if (name === undefined) return undefined;
  const found = indexesOf(name, labels);
  if (found.length < 2) return found[0];
  throw badArgument(
    say`target "${shortened(name)}" is the label of several classes; use one of their indexes: ${found.join(", ")}`,
  );
}

/** The classes with this label: exactly, else up to spelling, else by one name of a label's comma list. */
function indexesOf(name: string, labels: readonly string[]): number[] {
  const wanted = plainLabel(name);
  const tests: ((label: string) => boolean)[] = [
    (label) => label === name,
    (label) => plainLabel(label) === wanted,
    (label) => label.includes(",") && label.split(",").some((part) => plain(part) === wanted),
  ];
  for (const test of tests) {
    const found = labels.flatMap((label, i) => (test(label) ? [i] : []));
    if (found.length > 0) return found;
  }
  return [];
}

function unknownTarget(item: string, labels: readonly string[] | undefined): GradlensError {
  const unknown = say`unknown target "${shortened(item)}"`;
  const bad = (way: string): GradlensError => badArgument(`${unknown}${way}`);
  // pytorch-grad-cam's targets=None.
  if (/^none$/i.test(item)) return bad(say`; without a target the highest logit is explained: leave it out`);
  if (labels === undefined && !LIKE_NO_LABEL.test(item)) {
    return bad(
      say`: the model has no labels; give them by --labels FILE, or a class index, topN, above:P or all`,
    );
  }
  const hint = suggestion(item, [...(labels ?? []), "all", "top3", "above:0.5"]);
  const kinds = labels
    ? say`a target is a class index, a label, topN, above:P or all; index:N or label:NAME where both are possible`
    : say`the model has no labels, so a target is a class index, topN, above:P or all`;
  if (hint !== "") return bad(`${hint} (${kinds})`);
  return bad(labels === undefined ? ` (${kinds})` : say`: the labels are ${listWords(labels)}; ${kinds}`);
}

/** The most labels in a message. */
const LISTED = 8;

function listWords(labels: readonly string[]): string {
  const listed = labels.slice(0, LISTED).map((label) => shortened(label));
  const others = labels.length - LISTED;
  return others > 0 ? say`${listed.join(", ")} and ${others} more` : listed.join(", ");
}
