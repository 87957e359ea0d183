/** @file Compares the inputs of each layer in a graph with those in TorchScript's code. */

import type { FileCall } from "../checkpoint/types.js";
import type { Builder } from "../graph/builder.js";
import type { ModuleRecord } from "../graph/module-scopes.js";
import type { Node } from "../graph/types.js";
import { TOKEN_READERS, TRANSFORMERS, type ModelFamily } from "../models/arch.js";
import { parentsOf } from "../models/spelling.js";
import type { NamedModule } from "./module-names.js";
import { say } from "../language/say.js";

interface Reads {
  readonly inputs: ReadonlySet<string>;
  readonly ops: ReadonlySet<string>;
}

/** Ops that rearrange values, or that PyTorch's code may express differently in the same network. */
const ARRANGING = new Set([
  "reshape",
  "transpose",
  "slice",
  "broadcast",
  "pad",
  "concat",
  "resample",
  "reduceSum",
  "constant",
  "param",
]);

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
};

/** PyTorch's other names for these. */
const SAME_OPS: Readonly<Record<string, string>> = { linalg_vector_norm: "vector_norm", norm: "vector_norm" };

/** PyTorch's functions that our graph has as other ops, and functions that only average or concatenate. */
const PLAIN = /^(?:cat|mean|adaptive_avg_pool2d|avg_pool2d|batch_norm|alias|copy)$/;

/** A ViT's logits come from its class token, unless its head pools. */
const POOLS = /mean|pool/;

/** The ops of attention, windows and position embeddings. */
const OF_TRANSFORMERS =
  /^(?:add|sub|rsub|mul|div|pow|sum|sqrt|rsqrt)(?: value)?$|^(?:(?:ba)?d?d?bmm|b?matmul|mm|einsum|softmax|scaled_dot_product_attention|linear|roll|pad|constant_pad_nd|index|index_select|masked_fill|where|fill|zeros|zeros_like|ones|ones_like|new_zeros|full|ne|eq|arange|layer_norm|upsample_bicubic2d|_upsample_bicubic2d_aa|upsample_bilinear2d|stack|repeat|gather|mask|bitwise_not|rearrange|floor_divide|remainder|floordiv)$/;

/** Readers of the sum of branches in ResNeSt's split attention. timm sums along an axis, our graph adds. */
const readsBranches = (path: string, { inputs }: Reads): boolean =>
  path.endsWith(".conv2.fc1") || [...inputs].some((input) => input.endsWith(".rsoftmax"));

/** Functions that may follow the logits, which are explained in any case. */
const AFTER_LOGITS = /^(?:sigmoid|softmax|log_softmax|log_sigmoid)$/;

const plainPath = ({ path }: Pick<ModuleRecord, "path">): string => path.replace(/#\d+$/, "");

/** The layers that each layer of a graph reads; under "" those that the logits read. */
export function wiringOf(graph: Builder, logits: Node): Map<string, Reads> {
  const paths = new Set(graph.modules.map(plainPath));
  const containers = new Set([...paths].flatMap((path) => parentsOf(path)));
  const averages = new Set(graph.modules.filter(({ kind }) => kind === "AvgPool2d").map(plainPath));
  const arranges = ({ path, op }: Node): boolean =>
    ARRANGING.has(op) && !(op === "resample" && averages.has(path));
  // A convolution that holds the module of its padding is a step of its own.
  const isStep = (node: Node): boolean =>
    paths.has(node.path) && (!containers.has(node.path) || node.op === "conv2d") && !arranges(node);
  const depends = dependsOnPicture(graph.nodes);
  const steps = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    if (!isStep(node) || !depends.has(node)) continue;
    steps.set(node.path, [...(steps.get(node.path) ?? []), node]);
  }
  const readsOf = (starts: readonly Node[], own: string): Reads => {
    const inputs = new Set<string>();
    const ops = new Set<string>();
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node) || !depends.has(node)) return;
      seen.add(node);
      if (node.op === "input") inputs.add("");
      else if (isStep(node) && node.path !== own) inputs.add(node.path);
      else {
        if (node.path !== own || own === "") addOp(ops, node, depends);
        node.inputs.forEach(visit);
      }
    };
    starts.forEach(visit);
    return { inputs, ops };
  };
  return new Map([
    ...[...steps].map(([path, nodes]): [string, Reads] => [path, readsOf(nodes, path)]),
    ["", readsOf([logits], "")],
  ]);
}

function addOp(ops: Set<string>, node: Node, depends: ReadonlySet<Node>): void {
  const name = COMPARED_OPS[node.op];
  if (name !== undefined) ops.add(name);
  const isArithmetic = node.op === "add" || node.op === "mul" || node.op === "sub" || node.op === "div";
  if (isArithmetic && node.inputs.every((x) => depends.has(x))) ops.add(node.op);
  // A scale that belongs to no layer.
  else if (node.op === "mul" && node.inputs.some((x) => isParameter(x))) ops.add("mul value");
  // True for a change of the picture's normalisation, channel by channel.
  else if (
    isArithmetic &&
    node.inputs.some(({ op, attrs }) => op === "constant" && typeof attrs.data !== "number")
  )
    ops.add(`${node.op} value`);
}

const isParameter = ({ op, inputs }: Node): boolean =>
  op === "param" || (op === "reshape" && isParameter(inputs[0]!));

function dependsOnPicture(nodes: readonly Node[]): ReadonlySet<Node> {
  const depends = new Set<Node>();
  for (const node of nodes)
    if (node.op === "input" || node.inputs.some((x) => depends.has(x))) depends.add(node);
  return depends;
}

/** The file's calls under our paths. A module that is no step of ours is replaced by what it reads. */
function fileWiring(
  calls: ReadonlyMap<string, FileCall>,
  named: readonly NamedModule[],
  ours: ReadonlyMap<string, Reads>,
): Map<string, Reads> {
  const pathOf = new Map(named.map(({ from, path, module }) => [from, pathIn(path, module.className, ours)]));
  const resolve = (call: FileCall, seen: ReadonlySet<string>): Reads => {
    const inputs = new Set<string>();
    const ops = new Set(call.ops.map((op) => SAME_OPS[op] ?? op));
    for (const from of call.inputs) {
      const path = from === "" ? "" : pathOf.get(from);
      const inner = calls.get(from);
      if (path !== undefined && (path === "" ? from === "" : ours.has(path))) inputs.add(path);
      else if (inner && !seen.has(from)) {
        const below = resolve(inner, new Set([...seen, from]));
        below.inputs.forEach((one) => inputs.add(one));
        below.ops.forEach((one) => ops.add(one));
      }
    }
    return { inputs, ops };
  };
  const result = new Map<string, Reads>();
  for (const [from, call] of calls) {
    const path = from === "" ? "" : pathOf.get(from);
    if (path === undefined || (path === "" && from !== "")) continue;
    const reads = resolve(call, new Set([from]));
    // torch.nn.MultiheadAttention is two of our Linears and the ops between.
    if (path.endsWith(".proj") && isAttention(named, from)) {
      const first = path.replace(/proj$/, "qkv");
      result.set(first, reads);
      result.set(path, { inputs: new Set([first]), ops: new Set() });
    } else result.set(path, joinedReads(result.get(path), reads));
  }
  return result;
}

const MULTIHEAD = /\.MultiheadAttention$/;

const isAttention = (named: readonly NamedModule[], from: string): boolean =>
  named.some((one) => one.from === from && MULTIHEAD.test(one.module.className));

const pathIn = (
  path: string | undefined,
  className: string,
  ours: ReadonlyMap<string, Reads>,
): string | undefined =>
  path !== undefined && MULTIHEAD.test(className) && ours.has(`${path}.proj`) ? `${path}.proj` : path;

const joinedReads = (a: Reads | undefined, b: Reads): Reads =>
  a ? { inputs: new Set([...a.inputs, ...b.inputs]), ops: new Set([...a.ops, ...b.ops]) } : b;

/** The first difference between the file's code and the graph; undefined where they agree. */
export function wiringProblem(
  calls: ReadonlyMap<string, FileCall>,
  named: readonly NamedModule[],
  ours: ReadonlyMap<string, Reads>,
  family: ModelFamily,
): string | undefined {
  const file = fileWiring(calls, named, ours);
  const isOurs = (op: string): boolean =>
    (PLAIN.test(op) && !(TOKEN_READERS.has(family) && POOLS.test(op))) ||
    (TRANSFORMERS.has(family) && OF_TRANSFORMERS.test(op));
  for (const [path, wanted] of ours) {
    const found = file.get(path);
    // In a file with two towers, the output is their comparison.
    if (path === "" && !calls.has("")) continue;
    const layer = path === "" ? say`its output` : say`its ${path}`;
    if (found === undefined) return say`its code never calls ${path}`;
    if (!sameSet(found.inputs, wanted.inputs))
      return say`${layer} is made of ${listed(found.inputs)}; in the architecture of ${listed(wanted.inputs)}`;
    const isSum = family === "resnest" && readsBranches(path, wanted);
    const [theirs, own] = [found.ops, wanted.ops].map((ops) => {
      const compared = [...ops].filter((op) => !isOurs(op) && !(path === "" && AFTER_LOGITS.test(op)));
      return new Set(compared.map((op) => (isSum && op === "sum" ? "add" : op)));
    }) as [Set<string>, Set<string>];
    if (!sameSet(theirs, own))
      return say`its code has ${listedOps(theirs)} before ${path === "" ? say`its output` : path}; the architecture has ${listedOps(own)}`;
  }
  return undefined;
}

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));

const SHOWN = 4;
const listed = (paths: ReadonlySet<string>): string =>
  [...paths]
    .slice(0, SHOWN)
    .map((path) => (path === "" ? say`the picture` : path))
    .join(", ") + (paths.size > SHOWN ? ", ..." : "");
const listedOps = (ops: ReadonlySet<string>): string =>
  ops.size === 0 ? "nothing" : [...ops].slice(0, SHOWN).join(", ");
