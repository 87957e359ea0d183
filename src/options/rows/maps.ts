/** @file Options of the maps: methods, layers, targets, and the table of options that change a map. */

import { MAP_OPTIONS } from "../../cam/map-options.js";
import { DEFAULT_SIMILARITY, SIMILARITIES } from "../../cam/vectors.js";
import type { OptionSpec } from "../kinds.js";

export const DEFAULT_METHOD = "gradcam";

export const MAP_ROWS = {
  method: {
    kind: "list",
    short: "m",
    value: "NAMES",
    aliases: ["methods"],
    help: "comma list of methods or groups, as all and gradient (see gradlens methods)",
    defaultWords: DEFAULT_METHOD,
  },
  layer: {
    kind: "texts",
    value: "PATH",
    help: "a module to explain (see gradlens layers); repeatable: the maps are averaged",
    defaultWords: "the architecture's",
  },
  layersEach: { kind: "flag", help: "one map for each --layer instead of their average" },
  target: {
    kind: "texts",
    short: "t",
    value: "WHAT",
    aliases: ["targets"],
    help: "class index, label, top3, above:0.5, all, or a list; index:2, label:2",
    defaultWords: "the highest logit; the demo has its own",
  },
  top: {
    kind: "integer",
    min: 1,
    max: 2 ** 31,
    value: "K",
    help: "only the K targets of the highest logits, of all classes without --target",
  },
  minProbability: {
    kind: "number",
    min: 0,
    max: 1,
    value: "P",
    help: "only targets of this score or more, of all classes without --target",
  },
  targetVector: {
    kind: "texts",
    value: "FILE.npy",
    help: "without a classifier: explain the similarity with a vector [D] or several [N, D]; repeatable",
    typedOnly: true,
    greedy: true,
  },
  targetImage: {
    kind: "texts",
    value: "FILE",
    help: "without a classifier: explain the similarity with another picture; repeatable",
    typedOnly: true,
    greedy: true,
  },
  similarity: {
    kind: "choice",
    choices: SIMILARITIES,
    help: "with a vector or a picture: cosine, dot product, or 1 - cosine",
    default: DEFAULT_SIMILARITY,
  },
  ...MAP_OPTIONS,
  guided: { kind: "flag", help: "guided backprop and guided Grad-CAM pictures as well" },
} as const satisfies Record<string, OptionSpec>;
