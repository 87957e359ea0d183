/** @file Tensors by their dotted names, as a tree; numbered blocks that are alike are folded into one. */

import type { CheckpointTensor } from "../../checkpoint/types.js";
import { oneLine } from "../text/safe-text.js";

/** The words that stand after a tensor's name. */
export type TensorWords = (tensor: CheckpointTensor) => string;

interface Branch {
  readonly children: Map<string, Branch>;
  tensor?: CheckpointTensor;
}

/** A line of the tree, with the tensors that it stands for. */
interface Row {
  readonly name: string;
  readonly tensors: readonly CheckpointTensor[];
}

const INDENT = "  ";

/**
 * A line for each module and tensor, in the file's order. With `fold`, consecutive numbered blocks with the same tensors
 * inside are one, with the range of each side of their shapes.
 */
export function tensorTree(
  tensors: Iterable<CheckpointTensor>,
  words: TensorWords,
  fold?: (tensors: readonly CheckpointTensor[]) => string,
): string[] {
  const rows: Row[] = [];
  const walk = (all: readonly Branch[], indent: string): void => {
    for (const { name, branches } of stepsOf(all, fold !== undefined)) {
      const [path, last] = withOnlyChildren(name, branches);
      rows.push({ name: indent + oneLine(path), tensors: last.flatMap(({ tensor }) => tensor ?? []) });
      walk(last, indent + INDENT);
    }
  };
  walk([treeOf(tensors)], "");
  const width = rows.reduce(
    (most, { name, tensors }) => (tensors.length > 0 ? Math.max(most, name.length) : most),
    0,
  );
  return rows.map(({ name, tensors }) => {
    if (tensors.length === 0) return name;
    const text = tensors.length === 1 || fold === undefined ? words(tensors[0]!) : fold(tensors);
    return `${name.padEnd(width)}  ${text}`;
  });
}

function treeOf(tensors: Iterable<CheckpointTensor>): Branch {
  const root: Branch = { children: new Map() };
  for (const tensor of tensors) {
    let branch = root;
    for (const step of tensor.name.split(".")) {
      const next = branch.children.get(step) ?? { children: new Map() };
      branch.children.set(step, next);
      branch = next;
    }
    branch.tensor = tensor;
  }
  return root;
}

interface Step {
  readonly name: string;
  /** More than one where blocks are folded. */
  readonly branches: readonly Branch[];
}

/** The children of branches that are alike. */
function stepsOf(all: readonly Branch[], isFolding: boolean): Step[] {
  const [first] = all as [Branch];
  const steps = [...first.children.keys()].map((name) => ({
    name,
    branches: all.map(({ children }) => children.get(name)!),
  }));
  return isFolding ? folded(steps) : steps;
}

/** Consecutive blocks as one: `1`, `2`, `3` as `1..3`, and `layer1`, `layer2` as `layer1..2`. A block holds modules. */
function folded(steps: readonly Step[]): Step[] {
  const groups: { step: Step; key: string | undefined; last: number; count: number }[] = [];
  for (const step of blocksByNumber(steps)) {
    const { stem, number } = numbered(step.name);
    const key = isBlock(step) ? `${stem} ${shapeOf(step.branches[0]!)}` : undefined;
    const group = groups.at(-1);
    if (group && key !== undefined && group.key === key && number === group.last + 1) {
      group.step = { name: group.step.name, branches: [...group.step.branches, ...step.branches] };
      group.last = number;
      group.count++;
    } else groups.push({ step, key, last: number, count: 1 });
  }
  return groups.map(({ step, last, count }) =>
    count === 1 ? step : { ...step, name: `${step.name}..${last}` },
  );
}

/** `layer12` as `layer` and 12; without a number at its end -1. */
function numbered(name: string): { stem: string; number: number } {
  const [, stem, digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return stem === undefined ? { stem: name, number: -1 } : { stem, number: Number(digits) };
}

/** A numbered step that holds modules. */
const isBlock = ({ name, branches: [first] }: Step): boolean =>
  numbered(name).number >= 0 && [...first!.children.values()].some(({ children }) => children.size > 0);

/** Blocks that differ in their number alone, in its order: files may have `layer10` before `layer2`. All else keeps its place. */
function blocksByNumber(steps: readonly Step[]): Step[] {
  const places = new Map<string, number>();
  const sorted = steps.map((step, i) => {
    if (!isBlock(step)) return { step, place: i, number: 0 };
    const { stem, number } = numbered(step.name);
    const place = places.get(stem) ?? i;
    places.set(stem, place);
    return { step, place, number };
  });
  return sorted.sort((a, b) => a.place - b.place || a.number - b.number).map(({ step }) => step);
}

/** Equal for branches with the same names, types and numbers of sides inside. */
function shapeOf({ children, tensor }: Branch): string {
  const inside = [...children].map(([name, branch]) => `${name}(${shapeOf(branch)})`).join(",");
  return tensor === undefined ? inside : `${inside}:${tensor.dtype} ${tensor.shape.length}`;
}

/** A module that holds one thing only stands on that one's line. */
function withOnlyChildren(name: string, branches: readonly Branch[]): [string, readonly Branch[]] {
  const [first] = branches as [Branch];
  const [only, ...more] = first.children.keys();
  if (first.tensor !== undefined || only === undefined || more.length > 0) return [name, branches];
  return withOnlyChildren(
    `${name}.${only}`,
    branches.map(({ children }) => children.get(only)!),
  );
}
