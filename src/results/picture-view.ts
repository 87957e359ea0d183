/** @file Describes and compares how a file was read: page, frame, window, or 16 bits in 8. */

import type { DicomView, UsedWindow } from "../dicom/options.js";
import type { SixteenBits } from "../picture-file/sixteen-bits.js";
import { phrase, say, translated } from "../language/say.js";

export interface PictureView {
  /** For DICOM files. */
  readonly dicom?: DicomView;
  /** For other files with 16-bit samples. */
  readonly sixteenBits?: SixteenBits;
  /** For files with several pages, of which the first was read. */
  readonly pages?: number;
}

const WINDOW_FROM: Record<"option" | "file" | "range", string> = {
  option: phrase`as requested`,
  file: phrase`from the file`,
  range: phrase`all values of the frame (others: --window C,W)`,
};

/** Headings and texts for the user. */
export function viewWords(view: PictureView): [heading: string, text: string][] {
  const { dicom, sixteenBits, pages } = view;
  const words: [string, string][] = [];
  if (pages !== undefined) words.push([say`Page`, say`1 of ${pages}; the others are not read`]);
  if (dicom && dicom.frames > 1)
    words.push([say`Frame`, say`${dicom.frame} of ${dicom.frames} (others: --frame N)`]);
  const window = windowOf(view);
  if (window !== undefined)
    words.push([say`Window`, `${windowWords(window)}, ${translated(WINDOW_FROM[window.from])}`]);
  const lost = sixteenBits && lostWords(sixteenBits);
  if (lost !== undefined) words.push([say`Note`, lost]);
  return words;
}

/** The difference of two views of one file; undefined if they agree. The origin of a window does not matter. */
export function viewDisagreement(old: PictureView, now: PictureView): string | undefined {
  if (old.dicom?.frame !== now.dicom?.frame)
    return say`another frame (${old.dicom?.frame}, now ${now.dicom?.frame})`;
  const [before, after] = [old, now].map((view) => windowWords(windowOf(view)));
  return before === after ? undefined : say`another window (${before}, now ${after})`;
}

const windowOf = ({ dicom, sixteenBits }: PictureView): UsedWindow | undefined =>
  dicom?.window ?? sixteenBits?.window;

/** "40,400" or "40,400 SIGMOID". */
function windowWords(window: UsedWindow | undefined): string {
  if (window === undefined) return say`none`;
  if (window.function === "LUT") return say`a lookup table`;
  const numbers = `${window.center},${window.width}`;
  return window.function === "LINEAR" ? numbers : `${numbers} ${window.function}`;
}

/** So few of 256 grey levels show that the samples fill only part of their 16 bits. */
const FEW_LEVELS = 128;

/** The warning that 8 bits lose most of a 16-bit picture's values, with the window that keeps them. */
function lostWords({ least, greatest, values, levels }: SixteenBits): string | undefined {
  if (levels === undefined || levels > FEW_LEVELS || values <= levels) return undefined;
  // If upper bits are unused, the window of the used bits fits every picture of a series.
  const width = greatest < 2 ** 15 ? 2 ** Math.ceil(Math.log2(greatest + 1)) : greatest - least + 1;
  const center = greatest < 2 ** 15 ? width / 2 : (least + greatest + 1) / 2;
  const left = levels === 1 ? say`one level` : say`${levels} levels`;
  return say`its 16-bit samples are ${least}..${greatest} of 65535, of which ${left} in 8 bits are left, as in OpenCV; --window ${center},${width} keeps them`;
}
