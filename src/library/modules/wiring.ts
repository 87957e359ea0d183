/** @file Compares the inputs of each layer in a graph, and how often it reads each, with those in TorchScript's code. */

import { joinedReads, type Reads } from "../../checkpoint/torch/script/reads.js";
import {
  functionTerm,
  replacedTerms,
  termOf,
  NO_TERMS,
  sameTerms,
  termTexts,
  type Terms,
} from "../../checkpoint/torch/script/terms.js";
import type { FileCall } from "../../checkpoint/types.js";
import type { Family } from "../../models/family.js";
import { LIBRARY } from "../../models/file-layer.js";
import type { NamedModule } from "../network/module-names.js";
import { say } from "../../language/say.js";

/** PyTorch's other names of functions that are compared. */
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

/** The file's calls under our paths. A module that the graph lacks is replaced by what it reads. */
function fileWiring(
  calls: ReadonlyMap<string, FileCall>,
  named: readonly NamedModule[],
  ours: ReadonlyMap<string, Reads>,
): Map<string, Reads> {
  const pathOf = new Map(named.map(({ from, path, module }) => [from, pathIn(path, module.className, ours)]));
  const isStep = (path: string | undefined, from: string): path is string =>
    path !== undefined && (path === "" ? from === "" : ours.has(path));
  const resolve = (call: FileCall, seen: ReadonlySet<string>): Reads => {
    const inputs = new Set<string>();
    const ops = new Set(call.ops);
    const standsFor = new Map<string, Terms>();
    for (const from of call.inputs) {
      const path = from === "" ? "" : pathOf.get(from);
      const inner = calls.get(from);
      if (isStep(path, from)) {
        inputs.add(path);
        standsFor.set(from, termOf(path));
      } else if (inner && !seen.has(from)) {
        const below = resolve(inner, new Set([...seen, from]));
        below.inputs.forEach((one) => inputs.add(one));
        below.ops.forEach((one) => ops.add(one));
        standsFor.set(from, below.terms);
      }
    }
    return { inputs, ops, terms: replacedTerms(call.terms, (path) => standsFor.get(path) ?? NO_TERMS) };
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
      result.set(path, { inputs: new Set([first]), ops: new Set(), terms: functionTerm([termOf(first)]) });
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

/** The first difference between the file's code and the graph; undefined where they agree. */
export function wiringProblem(
  calls: ReadonlyMap<string, FileCall>,
  named: readonly NamedModule[],
  ours: ReadonlyMap<string, Reads>,
  family: Family,
): string | undefined {
  const file = fileWiring(calls, named, ours);
  // Which tokens a user's own code averages is not read.
  const averages = named.every(
    ({ module }) => !module.settings.has("mean_dim") || LIBRARY.test(module.className),
  );
  for (const [path, wanted] of ours) {
    // In a file with two towers, the output is their comparison.
    if (path === "" && !calls.has("")) continue;
    const found = file.get(path);
    if (found === undefined) return say`its code never calls ${path}`;
    const problem = readsProblem(path, found, averages ? wanted : withoutMean(wanted), family);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const withoutMean = (reads: Reads): Reads => ({
  ...reads,
  ops: new Set([...reads.ops].filter(({ name }) => name !== "mean")),
});

function readsProblem(path: string, found: Reads, wanted: Reads, family: Family): string | undefined {
  const differ = (a: string, b: string): string =>
    say`${path === "" ? say`its output` : say`its ${path}`} is made of ${a}; in the architecture of ${b}`;
  if (!sameSet(found.inputs, wanted.inputs)) return differ(listed(found.inputs), listed(wanted.inputs));
  const isSum = readsBranches(path, wanted);
  // A function of the logits counts as they do.
  const isAfter = path === "" && [...found.ops].some(({ name }) => AFTER_LOGITS.test(name));
  const isOurs = (op: string): boolean =>
    (PLAIN.test(op) && !(family.pooling === "token" && POOLS.test(op))) ||
    (family.attention === true && OF_TRANSFORMERS.test(op) && !(isAfter && op === "add"));
  const comparedOps = (ops: Reads["ops"]): string[] =>
    [...ops]
      .map(({ name }) => SAME_OPS[name] ?? name)
      .filter((op) => !isOurs(op) && !(path === "" && AFTER_LOGITS.test(op)))
      .map((op) => (isSum && op === "sum" ? "add" : op));
  const [theirs, own] = [comparedOps(found.ops), comparedOps(wanted.ops)];
  const opsDiffer = (a: string, b: string): string =>
    say`its code has ${a} before ${path === "" ? say`its output` : path}; the architecture has ${b}`;
  if (!sameSet(new Set(theirs), new Set(own))) return opsDiffer(listedOps(theirs), listedOps(own));
  const terms = isAfter ? functionTerm([wanted.terms]) : wanted.terms;
  if (isSum) return undefined;
  if (!sameTerms(found.terms, terms))
    return differ(listedTerms(found.terms, terms), listedTerms(terms, found.terms));
  const [theirCounts, ownCounts] = [countedOps(theirs), countedOps(own)];
  return theirCounts === ownCounts ? undefined : opsDiffer(theirCounts, ownCounts);
}

/** Each op with how often it is called. A picture's channels are changed one by one or at once. */
function countedOps(ops: readonly string[]): string {
  const times = (op: string): number => (op.endsWith(" value") ? 1 : ops.filter((one) => one === op).length);
  const texts = [...new Set(ops)].map((op) => (times(op) > 1 ? `${times(op)} x ${op}` : op));
  return texts.sort().join(", ");
}

const listedTerms = (terms: Terms, others: Terms): string =>
  listed(new Set(termTexts(terms, others, (path) => (path === "" ? say`the picture` : path))));

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));

const SHOWN = 4;
const listed = (paths: ReadonlySet<string>): string =>
  [...paths]
    .slice(0, SHOWN)
    .map((path) => (path === "" ? say`the picture` : path))
    .join(", ") + (paths.size > SHOWN ? ", ..." : "");
const listedOps = (ops: readonly string[]): string =>
  ops.length === 0 ? "nothing" : [...new Set(ops)].slice(0, SHOWN).join(", ");
