/** @file Tensors by their dotted names, as a tree. */

import type { CheckpointTensor } from "../../checkpoint/types.js";
import { oneLine } from "../text/one-line.js";

interface Branch {
  readonly children: Map<string, Branch>;
  tensor?: CheckpointTensor;
}

const INDENT = "  ";

/** A line for each module and tensor, in the file's order; `words` is what stands after a tensor's name. */
export function tensorTree(
  tensors: Iterable<CheckpointTensor>,
  words: (tensor: CheckpointTensor) => string,
): string[] {
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
  const rows: [name: string, tensor: CheckpointTensor | undefined][] = [];
  const walk = ({ children }: Branch, indent: string): void => {
    for (const [name, branch] of children) {
      const [path, last] = withOnlyChildren(name, branch);
      rows.push([indent + oneLine(path), last.tensor]);
      walk(last, indent + INDENT);
    }
  };
  walk(root, "");
  const width = rows.reduce((most, [name, tensor]) => (tensor ? Math.max(most, name.length) : most), 0);
  return rows.map(([name, tensor]) => (tensor ? `${name.padEnd(width)}  ${words(tensor)}` : name));
}

/** A module that holds one thing only stands on that one's line. */
function withOnlyChildren(name: string, branch: Branch): [string, Branch] {
  const [only, ...more] = branch.children;
  if (branch.tensor !== undefined || only === undefined || more.length > 0) return [name, branch];
  return withOnlyChildren(`${name}.${only[0]}`, only[1]);
}
