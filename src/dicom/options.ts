/** @file Options for reading a DICOM file, and a record of what was done. */

import { badArgument } from "../errors.js";
import { say } from "../language/say.js";

/** In rescaled units, such as Hounsfield units. */
export interface Window {
  readonly center: number;
  readonly width: number;
}

export type WindowFunction = "LINEAR" | "LINEAR_EXACT" | "SIGMOID";

/** The mapping of grey values to 0..1. */
export type UsedWindow =
  | (Window & {
      readonly function: WindowFunction;
      /** The source of the window; "range": the frame's least and greatest value. */
      readonly from: "option" | "file" | "range";
    })
  | { readonly function: "LUT"; readonly from: "file" };

/** @throws GradlensError "bad-argument" */
export function checkWindow({ center, width }: Window): void {
  if (Number.isFinite(center) && Number.isFinite(width) && width > 0) return;
  throw badArgument(
    say`a window of ${center},${width}: give its centre and its width, above 0, as 40,400 (--window, window)`,
  );
}

export interface DicomOptions {
  /** From 1. Default 1. */
  readonly frame?: number | undefined;
  /** For grey pictures. Default: the file's first, else its VOI LUT, else all values of the frame. */
  readonly window?: Window | undefined;
}

/** How a picture was made from a DICOM file. Holds nothing that identifies the patient. */
export interface DicomView {
  readonly frame: number;
  readonly frames: number;
  /** Absent for coloured pictures. */
  readonly window?: UsedWindow;
}

/** @throws GradlensError "bad-argument" for options that no file can satisfy */
export function checkDicomOptions({ frame, window }: DicomOptions): void {
  if (frame !== undefined && !(Number.isInteger(frame) && frame >= 1)) {
    throw badArgument(say`frame ${frame}: give a whole number from 1 up (--frame, frame)`);
  }
  if (window !== undefined) checkWindow(window);
}
