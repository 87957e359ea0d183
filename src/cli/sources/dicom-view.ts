/** @file Which frame and window of a DICOM file are shown, in words and compared. */

import type { DicomView, UsedWindow } from "../../dicom/options.js";

const WINDOW_FROM: Record<UsedWindow["from"], string> = {
  option: "as asked for",
  file: "from the file",
  range: "all values of the frame (others: --window C,W)",
};

/** As headings and texts for the user. */
export function dicomWords(view: DicomView | undefined): [heading: string, text: string][] {
  if (view === undefined) return [];
  const { frame, frames, window } = view;
  const words: [string, string][] = [];
  if (frames > 1) words.push(["Frame", `${frame} of ${frames} (others: --frame N)`]);
  if (window !== undefined) words.push(["Window", `${windowWords(window)}, ${WINDOW_FROM[window.from]}`]);
  return words;
}

/** In what way two views of one file differ; undefined where they do not. Who named a window does not matter. */
export function viewDisagreement(old: DicomView | undefined, now: DicomView | undefined): string | undefined {
  if (old?.frame !== now?.frame) return `another frame (${old?.frame}, now ${now?.frame})`;
  const [before, after] = [old, now].map((view) => windowWords(view?.window));
  return before === after ? undefined : `another window (${before}, now ${after})`;
}

/** "40,400" or "40,400 SIGMOID". */
function windowWords(window: UsedWindow | undefined): string {
  if (window === undefined) return "none";
  if (window.function === "LUT") return "a lookup table";
  const numbers = `${window.center},${window.width}`;
  return window.function === "LINEAR" ? numbers : `${numbers} ${window.function}`;
}
