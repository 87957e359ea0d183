/** @file A loaded model, as the page sees it. */

import type { ModelDescription } from "../../library/model-description.js";
import type { LayerLine } from "../../models/taps.js";

/** What is said of a model and its files. */
export interface ModelWords extends ModelDescription {
  readonly name: string;
  readonly notes: readonly string[];
  readonly layers: readonly LayerLine[];
}

export interface ModelFacts extends ModelWords {
  readonly milliseconds: number;
}
