/**
 * @file Resolves the options of an explanation against a model: finds the layers, drops the methods that the model
 * lacks, fills in defaults.
 */

import { mapLayout, type Tap } from "../../models/taps.js";
import { checkOptions } from "./check-options.js";
import { layerAt, type ExplainerModel } from "../model.js";
import { mapOptionValues, type MapOptionValues } from "../map-options.js";
import { unguidable } from "../methods/guided-rules.js";
import { refusals } from "./availability.js";
import { needsLabel } from "./embedding-targets.js";
import {
  isWholeModelMethod,
  isLayerMethod,
  type WholeModelMethodName,
  type LayerMethodName,
  type MethodName,
} from "../methods/table.js";
import type { ExplainOptions, Refusal } from "./types.js";
import { say } from "../../language/say.js";

const DEFAULT_METHODS: readonly MethodName[] = ["gradcam"];
/** Default number of targets or pictures that run at once. More would not speed up large models. */
const BATCH = 8;

export interface ResolvedOptions {
  /** The requested methods that are defined, each once. */
  readonly methods: readonly MethodName[];
  readonly layerMethods: readonly LayerMethodName[];
  readonly wholeModelMethods: readonly WholeModelMethodName[];
  readonly refused: readonly Refusal[];
  /** The layers of each map of `layerMethods`. */
  readonly groups: readonly (readonly Tap[])[];
  readonly mapOptions: MapOptionValues;
  readonly guided: boolean;
  readonly batchSize: number;
}

/** @throws GradlensError "bad-argument", "unknown-layer"; "unsupported" where no requested method is defined */
export function resolveOptions(options: ExplainOptions, model: ExplainerModel): ResolvedOptions {
  checkOptions(options);
  const { guided = false, layers = [model.defaultLayer], batchSize = BATCH } = options;
  const requested = [...new Set(options.methods ?? DEFAULT_METHODS)];
  const taps = layers.map((path) => layerAt(model, path));
  if (requested.some(isLayerMethod)) for (const tap of taps) mapLayout(tap, model.defaultLayer);
  const mapOptions = mapOptionValues(options);
  const { eigenSmooth, score } = mapOptions;
  const softmax = score === "probability" && model.activation === "softmax";
  const refused = refusals(requested, taps, model, { eigenSmooth, softmax });
  const reason = guided
    ? (needsLabel({ title: say`guided backprop` }, model) ?? unguidable(model))
    : undefined;
  const isNew = reason !== undefined && !refused.some(({ method }) => method === "guided");
  const methods = requested.filter((name) => !refused.some(({ method }) => method === name));
  const layerMethods = methods.filter(isLayerMethod);
  const groups = options.layersEach ? taps.map((tap) => [tap]) : [taps];
  return {
    methods,
    layerMethods,
    wholeModelMethods: methods.filter(isWholeModelMethod),
    refused: isNew ? [...refused, { method: "guided", reason }] : refused,
    groups: layerMethods.length > 0 ? groups : [],
    mapOptions,
    guided: guided && reason === undefined,
    batchSize,
  };
}
