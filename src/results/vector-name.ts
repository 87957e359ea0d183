/** @file The name of a vector to compare an embedding with. */

import { DEFAULT_SIMILARITY, type Similarity } from "../cam/vectors.js";

/** A target's name: the file's without its suffix, and the similarity if it is not the default. */
export const vectorName = (stem: string, similarity: Similarity, row?: number): string =>
  [
    stem,
    ...(row === undefined ? [] : [row]),
    ...(similarity === DEFAULT_SIMILARITY ? [] : [similarity]),
  ].join("-");
