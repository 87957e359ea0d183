/** @file The name of a vector that an embedding is compared with. */

import { DEFAULT_SIMILARITY, type Similarity } from "../cam/vectors.js";

/** A target's name: the file's without its suffix, with the similarity where it is not the usual one. */
export const vectorName = (stem: string, similarity: Similarity, row?: number): string =>
  [
    stem,
    ...(row === undefined ? [] : [row]),
    ...(similarity === DEFAULT_SIMILARITY ? [] : [similarity]),
  ].join("-");
