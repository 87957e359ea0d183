/** @file The table of architectures: cost, default layer, spellings, and where weights are published. */

import type { Builder } from "../graph/builder.js";
import { sizeOf } from "../graph/shape.js";
import type { Node, Pair } from "../graph/types.js";
import { pretrainedOf, type Pretrained } from "./pretrained/index.js";
import { ARCH_NAMES, type Arch } from "./architectures.js";
import { named } from "./registry.js";
import { buildArch, defaultLayerOf } from "./template.js";

export interface ModelRow {
  readonly arch: Arch;
  readonly family: string;
  /** With a head of 1000 classes; running means and variances are not counted. */
  readonly parameters: number;
  /** Of one forward pass of one picture at `size`: two for each multiply-add of convolutions, matrix products and attention. */
  readonly flops: number;
  /** [height, width] */
  readonly size: Pair;
  readonly defaultLayer: string;
  readonly spellings: readonly string[];
  readonly pretrained: readonly Pretrained[];
}

const IMAGENET_CLASSES = 1000;

/** All architectures, in the registry's order. It builds their graphs in about a second. */
export const modelTable = (): ModelRow[] => ARCH_NAMES.map(rowOf);

export function rowOf(arch: Arch): ModelRow {
  const { def } = named(arch);
  const { size } = def.preprocessing;
  const { graph } = buildArch(named(arch), { size, channels: 3, classes: IMAGENET_CLASSES });
  const params = [...graph.params].filter(([key]) => !/\.running_(mean|var)$/.test(key));
  return {
    arch,
    family: def.family.name,
    parameters: params.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0),
    flops: graph.nodes.reduce((sum, node) => sum + flopsOf(graph, node), 0),
    size,
    defaultLayer: def.defaultLayer,
    spellings: def.spellings.map(({ name }) => name),
    pretrained: pretrainedOf(arch),
  };
}

/** A family as its rows have it: its title, the default layers in each way of naming them, and its implementations. */
export function summaryOf(rows: readonly ModelRow[]): {
  title: string;
  layers: string[];
  spellings: string[];
} {
  const spellings = rows.flatMap((row) => row.spellings);
  const layers = rows.flatMap(({ arch, spellings: own }) =>
    own.map((name) => defaultLayerOf(named(arch), name)),
  );
  const { title } = named(rows[0]!.arch).def.family;
  return { title, layers: [...new Set(layers)], spellings: [...new Set(spellings)] };
}

/** Per picture: a value has the symbolic batch once in its size, or not at all. */
function flopsOf({ batch }: Builder, node: Node): number {
  const perPicture = ({ shape }: Node): number => {
    const size = sizeOf(shape);
    return size % batch === 0 ? size / batch : size;
  };
  switch (node.op) {
    case "conv2d":
      return 2 * perPicture(node) * sizeOf(node.inputs[1]!.shape.slice(1));
    case "matmul":
      return 2 * perPicture(node) * node.inputs[0]!.shape.at(node.attrs.transposeA ? -2 : -1)!;
    case "attention": {
      const [q, k] = node.inputs as [Node, Node];
      return 2 * (perPicture(q) + perPicture(node)) * k.shape.at(-2)!;
    }
    default:
      return 0;
  }
}
