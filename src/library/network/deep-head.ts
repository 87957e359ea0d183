/** @file Finds a head of several layers in a file: its place and its layers. */

import { transparent } from "../../checkpoint/key-prefix.js";
import { fits, type KeyMatch } from "../../checkpoint/match-keys.js";
import { auxiliaryBelow, isHarmless } from "../../checkpoint/unused-tensors.js";
import {
  HEAD_ACTIVATION_NAMES,
  HEAD_ACTIVATIONS,
  type FileHead,
  type HeadActivation,
  type HeadLayer,
  type HeadPooling,
} from "../../graph/file-head.js";
import type { FileModule } from "../../checkpoint/types.js";
import { valueAt } from "../../checkpoint/value-at.js";
import { INERT } from "../../models/activations.js";
import { kindOf } from "../../models/file-layer.js";
import { readHeadLayers } from "../../models/head-layers.js";
import type { Identity } from "../../models/template.js";
import { aroundOf, headOf, matchAs, publishedOutline, sketchShapes, type Sketches } from "./sketch.js";
import type { Tensors } from "../file/tensors.js";

/** Names of modules that compute logits. */
const HEAD =
  /(?:^|\.)(?:classifier|cls|fc|fcs|fc_layers?|heads?|mlp|mlp_head|cls_head|classification_head|linear|last_linear|logits?|output)$/;
/** fastai's model is a Sequential of the body and the head. */
const FASTAI_HEAD = "1";

export interface DeepHead extends FileHead {
  /** The file's path of the Sequential, without transparent wrappers. */
  readonly module: string;
  readonly classes: number;
  /** The number of features that it reads. */
  readonly features: number;
  /** The file's key of the last Linear's weight. */
  readonly key: string;
  /** The file names no activation for it. */
  readonly isOpen: boolean;
}

/** A tensor outside the trunk. */
interface Left {
  readonly from: string;
  readonly parts: readonly string[];
  readonly shape: readonly number[];
}

type Layers = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** The head of the tensors beside the trunk; undefined if they are a single Linear, or no Sequential with one name. */
export function findDeepHead(
  sketches: Sketches,
  identity: Identity,
  given: HeadActivation = "relu",
): DeepHead | undefined {
  const checkpoint = sketches.file;
  // Layers cannot replace the convolution that computes SqueezeNet's scores at every position.
  if (publishedOutline(identity).kinds.get(headOf(identity)) !== "Linear") return undefined;
  const beside = leftOf(checkpoint, identity, sketches.match(identity), sketchShapes(identity));
  const modules = new Set(beside.map(({ parts }) => parts.slice(0, -1).join(".")));
  if (modules.size < 2) return undefined;
  const shapes = sketches.shapesWithParts(identity);
  return headBeside(checkpoint, identity, shapes, matchAs(identity, shapes, checkpoint), given);
}

function headBeside(
  checkpoint: Tensors,
  identity: Identity,
  shapes: ReadonlyMap<string, readonly number[]>,
  match: KeyMatch,
  given: HeadActivation,
): DeepHead | undefined {
  const left = leftOf(checkpoint, identity, match, shapes);
  const module = commonPath(left);
  const head = headOf(identity);
  const [prefix = ""] = match.report.prefixes;
  const own = prefix !== "" && module.startsWith(`${prefix}.`) ? module.slice(prefix.length + 1) : module;
  if (module === "" || module === prefix || !(own === head || own === FASTAI_HEAD || HEAD.test(own)))
    return undefined;
  const layers = layersBelow(checkpoint, module, left);
  if (layers === undefined) return undefined;
  const around = aroundOf(identity);
  const path = own === around ? around : head;
  const found = readLayers(layers, featuresOf(shapes, path), identity);
  if (found === undefined || found.layers.length < 2) return undefined;
  const last = found.layers.at(-1) as HeadLayer & { kind: "Linear" };
  const isLast = ({ parts }: Left): boolean => parts.join(".") === `${module}.${last.name}.weight`;
  const isOpen = checkpoint.modules === undefined && found.layers.some(({ kind }) => kind === "activation");
  const activation =
    checkpoint.modules === undefined ? given : activationIn(checkpoint.modules, module, layers, found.layers);
  return { ...found, path, activation, module, classes: last.out, key: left.find(isLast)!.from, isOpen };
}

/** The one activation with which the tensors alone give the head of the modules; undefined if none does. */
function activationIn(
  modules: ReadonlyMap<string, FileModule>,
  module: string,
  layers: Layers,
  read: readonly HeadLayer[],
): HeadActivation | undefined {
  const kinds = new Map(
    [...modules].map(([from, facts]) => [transparent(from).join("."), kindOf(facts)] as const),
  );
  const active = new Map<string, string>();
  for (const { kind, name } of read) {
    const own = kind === "activation" ? kinds.get(`${module}.${name!}`) : undefined;
    if (own !== undefined && !INERT.has(own)) active.set(name!, own);
  }
  const withTensors = new Map([...layers].filter(([, parameters]) => parameters.size > 0));
  const alone = readHeadLayers(withTensors, widthOf(withTensors));
  if ("problem" in alone) return undefined;
  const places = alone.flatMap(({ kind, name }) => (kind === "activation" ? [name ?? ""] : []));
  const said = new Set(places.map((name) => active.get(name) ?? HEAD_ACTIVATIONS.none));
  if (said.size > 1 || [...active.keys()].some((name) => !places.includes(name))) return undefined;
  const [only = HEAD_ACTIVATIONS.none] = said;
  return HEAD_ACTIVATION_NAMES.find((key) => HEAD_ACTIVATIONS[key] === only);
}

/** Features of the head's input. */
const widthOf = (layers: Layers): number => [...layers.values()][0]!.get("weight")!.at(-1)!;

/** Keys of a Sequential around the head do not count as trunk: VGG's other Linears belong to the head. */
function leftOf(
  { tensors }: Tensors,
  identity: Identity,
  match: KeyMatch,
  shapes: ReadonlyMap<string, readonly number[]>,
): Left[] {
  const head = headOf(identity);
  const around = aroundOf(identity) ?? head;
  const isHead = (key: string): boolean => key.startsWith(`${head}.`) || key.startsWith("head_dist.");
  const fitting = [...shapes].flatMap(([key, shape]) => {
    const tensor = match.tensors.get(key);
    return !isHead(key) && tensor && fits(shape, tensor.shape) ? [[key, tensor.name] as const] : [];
  });
  const trunk = new Map(fitting);
  const isAround = (key: string): boolean => key.startsWith(`${around}.`) && !isHead(key);
  const isWhole = [...shapes.keys()].every((key) => !isAround(key) || trunk.has(key));
  const used = new Set(fitting.filter(([key]) => isWhole || !isAround(key)).map(([, name]) => name));
  const [prefix = ""] = match.report.prefixes;
  const { auxiliary } = identity.def;
  const isAuxiliary = auxiliaryBelow(prefix, auxiliary);
  const copies = match.report.alternatives.filter((prefix) => prefix !== "");
  const keys = [...tensors.keys()].map((key) => transparent(key).join("."));
  return [...tensors].flatMap(([from, { shape }]): Left[] => {
    const parts = transparent(from);
    const key = parts.join(".");
    const isOut = used.has(from) || isHarmless(key, keys) || isAuxiliary(key);
    return isOut || copies.some((copy) => key.startsWith(`${copy}.`)) ? [] : [{ from, parts, shape }];
  });
}

/** Parameters by layer, in the file's order; with the modules that have none, where the file holds modules. */
function layersBelow({ modules }: Tensors, module: string, left: readonly Left[]): Layers | undefined {
  const depth = module.split(".").length;
  const layers = new Map<string, Map<string, readonly number[]>>();
  if (modules !== undefined) {
    const own = [...modules].map(([from, facts]) => ({ path: transparent(from).join("."), facts }));
    const container = own.find(({ path }) => path === module)?.facts.className;
    if (container !== "torch.nn.modules.container.Sequential") return undefined;
    for (const { path } of own)
      if (path.startsWith(`${module}.`)) layers.set(path.slice(module.length + 1), new Map());
  }
  for (const { parts, shape } of left) {
    const name = parts.slice(depth, -1).join(".");
    valueAt(layers, name, () => new Map()).set(parts.at(-1)!, shape);
  }
  return layers;
}

/** @param features that the published head reads */
function readLayers(
  layers: Layers,
  features: number,
  { def: { headFeatures }, spelling }: Identity,
): Pick<DeepHead, "layers" | "features" | "pooling"> | undefined {
  for (const width of [features, ...(headFeatures ?? [])]) {
    const read = readHeadLayers(layers, width);
    if (!("problem" in read)) return { layers: read, features: width };
  }
  const pooling = headFeatures === undefined ? POOLINGS[spelling] : undefined;
  if (pooling === undefined) return undefined;
  const twice = readHeadLayers(layers, 2 * features);
  return "problem" in twice ? undefined : { layers: twice, features: 2 * features, pooling };
}

/** The order in which an implementation concatenates maximum and mean. */
const POOLINGS: Readonly<Record<string, HeadPooling>> = {
  sequential: "maximum, mean",
  timm: "mean, maximum",
};

/** The input features of the first matrix below a path. */
const featuresOf = (shapes: ReadonlyMap<string, readonly number[]>, path: string): number =>
  [...shapes].find(([key, shape]) => key.startsWith(`${path}.`) && shape.length === 2)![1][1]!;

/** The longest path above the modules of all tensors; "" if they share none. */
function commonPath(left: readonly Left[]): string {
  const [first = []] = left.map(({ parts }) => parts);
  let depth = Math.max(0, Math.min(...left.map(({ parts }) => parts.length)) - 2);
  while (left.some(({ parts }) => parts.slice(0, depth).some((part, i) => part !== first[i]))) depth--;
  return first.slice(0, depth).join(".");
}
