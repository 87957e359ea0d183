/** @file Entry for hosts: a DICOM file as a picture. Messages begin with the file's name and hold nothing about a patient. */

import { GradlensError } from "../errors.js";
import type { Picture } from "../image/picture.js";
import { checkPixels } from "../image/pixel-limit.js";
import type { DecodeFrame } from "./codecs.js";
import type { DicomOptions, DicomView } from "./options.js";
import { readDicom } from "./read-dicom.js";

/** A picture, and how it was made of its file. */
export interface DicomPicture extends Picture {
  readonly dicom: DicomView;
}

/** One frame; one of more than `limit` pixels is refused before it is decoded. @throws GradlensError "bad-picture" */
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
        : "this DICOM file cannot be read: it may be cut off or damaged";
    const named = problem.startsWith(name) ? problem : `${name}: ${problem}`;
    // No cause: it may hold what the file says of a patient.
    throw new GradlensError("bad-picture", named);
  }
}
