/** @file Errors about DICOM files. They never quote the file's own text, which may name a patient. */

import { GradlensError } from "../errors.js";

/** Code `bad-picture`; the caller puts the picture's name before the text. */
export function problem(text: string): GradlensError {
  return new GradlensError("bad-picture", `this DICOM file ${text}`);
}
