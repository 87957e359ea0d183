/** @file The settings as a request: the results that a picture's folder should hold. */

import { embeddingLabels } from "../../cam/request/embedding-targets.js";
import type { Size } from "../../image/picture.js";
import type { Input } from "../inputs/find-pictures.js";
import { fileLabels } from "../../results/file-names.js";
import type { Request } from "../../results/request.js";
import type { Place } from "../results/place.js";
import { safePair } from "../../text/safe-names.js";
import type { Session } from "./session.js";
import type { CamTask } from "./task.js";

/** By the values of --format. */
const SUFFIXES = { png: ".png", jpeg: ".jpg", webp: ".webp" } as const;

/** What a picture's folder should hold. @throws GradlensError "bad-picture" for boxes of a picture of another size */
export function requestOf(
  { settings, truth }: CamTask,
  session: Session,
  input: Input,
  picture: Size,
  place: Place,
): Request {
  const { model, methods, guided, vectors } = session;
  const labels = model.embedding ? embeddingLabels({ vectors }) : model.labels;
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
    mapOptions: settings.mapOptions,
    activation: model.activation,
    guided,
    strip: settings.strip,
    heat: settings.heat,
    npy: settings.npy,
    rendering: settings.rendering,
    signedColormap: settings.signedColormap,
    truth: truth?.boxesOf(input, picture, model.labels),
    names: settings.names,
    nameParts: {
      image: settings.flat ? input.flatName : input.folder.at(-1)!,
      model: place.model,
      arch: model.arch,
    },
    prefix: settings.flat ? safePair(place.picture.join("-"), place.model) : undefined,
    mark: place.mark,
    suffix: SUFFIXES[settings.format],
    fileLabels: fileLabels(model.embedding ? labels!.length : model.classes, labels),
    isEmbedding: model.embedding !== undefined,
  };
}
