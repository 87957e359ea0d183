/** @file Whether gradlens computes a case as PyTorch does, or refuses it well. */

import { join } from "node:path";
import {
  ARCH_NAMES,
  GradlensError,
  loadModel,
  readCheckpoint,
  type Arch,
  type Gpu,
  type LoadOptions,
  type Model,
} from "../../src/index.js";
import { openFile } from "../../src/node/file-source.js";
import { valuesOf, type Case } from "./case.js";

export const OUTCOMES = ["right", "refused", "WRONG", "not read", "internal", "message"] as const;
/**
 * "WRONG": other numbers than PyTorch's, or a part computed of what is more. "not read": refused though it must be right.
 * "internal": an error that is not for people. "message": refused in words that are no single line.
 */
export type Outcome = (typeof OUTCOMES)[number];

export interface Verdict {
  readonly outcome: Outcome;
  /** The message, or what is off by how much. */
  readonly words: string;
}

/** Relative to the largest logit; absolute for maps of 0..1. */
const TOLERANCE = { logits: 1e-4, map: 1e-3 };

type Given = Pick<LoadOptions, "arch" | "spelling" | "headActivation"> & { readonly stateDict?: string };

/** The case with its options; where it is refused, also with its architecture's name, and with what the message advises. */
export async function judge(folder: string, one: Case, gpu: Gpu): Promise<Verdict> {
  const own: Given = one.args;
  const verdict = await attempt(folder, one, gpu, own);
  if (verdict.outcome !== "refused" && verdict.outcome !== "not read") return verdict;
  for (const given of [
    { ...own, arch: one.arch },
    ...advised(verdict.words).map((a) => ({ ...own, ...a })),
  ]) {
    const again = await attempt(folder, one, gpu, given);
    if (["WRONG", "internal", "message"].includes(again.outcome)) {
      const { arch, spelling, stateDict } = given;
      const options = JSON.stringify({ arch, spelling, stateDict });
      return { ...again, words: `with ${options}: ${again.words} [without: ${verdict.words}]` };
    }
  }
  return verdict;
}

/** The options that a message names. */
function advised(message: string): Given[] {
  const named = (option: string): string[] => [
    ...new Set([...message.matchAll(new RegExp(`--${option} ([\\w.-]+\\w)`, "g"))].map((m) => m[1]!)),
  ];
  return [
    ...named("arch")
      .filter((name): name is Arch => ARCH_NAMES.some((arch) => arch === name))
      .map((arch) => ({ arch })),
    ...named("spelling").map((spelling) => ({ spelling })),
    ...named("state-dict").map((stateDict) => ({ stateDict })),
  ];
}

async function attempt(folder: string, one: Case, gpu: Gpu, given: Given): Promise<Verdict> {
  const file = await openFile(join(folder, one.file));
  const { stateDict, arch, spelling, headActivation } = given;
  const { size } = one.args;
  let model: Model | undefined;
  try {
    const checkpoint = await readCheckpoint(file, { ...(stateDict && { stateDict }) });
    model = await loadModel(checkpoint, {
      gpu,
      ...(arch && { arch }),
      ...(spelling && { spelling }),
      ...(headActivation && { headActivation }),
      ...(size && { size }),
    });
    return await compare(folder, one, model);
  } catch (error) {
    return refusal(error, one);
  } finally {
    model?.dispose();
    await file.close();
  }
}

function refusal(error: unknown, { expect }: Case): Verdict {
  const words = error instanceof Error ? error.message : String(error);
  if (!(error instanceof GradlensError) || error.code === "internal") {
    const stack = error instanceof Error ? (error.stack ?? words) : words;
    return { outcome: "internal", words: stack.split("\n").slice(0, 4).join(" | ") };
  }
  if (/\n|\bbug\b/.test(words)) return { outcome: "message", words };
  return { outcome: expect === "must" ? "not read" : "refused", words };
}

async function compare(folder: string, one: Case, model: Model): Promise<Verdict> {
  const wrong = (words: string): Verdict => ({
    outcome: "WRONG",
    words: `${model.arch} (${model.spelling}): ${words}`,
  });
  const { size, mean, std } = model.preprocessing;
  if (size.some((side, i) => side !== one.size[i]))
    return wrong(`size ${size.join("x")}, not ${one.size.join("x")}`);
  const off = (a: readonly number[], b: readonly number[] | undefined): boolean =>
    b !== undefined && a.some((value, i) => Math.abs(value - b[i]!) > 1e-6);
  if (off(mean, one.settings.mean) || off(std, one.settings.std)) {
    return wrong(`mean ${mean.join(",")} and std ${std.join(",")}, not the file's`);
  }
  const input = valuesOf(folder, one, "input");
  if (one.expect === "embedding" && model.embedding) {
    const { logits } = await model.explain({ input }, { methods: ["eigencam"] });
    const off = farthest(one.logits, logits);
    const words = `embedding off by ${off.toExponential(1)}`;
    return off <= TOLERANCE.logits ? { outcome: "right", words } : wrong(words);
  }
  if (model.classes !== one.logits.length) return wrong(`${model.classes} classes, not ${one.logits.length}`);
  if (one.expect === "refuse") return wrong("computed, though the file is no single network of that kind");
  const { logits, maps } = await model.explain({ input }, { targets: [one.target] });
  const logitsOff = farthest(one.logits, logits);
  const map = valuesOf(folder, one, "map");
  const ours = maps[0]!.data;
  if (ours.length !== map.length) return wrong(`a map of ${ours.length} values, not ${map.length}`);
  const mapOff = map.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  const words = `logits off by ${logitsOff.toExponential(1)}, map by ${mapOff.toExponential(1)}${one.flat ? " (flat)" : ""}`;
  return logitsOff <= TOLERANCE.logits && mapOff <= TOLERANCE.map
    ? { outcome: "right", words }
    : wrong(words);
}

/** The largest deviation, relative to the largest value. */
function farthest(wanted: readonly number[], found: Float32Array): number {
  if (found.length !== wanted.length) return Infinity;
  // SqueezeNet's scores end with a ReLU: all may be 0.
  const largest = Math.max(...wanted.map(Math.abs)) || 1;
  return Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!))) / largest;
}
