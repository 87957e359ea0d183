/** @file The graph of a ViT and its relatives, with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import type { Node } from "../graph/types.js";
import type { BuildOptions, ModelGraph } from "./arch.js";
import { classifier } from "./head.js";
import { requireSetting } from "./file-layer.js";
import { identity, layerNorm, linear, type ActivationKind } from "./layers.js";
import { block, type BlockOptions } from "./vit-blocks.js";
import {
  embed,
  gridOf,
  tokenCount,
  traitsOf,
  type EmbeddingShape,
  type ProbeInput,
} from "./vit-embedding.js";
import { partsOf, type FixedParts, type VitParts } from "./vit-parts.js";
import { phrase } from "../language/say.js";

export interface VitShape extends EmbeddingShape, FixedParts {
  readonly depth: number;
  readonly heads: number;
  /** Of the MLPs. Default: GELU. */
  readonly act?: ActivationKind;
  /** Features inside the MLPs. Default: four times the channels. */
  readonly hidden?: number;
  /** A norm comes before the blocks. */
  readonly preNorm?: boolean;
}

const WIDTH_OF: Readonly<Record<ProbeInput, number>> = { token: 1, "token, mean": 2, "4 tokens, mean": 5 };
/** The inputs that a probe may read. */
export const probeFeatures = ({ channels }: VitShape): number[] =>
  Object.values(WIDTH_OF).map((tokens) => tokens * channels);

const PROBES = Object.keys(WIDTH_OF) as readonly ProbeInput[];

type ProbeOptions = Pick<BuildOptions, "shapes" | "spelling" | "classes" | "headFeatures" | "modules">;

/** From the head's number of features, else as published. Undefined where the head has one kind of input. */
export function probeOf(shape: VitShape, o: ProbeOptions): ProbeInput | undefined {
  const { probe: published } = traitsOf(shape, o);
  if (published === undefined) return undefined;
  // The output of a network that never had a classifier is the class token.
  if (hasNoHead(o)) return isForLabels(o) ? published : "token";
  const features = o.headFeatures ?? o.shapes?.get("head.weight")?.[1];
  return PROBES.find((one) => WIDTH_OF[one] * shape.channels === features) ?? published;
}

/** The file does not show what a head would read. */
export const hasNoHead = ({ classes, headFeatures }: ProbeOptions): boolean =>
  classes === 0 && headFeatures === undefined;

/** The class of the whole network, where the file holds modules. */
const classOf = ({ modules }: Pick<BuildOptions, "modules">): string => modules?.get("")?.className ?? "";

/** True for Hugging Face's classes of classifiers, also where an Identity stands in the classifier's place. */
export const isForLabels = (o: Pick<BuildOptions, "modules">): boolean =>
  classOf(o).includes("ForImageClassification");

/** Hugging Face's distilled network as a classifier has one head or two, and without them the same keys. */
const readsTeacher = (o: BuildOptions): boolean =>
  o.spelling !== "huggingface" ||
  o.shapes === undefined ||
  o.shapes.has("head_dist.weight") ||
  classOf(o).endsWith("WithTeacher");

const EPS = 1e-6;

/** Where the head reads the class token. */
export const USED_UP: TokenLayout = {
  noMap: phrase`after the last attention only the class token reaches the logits, so its gradient is zero at every patch`,
};

function blocksOf(
  b: Builder,
  x: Node,
  shape: VitShape,
  o: Omit<BlockOptions, "heads" | "after"> & { end: TokenLayout },
) {
  const outputs: Node[] = [];
  b.tokens(o.end, () =>
    b.scope("blocks", "Sequential", () => {
      for (let i = 0; i < shape.depth; i++) {
        const after = i === shape.depth - 1 ? o.end : o.before;
        outputs.push(block(b, `${i}`, outputs.at(-1) ?? x, { ...o, heads: shape.heads, after }));
      }
      return outputs.at(-1)!;
    }),
  );
  return outputs;
}

/** A network without its head. */
interface Trunk {
  readonly picture: Node;
  readonly parts: VitParts;
  readonly eps: number;
  /** All blocks' outputs, [B, tokens, C]. */
  readonly outputs: readonly Node[];
  /** Layout of the last one. */
  readonly end: TokenLayout;
}

/** @param readsPatches whether more than the class token reaches the logits */
export function buildTrunk(b: Builder, shape: VitShape, o: BuildOptions, readsPatches: boolean): Trunk {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const apart = o.spelling === "huggingface";
  const { eps = EPS } = traitsOf(shape, o);
  const parts = partsOf(o.shapes, shape);
  const [height, width] = gridOf(o, shape.patch);
  const before = { height, width, prefix: tokenCount(parts) };
  const end = readsPatches ? before : USED_UP;
  const embedded = embed(b, picture, shape, parts, o);
  const x = b.tokens(before, () => {
    const kept = identity(b, "patch_drop", identity(b, "pos_drop", embedded, "Dropout"));
    return shape.preNorm ? layerNorm(b, "norm_pre", kept, eps) : identity(b, "norm_pre", kept);
  });
  const outputs = blocksOf(b, x, shape, {
    before,
    end,
    eps,
    apart,
    parts,
    act: shape.act,
    hidden: shape.hidden,
  });
  return { picture, parts, eps, outputs, end };
}

export function buildVit(b: Builder, shape: VitShape, o: BuildOptions): ModelGraph {
  const { pool } = partsOf(o.shapes, shape);
  const probe = probeOf(shape, o);
  requireSetting(b, ["global_pool"], pool);
  const isProbed = probe !== undefined && probe !== "token";
  const { picture, parts, eps, outputs, end } = buildTrunk(b, shape, o, pool !== "token" || isProbed);
  const normed = (y: Node): Node => b.tokens(end, () => layerNorm(b, "norm", y, eps));
  if (isProbed) {
    const last = probe === "4 tokens, mean" ? outputs.slice(-4) : outputs.slice(-1);
    const features = probed(b, last.map(normed), tokenCount(parts));
    // Methods of attention need one score for each layer, which a head that reads several layers does not define.
    return { picture, logits: classifier(b, "head", features, o.classes), poolsPatches: last.length > 1 };
  }
  const y = outputs.at(-1)!;
  const z = parts.normsPooled ? b.tokens(end, () => identity(b, "norm", y)) : normed(y);
  return {
    picture,
    logits:
      shape.distilled && readsTeacher(o) ? distilledHead(b, z, o.classes) : head(b, z, parts, eps, o.classes),
    poolsPatches: parts.pool === "avg",
  };
}

/** [B, C * (blocks + 1)]: the class tokens, and the mean of the last block's patches. */
function probed(b: Builder, outputs: readonly Node[], prefix: number): Node {
  const last = outputs.at(-1)!;
  return b.concat([...outputs.map((y) => tokenAt(b, y, 0)), patchMean(b, last, prefix)], 1);
}

/** [B, C], the mean of the tokens behind the first `prefix` ones: of the patches. */
export const patchMean = (b: Builder, x: Node, prefix: number): Node =>
  b.reshape(b.mean(prefix === 0 ? x : b.slice(x, 1, prefix), [1]), [b.batch, x.shape[2]!]);

/** [B, C] of a token. */
export const tokenAt = (b: Builder, x: Node, i: number): Node =>
  b.reshape(b.slice(x, 1, i, i + 1), [b.batch, x.shape[2]!]);

function head(b: Builder, x: Node, parts: VitParts, eps: number, classes: number): Node {
  const pooled = parts.pool === "token" ? tokenAt(b, x, 0) : patchMean(b, x, tokenCount(parts));
  const normed = parts.normsPooled ? layerNorm(b, "fc_norm", pooled, eps) : identity(b, "fc_norm", pooled);
  const { preLogits } = parts;
  const features =
    preLogits === undefined
      ? normed
      : b.scope("pre_logits", "Sequential", () => {
          const y = linear(b, "fc", normed, preLogits);
          return b.scope("act", "Tanh", () => b.tanh(y));
        });
  return classifier(b, "head", identity(b, "head_drop", features, "Dropout"), classes);
}

/** The mean of two heads' logits, one of the class token, one of the distillation token. */
function distilledHead(b: Builder, x: Node, classes: number): Node {
  b.container("fc_norm", "Identity", () => undefined);
  const logitsOf = (name: string, token: number): Node =>
    classifier(b, name, identity(b, "head_drop", tokenAt(b, x, token), "Dropout"), classes);
  return b.mul(b.add(logitsOf("head", 0), logitsOf("head_dist", 1)), 0.5);
}
