/** @file Reads the relevant settings of OpenMMLab's configurations, which are Python text in `meta.cfg`. */

import type { Json } from "../json.js";

const NUMBERS = /\[([^\][]*)\]/;

/** The facts by path below the text's own; nothing is evaluated. */
export function pythonConfigFacts(text: string): Map<string, Json> {
  const facts = new Map<string, Json>();
  const set = (path: string, value: Json | undefined): void => {
    if (value !== undefined) facts.set(path, value);
  };
  const pictures = callOf(text, "data_preprocessor") ?? callOf(text, "img_norm_cfg") ?? "";
  for (const what of ["mean", "std"] as const) set(`data_preprocessor.${what}`, numbersOf(pictures, what));
  set("data_preprocessor.to_rgb", { True: true, False: false }[wordOf(pictures, "to_rgb") ?? ""]);
  const backbone = callOf(text, "backbone") ?? "";
  const type = wordOf(backbone, "type");
  const which = wordOf(backbone, "depth") ?? wordOf(backbone, "arch");
  set("backbone.type", type && (which === undefined ? type : `${type}_${which}`));
  set("backbone.style", wordOf(backbone, "style"));
  const loss = callOf(text, "loss") ?? "";
  set("loss.type", wordOf(loss, "use_sigmoid") === "True" ? "sigmoid" : wordOf(loss, "type"));
  return facts;
}

/** The arguments of `name=dict(...)`, without the calls inside. */
function callOf(text: string, name: string): string | undefined {
  const start = new RegExp(`\\b${name}\\s*=\\s*dict\\(`).exec(text);
  if (start === null) return undefined;
  let depth = 1;
  let own = "";
  for (const c of text.slice(start.index + start[0].length)) {
    if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (depth === 1) own += c;
    if (depth === 0) return own;
  }
  return undefined;
}

const wordOf = (call: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*['"]?([\\w.-]+)`).exec(call)?.[1];

function numbersOf(call: string, name: string): number[] | undefined {
  const [, list] = new RegExp(`\\b${name}\\s*=\\s*${NUMBERS.source}`).exec(call) ?? [];
  const numbers = list?.split(",").flatMap((one) => (one.trim() === "" ? [] : [Number(one)]));
  return numbers?.every((one) => Number.isFinite(one)) ? numbers : undefined;
}
