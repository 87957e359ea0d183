/** @file Leaves out the text tower of a file that holds all of a CLIP or SigLIP: pictures do not reach it. */

import { transparent } from "../../checkpoint/key-prefix.js";
import type { UnusedTensor } from "../../checkpoint/unused-tensors.js";
import type { Tensors } from "./tensors.js";
import { phrase, translated } from "../../language/say.js";

/** An implementation's keys of a model with two towers. */
interface TwoTowers {
  /** Keys that the file has below one prefix: the picture's tower, and those that show the text's. */
  readonly marks: readonly string[];
  /** Every key of the text tower, and of the comparison of both, with N for a block's number. */
  readonly text: ReadonlySet<string>;
}

const BOTH = ["weight", "bias"];

const each = (modules: readonly string[], parameters: readonly string[] = BOTH): string[] =>
  modules.flatMap((module) => parameters.map((parameter) => `${module}.${parameter}`));

/** OpenAI's and open_clip's keys. @param root of the text tower */
const openTower = (root: string): string[] => [
  ...["positional_embedding", "text_projection", "token_embedding.weight"].map((key) => root + key),
  ...each([`${root}ln_final`, `${root}text_projection`]),
  ...each(["ln_1", "ln_2", "mlp.c_fc", "mlp.c_proj"].map((part) => `${root}transformer.resblocks.N.${part}`)),
  ...each([`${root}transformer.resblocks.N.attn.out_proj`]),
  ...["in_proj_weight", "in_proj_bias"].map((part) => `${root}transformer.resblocks.N.attn.${part}`),
];

const HUGGING_FACE_BLOCK = "text_model.encoder.layers.N";

const SIMILARITY = ["logit_scale", "logit_bias"];

const TWO_TOWERS: readonly TwoTowers[] = [
  ...["", "text."].map((root) => ({
    marks: ["logit_scale", `${root}token_embedding.weight`, "visual."],
    text: new Set([...SIMILARITY, ...openTower(root)]),
  })),
  {
    marks: ["logit_scale", "text_model.embeddings.token_embedding.weight", "vision_model.embeddings."],
    text: new Set([
      ...SIMILARITY,
      ...["token_embedding.weight", "position_embedding.weight", "position_ids"].map(
        (key) => `text_model.embeddings.${key}`,
      ),
      ...each(
        ["q_proj", "k_proj", "v_proj", "out_proj"].map((part) => `${HUGGING_FACE_BLOCK}.self_attn.${part}`),
      ),
      ...each(
        ["layer_norm1", "layer_norm2", "mlp.fc1", "mlp.fc2"].map((part) => `${HUGGING_FACE_BLOCK}.${part}`),
      ),
      ...each(["text_model.final_layer_norm", "text_model.head"]),
      "text_projection.weight",
    ]),
  },
];

/** The path of the picture's tower, and of the projection of its output. */
const PICTURES: ReadonlySet<string> = new Set(["visual", "vision_model", "visual_projection"]);

const BECAUSE = phrase`part of the text tower, which no picture reaches`;

/** @returns the file without its text tower, and the tensors left out */
export function withoutTextTower<T extends Pick<Tensors, "tensors" | "modules" | "calls">>(
  file: T,
): { readonly file: T; readonly leftOut: readonly UnusedTensor[] } {
  const keys = new Map([...file.tensors.keys()].map((from) => [from, transparent(from).join(".")] as const));
  const found = holderOf([...keys.values()]);
  if (found === undefined) return { file, leftOut: [] };
  const { prefix, text } = found;
  const isText = (key: string): boolean =>
    key.startsWith(prefix) && text.has(key.slice(prefix.length).replace(/\.\d+\./, ".N."));
  const left = new Set([...keys].flatMap(([from, key]) => (isText(key) ? [from] : [])));
  const parts = textParts(prefix, left, keys);
  const isIn = (path: string): boolean => parts.some((part) => path === part || path.startsWith(`${part}.`));
  const modules =
    file.modules && new Map([...file.modules].filter(([path]) => !isIn(transparent(path).join("."))));
  return {
    file: {
      ...file,
      tensors: new Map([...file.tensors].filter(([from]) => !left.has(from))),
      ...(modules && { modules }),
      ...(file.calls && {
        calls: new Map([...file.calls].filter(([path]) => path !== "" || !isAll(file.tensors, left))),
      }),
    },
    leftOut: [...left].map((key) => ({ key, because: translated(BECAUSE) })),
  };
}

/** The code's output compares both towers, unless the towers are parts of a user's network. */
const isAll = (tensors: Tensors["tensors"], left: ReadonlySet<string>): boolean =>
  tensors.has("logit_scale") &&
  [...tensors.keys()].every((key) => left.has(key) || !key.includes(".") || PICTURES.has(key.split(".")[0]!));

/** The prefix, with its dot, below which the file holds both towers, and the keys of the text's. */
function holderOf(keys: readonly string[]): { prefix: string; text: ReadonlySet<string> } | undefined {
  for (const key of keys) {
    if (key !== "logit_scale" && !key.endsWith(".logit_scale")) continue;
    const prefix = key.slice(0, -"logit_scale".length);
    const isThere = (mark: string): boolean => keys.some((one) => one.startsWith(prefix + mark));
    const found = TWO_TOWERS.find(({ marks }) => marks.every(isThere));
    if (found) return { prefix, text: found.text };
  }
  return undefined;
}

/** Modules of the whole model that hold tensors of the text tower alone. */
function textParts(prefix: string, left: ReadonlySet<string>, keys: ReadonlyMap<string, string>): string[] {
  const partOf = (key: string): string | undefined => {
    const steps = key.slice(prefix.length).split(".");
    return key.startsWith(prefix) && steps.length > 1 ? prefix + steps[0]! : undefined;
  };
  const kept = new Set([...keys].flatMap(([from, key]) => (left.has(from) ? [] : [partOf(key)])));
  const parts = new Set([...keys].flatMap(([from, key]) => (left.has(from) ? (partOf(key) ?? []) : [])));
  return [...parts].filter((part) => !kept.has(part));
}
