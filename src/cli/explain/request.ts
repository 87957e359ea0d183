/** @file The settings as what should be in a picture's folder. */

import { optionsOf } from "../../cam/methods/kinds.js";
import type { MethodName } from "../../cam/methods/table.js";
import type { Activation } from "../../cam/scores.js";
import type { Input } from "../inputs/find-pictures.js";
import type { Variation } from "../results/manifest.js";
import { fileLabels } from "../results/file-names.js";
import type { Request } from "../results/wanted-maps.js";
import type { Session, Task } from "./session.js";

/** What a picture's folder should hold. */
export function requestOf({ settings }: Task, { model, methods, guided }: Session, input: Input): Request {
  const defaultLayers = model
    .layers()
    .filter((layer) => layer.default)
    .map((layer) => layer.path);
  const layers = settings.layers?.map((path) => model.resolveLayer(path)) ?? defaultLayers;
  return {
    methods,
    layerGroups: settings.layersEach ? layers.map((layer) => [layer]) : [layers],
    defaultLayers,
    layersEach: settings.layersEach,
    augSmooth: settings.augSmooth,
    eigenSmooth: settings.eigenSmooth,
    variationOf: (method) => variationOf(method as MethodName, settings, model.activation),
    relu: settings.relu,
    inputHeat: settings.inputHeat,
    sharedScale: settings.scale === "shared",
    guided,
    strip: settings.strip,
    heat: settings.heat,
    npy: settings.npy,
    rendering: settings.rendering,
    signedColormap: settings.signedColormap,
    pattern: settings.pattern,
    fileLabels: fileLabels(model.classes, model.labels),
    image: input.folder.at(-1)!.replace(/\.[^.]+$/, ""),
    arch: model.arch,
  };
}

/** Of the settings those that change the method's map. */
function variationOf(
  method: MethodName,
  { seed, score, topChannels, rolloutHeads, discardRatio }: Task["settings"],
  activation: Activation,
): Variation {
  const compared = score === "probability" && activation !== "none" ? activation : "logit";
  const all: Variation = {
    ...{ seed, rolloutHeads, discardRatio },
    score: compared,
    ...(topChannels && { topChannels }),
  };
  const known = optionsOf(method).filter((option) => all[option] !== undefined);
  return Object.fromEntries(known.map((option) => [option, all[option]]));
}
