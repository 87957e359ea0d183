/** @file Entry for hosts: reads a DICOM file as a picture. Messages begin with the file's name and never identify the patient. */

import { badPicture, GradlensError } from "../errors.js";
import type { Picture } from "../image/picture.js";
import { checkPixels } from "../image/pixel-limit.js";
import type { DecodeFrame } from "./codecs.js";
import type { DicomOptions, DicomView } from "./options.js";
import { readDicom } from "./read-dicom.js";
import { say } from "../language/say.js";

/** A picture, and how it was made from its file. */
export interface DicomPicture extends Picture {
  readonly dicom: DicomView;
}

/** Reads one frame. Refuses more than `limit` pixels before decoding. @throws GradlensError "bad-picture" */
export async function readDicomPicture(
  bytes: Uint8Array,
  options: DicomOptions,
  name: string,
  limit: number,
  decode: DecodeFrame,
): Promise<DicomPicture> {
  try {
    const { picture, view } = await readDicom(bytes, options, decode, (size) =>
      checkPixels(size, limit, name),
    );
    return { ...picture, dicom: view };
  } catch (error) {
    const problem =
      error instanceof GradlensError
        ? error.message
        : say`this DICOM file cannot be read: it may be cut off or damaged`;
    const named = problem.startsWith(name) ? problem : `${name}: ${problem}`;
    // No cause: it may hold the file's text about a patient.
    throw badPicture(named);
  }
}
