/** @file Notes on choices that the file or the options leave open: one line each. */

import { numericTargetNotes } from "../../cam/request/targets.js";
import type { KeyReport } from "../../checkpoint/match-keys.js";
import type { CamSettings } from "../options/cam-settings.js";
import type { LoadedModel } from "../engine/engine.js";
import { say } from "../../language/say.js";

export function modelNotes(
  model: Pick<LoadedModel, "report" | "labels" | "layers" | "resolveLayer">,
  { layers = [], targets }: Pick<CamSettings, "layers" | "targets">,
): string[] {
  const all = layers.length > 0 ? model.layers().map(({ path }) => path) : [];
  return [
    ...copiesNote(model.report),
    ...new Set(layers.flatMap((layer) => callsNote(model.resolveLayer(layer), all))),
    ...numericTargetNotes(targets, model.labels),
  ];
}

/** Which of several copies of the weights in one state dict is used. */
export function copiesNote({ prefixes, alternatives }: KeyReport): string[] {
  if (alternatives.length === 0) return [];
  const place = (prefix: string): string => (prefix === "" ? say`at its top` : say`under ${prefix}`);
  const others = alternatives.map(place).join(", ");
  return [
    say`the file holds the whole model again ${others}; the weights ${place(prefixes[0] ?? "")} are used`,
  ];
}

/** A module that is called several times has several outputs. */
function callsNote(path: string, all: readonly string[]): string[] {
  const later = all.filter((other) => other.startsWith(`${path}#`));
  if (later.length === 0) return [];
  const those = later.length === 1 ? say`its second output is` : say`its later outputs are`;
  return [
    say`layer ${path} is called ${later.length + 1} times: its first output is used, as by pytorch-grad-cam; ${those} ${later.join(", ")}`,
  ];
}
