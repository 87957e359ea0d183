/** @file Options of the pictures that are explained. */

import { DEFAULT_MAX_PIXELS } from "../../image/pixel-limit.js";
import type { OptionSpec } from "../kinds.js";

export const PICTURE_ROWS = {
  image: {
    kind: "texts",
    short: "i",
    value: "FILE",
    aliases: ["image-path"],
    help: "a picture, a folder, a glob, or - for stdin; repeatable",
    defaultWords: "the shipped picture",
    typedOnly: true,
    greedy: true,
  },
  maxPixels: {
    kind: "integer",
    min: 1,
    max: 2 ** 30,
    value: "N",
    help: "refuse pictures of more pixels than this",
    defaultWords: String(DEFAULT_MAX_PIXELS),
  },
  window: {
    kind: "numbers",
    value: "C,W",
    help: "DICOM and 16-bit pictures: centre and width of the values shown, as 40,400",
    defaultWords: "DICOM: the file's first, else all values of the frame; 16 bits: the upper 8",
  },
  frame: {
    kind: "integer",
    min: 1,
    max: 2 ** 31 - 1,
    value: "N",
    help: "DICOM: the number of the frame, from 1",
    defaultWords: "1",
  },
} as const satisfies Record<string, OptionSpec>;
