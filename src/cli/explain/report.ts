/** @file The lines for a finished picture: scores, files, regions and notes. */

import { join } from "node:path";
import { viewWords } from "../../results/picture-view.js";
import { oneLine } from "../text/one-line.js";
import type { Outcome } from "./explain-picture.js";
import { shownPath } from "../terminal/file-errors.js";
import { wrap, type Messages } from "../terminal/messages.js";
import { regionWords, scoreWords, shareWords } from "../results/words.js";
import type { CamSettings } from "../options/cam-settings.js";

/** More files than this are counted, not named. */
const NAMED_FILES = 12;

/** `shown` is the picture's name, `cwd` where paths begin. */
export function report(
  { manifest, requested, targets, skipped, written }: Outcome,
  settings: CamSettings,
  shown: string,
  cwd: string,
  messages: Messages,
): void {
  const indent = " ".repeat(10);
  messages.note(messages.bold(oneLine(shown)));
  for (const words of viewWords(manifest.picture)) messages.fact(...words);
  // A comma follows.
  const scores = scoreWords(manifest, messages.columns - indent.length - 1);
  for (const line of wrap(scores, indent, messages.columns)) messages.note(line);
  const dir = shownPath(manifest.dir, cwd);
  if (targets.length === 0) messages.fact("No maps", noTargetWords(settings));
  else if (skipped) messages.fact("Complete", `all is there already, in ${dir}`);
  else if (written.length <= NAMED_FILES)
    for (const file of written) messages.fact("Written", join(dir, file));
  else messages.fact("Written", `${written.length} files in ${dir}`);
  for (const { overlay, flat, noHeat, peakNote, regions } of requested) {
    if (regions !== undefined && (flat ?? noHeat) === undefined)
      messages.fact("Regions", `${overlay}: ${regionWords(regions)}`);
    if (flat !== undefined) messages.fact("Flat", `${overlay} shows nothing: ${flat}`);
    if (noHeat !== undefined) messages.fact("Negative", `${overlay} has nothing hot: ${noHeat}`);
    if (peakNote !== undefined) messages.fact("Note", `${overlay}: ${peakNote}`);
  }
  // The same for every label.
  for (const line of new Set(requested.flatMap(shareWords))) messages.fact("Channels", line);
}

function noTargetWords({ minProbability, targets }: CamSettings): string {
  if (minProbability === undefined) return "no label is a target";
  return `${targets === undefined ? "no label" : "no target"} has a score of ${minProbability} or more`;
}
