/** @file Finds the inputs of each layer of a graph, in the form that TorchScript's code gives for a file. */

import type { Reads } from "../../checkpoint/torch/script/reads.js";
import {
  functionTerm,
  joinedTerms,
  NO_TERMS,
  termOf,
  type Terms,
} from "../../checkpoint/torch/script/terms.js";
import type { FileOp } from "../../checkpoint/types.js";
import { valueAt } from "../../checkpoint/value-at.js";
import type { Builder } from "../../graph/builder.js";
import type { ModuleRecord } from "../../graph/module-scopes.js";
import type { Node, OpName } from "../../graph/types.js";
import { enclosingPaths } from "../../models/spelling.js";

const MOVING: readonly OpName[] = [
  "reshape",
  "transpose",
  "slice",
  "broadcast",
  "pad",
  "resample",
  "reduceSum",
];

/** Ops that rearrange values, or that PyTorch's code may express differently in the same network. */
const ARRANGING = new Set<OpName>([...MOVING, "concat", "constant", "param"]);

/** Ops that the file must have between the same layers, with PyTorch's name of each. */
const COMPARED_OPS: Readonly<Record<string, string>> = {
  relu: "relu",
  sigmoid: "sigmoid",
  tanh: "tanh",
  erf: "gelu",
  maxPick: "max_pool2d",
  reduceMax: "amax",
  rsqrt: "vector_norm",
  max: "clamp_min",
  reduceSum: "mean",
};

const plainPath = ({ path }: Pick<ModuleRecord, "path">): string => path.replace(/#\d+$/, "");

/** What each layer of a graph reads, and under "" what the logits read. */
export function wiringOf(graph: Builder, logits: Node): Map<string, Reads> {
  const paths = new Set(graph.modules.map(plainPath));
  const containers = new Set([...paths].flatMap((path) => enclosingPaths(path)));
  const averages = new Set(graph.modules.filter(({ kind }) => kind === "AvgPool2d").map(plainPath));
  const arranges = ({ path, op }: Node): boolean =>
    ARRANGING.has(op) && !(op === "resample" && averages.has(path));
  // A convolution that holds the module of its padding is a step of its own.
  const isStep = (node: Node): boolean =>
    paths.has(node.path) && (!containers.has(node.path) || node.op === "conv2d") && !arranges(node);
  const depends = dependsOnPicture(graph.nodes);
  const steps = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    if (isStep(node) && depends.has(node)) valueAt(steps, node.path, () => []).push(node);
  }
  const isOwn = (node: Node, own: string): boolean => own !== "" && node.path === own;
  const termsOf = graphTerms(depends, isStep);
  const readsOf = (starts: readonly Node[], own: string): Reads => {
    const inputs = new Set<string>();
    const ops = new Set<FileOp>();
    const read: Terms[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node, reader: Node | undefined): void => {
      // A module that is called again may read its own output, as legacy_seresnet18's ReLU does.
      if (isOwn(node, own) && isStep(node) && reader !== undefined && !isOwn(reader, own)) inputs.add(own);
      if (seen.has(node) || !depends.has(node)) return;
      seen.add(node);
      const isEntry = !isOwn(node, own) && (reader === undefined || isOwn(reader, own));
      if (isEntry) read.push(termsOf(node));
      if (node.op === "input") inputs.add("");
      else if (isStep(node) && node.path !== own) inputs.add(node.path);
      else {
        if (!isOwn(node, own)) addOp(ops, node, depends);
        node.inputs.forEach((input) => visit(input, node));
      }
    };
    starts.forEach((start) => visit(start, undefined));
    if (graph.file.modules?.padded.has(own)) ops.add({ name: "pad" });
    return { inputs, ops, terms: joinedTerms(read, "beside") };
  };
  return new Map([
    ...[...steps].map(([path, nodes]): [string, Reads] => [path, readsOf(nodes, path)]),
    ["", readsOf([logits], "")],
  ]);
}

/** Ops whose result holds each part of their input once. */
const LINEAR = new Set<OpName>([...MOVING, "neg"]);

/** Of these with a weight or a number the result is linear; of two values of the network it is a product. */
const OF_ONE = new Set<OpName>(["sub", "mul", "div", "matmul", "conv2d"]);

/** What a value holds, in terms of the steps before it. */
function graphTerms(depends: ReadonlySet<Node>, isStep: (node: Node) => boolean): (node: Node) => Terms {
  const known = new Map<Node, Terms>();
  const compute = (node: Node): Terms => {
    if (node.op === "input") return termOf("");
    if (isStep(node)) return termOf(node.path);
    const all = node.inputs.filter((one) => depends.has(one)).map(termsOf);
    if (node.op === "add") return joinedTerms(all, "sum");
    if (node.op === "concat") return joinedTerms(all, "beside");
    const isLinear = LINEAR.has(node.op) || (OF_ONE.has(node.op) && all.length === 1);
    return isLinear ? joinedTerms(all, "beside") : functionTerm(all);
  };
  const termsOf = (node: Node): Terms => {
    if (!depends.has(node)) return NO_TERMS;
    const terms = known.get(node) ?? compute(node);
    known.set(node, terms);
    return terms;
  };
  return termsOf;
}

function addOp(ops: Set<FileOp>, node: Node, depends: ReadonlySet<Node>): void {
  const add = (name: string): unknown => ops.add({ name });
  const name = COMPARED_OPS[node.op];
  if (name !== undefined) add(name);
  const isArithmetic = node.op === "add" || node.op === "mul" || node.op === "sub" || node.op === "div";
  if (isArithmetic && node.inputs.every((x) => depends.has(x))) add(node.op);
  // A scale that belongs to no layer.
  else if (node.op === "mul" && node.inputs.some((x) => isParameter(x))) add("mul value");
  // A change of the picture's normalisation, channel by channel.
  else if (
    isArithmetic &&
    node.inputs.some(({ op, attrs }) => op === "constant" && typeof attrs.data !== "number")
  )
    add(`${node.op} value`);
}

const isParameter = ({ op, inputs }: Node): boolean =>
  op === "param" || (op === "reshape" && isParameter(inputs[0]!));

function dependsOnPicture(nodes: readonly Node[]): ReadonlySet<Node> {
  const depends = new Set<Node>();
  for (const node of nodes)
    if (node.op === "input" || node.inputs.some((x) => depends.has(x))) depends.add(node);
  return depends;
}
