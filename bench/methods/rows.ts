/** @file The rows of the methods' table: what is asked of a model at its usual layer. */

import { METHOD_NAMES, type MethodName } from "../../src/cam/methods/table.js";
import type { ExplainOptions } from "../../src/index.js";

export interface Row {
  readonly name: string;
  readonly options: ExplainOptions;
  /** What compiles the same plans in less time, run beforehand; the row itself where missing. */
  readonly warmUp?: ExplainOptions;
}

/** The main methods but for Score-CAM: one forward pass, one backward and one batch of ablated channels serve them all. */
const SEVEN: readonly MethodName[] = [
  "gradcam",
  "gradcam++",
  "xgradcam",
  "layercam",
  "eigencam",
  "eigengradcam",
  "ablationcam",
];

/** Pictures at once of methods that run hundreds: fewer than usual, as only one batch is timed. */
const BATCH_SIZE = 2;

export const ROWS: readonly Row[] = [
  ...METHOD_NAMES.map((method): Row => ({
    name: method,
    options: { methods: [method], targets: 0, batchSize: BATCH_SIZE },
  })),
  { name: "seven methods x 3 targets", options: { methods: SEVEN, targets: [0, 1, 2] } },
  { name: "gradcam --aug-smooth", options: { augSmooth: true, targets: 0 }, warmUp: { targets: 0 } },
  { name: "gradcam --eigen-smooth", options: { eigenSmooth: true, targets: 0 } },
  { name: "gradcam --guided", options: { guided: true, targets: 0 } },
];
