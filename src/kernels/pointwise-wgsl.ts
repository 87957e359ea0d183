/** @file WGSL of a pointwise cluster: one `let` per node, from the expressions of the ops' table. */

import { isPointwise, POINTWISE } from "../graph/pointwise.js";
import type { Node } from "../graph/types.js";
import { isLiteral, type Cluster } from "./fuse.js";

const literal = (type: string, value: number): string => {
  const text = String(Math.fround(value) === 0 ? 0 : value);
  return `${type}(${/[.e]/.test(text) ? text : `${text}.0`})`;
};

export interface ClusterCode {
  readonly lines: string[];
  /** The expression of the root. */
  readonly result: string;
  /** Parts of shaders/common that the code calls. */
  readonly uses: string[];
}

/** @param valueOf the expression, of `type`, of a value from outside the cluster */
export function clusterCode(
  cluster: Cluster,
  type: "f32" | "vec4f",
  valueOf: (node: Node) => string,
): ClusterCode {
  const names = new Map<Node, string>();
  const lines: string[] = [];
  const uses = new Set<string>();
  const expression = (x: Node): string => {
    if (isLiteral(x) && x.op === "constant") return literal(type, x.attrs.data as number);
    return names.get(x) ?? valueOf(x);
  };
  for (const node of [...cluster.members].sort((a, b) => a.id - b.id)) {
    if (!isPointwise(node.op)) continue;
    const def = POINTWISE[node.op];
    if (def.uses) uses.add(def.uses);
    const name = `v${names.size}`;
    lines.push(`let ${name} = ${def.wgsl(type, ...node.inputs.map(expression))};`);
    names.set(node, name);
  }
  return { lines, result: names.get(cluster.root)!, uses: [...uses] };
}
