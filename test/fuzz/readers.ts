/** @file The readers of what comes from others. */

import { CHECKPOINTS } from "./checkpoints.js";
import { DICOM_FILES, PICTURES } from "./pictures.js";
import { RESULTS } from "./results.js";
import { TEXTS } from "./texts.js";
import type { Reader } from "./reader.js";

export const READERS = {
  checkpoints: CHECKPOINTS,
  pictures: PICTURES,
  dicom: DICOM_FILES,
  texts: TEXTS,
  results: RESULTS,
} as const satisfies Record<string, Reader>;

export type ReaderName = keyof typeof READERS;
export const READER_NAMES = Object.keys(READERS) as ReaderName[];
