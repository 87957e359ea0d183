/** @file The facts about a loaded model that the worker sends to the page. */

import type { ModelDescription } from "../../library/settings/model-description.js";
import type { LayerLine } from "../../models/taps.js";

/** The notes on a model and its files. */
export interface ModelWords extends ModelDescription {
  readonly name: string;
  readonly notes: readonly string[];
  readonly layers: readonly LayerLine[];
}

export interface ModelFacts extends ModelWords {
  readonly milliseconds: number;
}
