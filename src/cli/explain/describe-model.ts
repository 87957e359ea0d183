/** @file Describes a run's model and adapter: in one line, with --verbose in detail. */

import type { Gpu } from "../../runtime/gpu.js";
import type { Engine, LoadedModel } from "../engine/engine.js";
import { unusedLines } from "../../results/unused-tensors.js";
import type { Messages } from "../terminal/messages.js";
import { assumedName, assumptionText, fileWordText, settingText } from "../../results/model-words.js";
import { moduleNotes, outputWords } from "../text/module-words.js";
import { countText, say, translated } from "../../language/say.js";

export interface Described {
  readonly engine: Engine;
  readonly gpu: Gpu;
  readonly model: LoadedModel;
  /** The file as the user knows it. */
  readonly weights: string;
  /** The settings file, where options come from it. */
  readonly settings: string | undefined;
  /** Notes on the file (notesOf). */
  readonly notes: readonly string[];
}

/** What is notable of a file and how it is read: for --verbose and the manifest. */
export function notesOf(
  model: Pick<LoadedModel, "modules" | "report">,
  ofFile: readonly string[],
): readonly string[] {
  const { renamed, unused } = model.report;
  const rules = new Set(renamed.map(({ rule }) => rule));
  return [
    ...moduleNotes(model.modules),
    ...[...rules].map((rule) => say`keys renamed: ${translated(rule)}`),
    ...unusedLines(unused),
    ...ofFile,
  ];
}

/** Prints the line, and the details. */
export function describeModel(described: Described, messages: Messages): void {
  messages.fact(say`Model`, summary(described));
  if (!messages.verbose) return;
  const { engine, gpu, model, notes } = described;
  messages.fact(say`Adapter`, gpu.adapter.name);
  const advice = engine.adapterAdvice(gpu.adapter);
  if (advice !== undefined) messages.fact("", advice);
  messages.fact(say`Spelling`, say`${model.spelling}: the names of the file's keys`);
  for (const word of model.said) messages.fact(say`File says`, fileWordText(word));
  for (const one of model.assumed) messages.fact(say`Assumed`, assumptionText(one));
  if (model.differences.length > 0) messages.fact(say`Note`, differenceWords(model));
  for (const note of notes) messages.fact(say`Note`, note);
}

/** "mine.pth: densenet121 · 14 classes · input 224x224 · llvmpipe · assumed size, mean · 2 notes (--verbose, manifest.json)". */
function summary({ gpu, model, weights, settings, notes }: Described): string {
  const { arch, preprocessing, assumed, differences } = model;
  const open = [
    ...(assumed.length > 0 ? [assumedWords(assumed)] : []),
    ...(differences.length > 0
      ? [say`not as for the official weights: ${differences.map(({ what }) => what).join(", ")}`]
      : []),
    ...(notes.length > 0 ? [countText(notes.length, "note")] : []),
  ];
  return [
    `${weights}: ${arch}`,
    outputWords(model),
    say`input ${preprocessing.size.join("x")}`,
    adapterWords(gpu),
    ...(settings === undefined ? [] : [say`settings from ${settings}`]),
    ...open,
  ]
    .join(" · ")
    .concat(open.length > 0 ? say` (details: -v, or manifest.json)` : "");
}

/** What has an option is named with its value, so that a wrong one is seen. */
const assumedWords = (assumed: LoadedModel["assumed"]): string =>
  `${countText(assumed.length, "assumption")}: ${assumed
    .map(({ what, value }) =>
      assumedName(what) === undefined ? `--${what} ${settingText(what, value)}` : plainWord(what),
    )
    .join(", ")}`;

/** Without the preposition that the long form needs. */
const plainWord = (what: LoadedModel["assumed"][number]["what"]): string =>
  assumedName(what)!.replace(/ of$/, "");

/** The adapter's name without its driver. */
function adapterWords({ adapter: { name, kind } }: Gpu): string {
  const short = name.replace(/[:(].*$/, "").trim() || name;
  return kind === "gpu" ? short : say`${short} (software)`;
}

function differenceWords({ differences, arch, spelling }: LoadedModel): string {
  const all = (which: "trained" | "used"): string =>
    differences.map((one) => `${one.what} ${settingText(one.what, one[which])}`).join(", ");
  return say`official ${arch} weights (${spelling}) were trained with ${all("trained")}; used: ${all("used")}`;
}
