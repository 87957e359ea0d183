/** @file Errors about DICOM files. They never quote the file's own text, which may name a patient. */

import { badPicture, type GradlensError } from "../errors.js";
import { say } from "../language/say.js";

/** Code `bad-picture`; the caller puts the picture's name before the text. */
export function problem(text: string): GradlensError {
  return badPicture(say`this DICOM file ${text}`);
}
