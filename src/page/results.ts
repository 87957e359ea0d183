/** @file The files of a picture's maps, as `gradlens cam` writes them: overlays, maps, arrays, masks and the manifest. */

import { zipSync } from "fflate";
import { mapOptionValues } from "../cam/map-options.js";
import { embeddingLabels } from "../cam/request/embedding-targets.js";
import type { CamMap, GuidedMap, InputGradient, Explanation } from "../cam/request/types.js";
import { uniformBorder, type Border } from "../image/border.js";
import { cropFor } from "../image/crop.js";
import { guidedPicture, type GuidedOptions } from "../image/guided-picture.js";
import { sizeOf } from "../image/picture.js";
import { bytesOf } from "../image/quantise.js";
import { layMap } from "../image/resize.js";
import type { OptionValues } from "../options/table.js";
import { encodeNpy } from "../picture-file/npy.js";
import { encodeHeatPng, encodePng } from "../picture-file/png-writer.js";
import { drawMap } from "../results/draw-map.js";
import { fileLabels } from "../results/file-names.js";
import { DEFAULT_SIMILARITY } from "../cam/vectors.js";
import { vectorName } from "../results/vector-name.js";
import { identityOf, modelFacts, type ComparedVector } from "../results/manifest-facts.js";
import {
  EMBEDDING_NAME,
  type GuidedRecord,
  manifestOf,
  MANIFEST_NAME,
  type Manifest,
  type MapRecord,
} from "../results/manifest.js";
import { layersOf } from "../results/manifest-records.js";
import { manifestText } from "../results/manifest-text.js";
import { notesOf } from "../results/notes.js";
import { regionsOf, regionsRecord } from "../results/regions.js";
import { renderingsOf } from "../results/rendering.js";
import { wantedOf, type WantedMap } from "../results/wanted-maps.js";
import { recordOf } from "../results/map-records.js";
import { renderingOf, type Request } from "../results/request.js";
import { hashBytes, hashFile, hashWeights } from "./hashes.js";
import type { WorkerEngine } from "../web/engine/worker-engine.js";

/** A map, with its gradients if they were requested. */
export interface MadeMap {
  readonly map: CamMap;
  /** For an input method: the gradient whose heat the map is. */
  readonly gradient: InputGradient | undefined;
  /** Guided backprop of its target. */
  readonly guided: GuidedMap | undefined;
}

/** The maps of one picture, and the options of their files. */
export interface ResultsRequest {
  readonly picture: number;
  /** The picture's file; null for a frame of a camera. */
  readonly file: string | null;
  readonly maps: readonly MadeMap[];
  /** The picture to compare the embedding with. */
  readonly other:
    { readonly picture: number; readonly file: string; readonly data: Float32Array } | undefined;
  readonly prediction: Pick<Explanation, "logits" | "scores" | "timings">;
  /** The options of maps and drawing. */
  readonly values: OptionValues;
  readonly adapter: Manifest["adapter"];
  readonly versions: Readonly<Record<string, string>>;
}

export interface Results {
  readonly manifest: Manifest;
  /** By name; includes the manifest. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export async function makeResults(engine: WorkerEngine, asked: ResultsRequest): Promise<Results> {
  const { loaded: model } = engine;
  const { picture, file } = engine.held(asked.picture);
  const { logits } = asked.prediction;
  const vectors = await vectorsOf(engine, asked);
  const request = requestOf(engine, asked, vectors);
  const drawing = { engine, asked, request, border: uniformBorder(picture) };
  const { maps: wanted, guided } = wantedMaps(request, asked.maps, vectors);
  const drawn = wanted.map((one, i) => drawOne(one, asked.maps[i]!, drawing));
  const files = new Map(drawn.flatMap((one) => [...one.files]));
  for (const { target, picture: name } of guided) {
    const made = asked.maps.find((one) => one.guided?.target.index === target.index)!;
    files.set(name, gradientPng(made.guided!, { bgr: model.preprocessing.bgr }));
  }
  if (model.embedding) files.set(EMBEDDING_NAME, encodeNpy(logits, [logits.length]));
  const records = drawn.map(({ record }) => record);
  const { preprocessing, arch, spelling, ...identity } = identityOf(
    engine.described,
    await weightsOf(engine),
    {
      file: asked.file,
      sha256: file === undefined ? hashBytes(bytesOf(picture)) : await hashFile(file),
      picture,
    },
  );
  const manifest = manifestOf({
    versions: asked.versions,
    adapter: asked.adapter,
    weights: identity.weights,
    picture: identity.picture,
    preprocessing,
    arch,
    spelling,
    ...modelFacts(engine.described, asked.prediction, vectors),
    dir: ".",
    layers: layersOf(records),
    timings: asked.prediction.timings,
    maps: records,
    guided,
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, hashBytes(bytes)])),
  });
  files.set(MANIFEST_NAME, new TextEncoder().encode(manifestText(manifest)));
  return { manifest, files };
}

interface DrawingOf {
  readonly engine: WorkerEngine;
  readonly asked: ResultsRequest;
  readonly request: Request;
  readonly border: Border;
}

/** The files of one map, and its record. */
function drawOne(
  one: WantedMap,
  { map, gradient, guided }: MadeMap,
  { engine, asked, request, border }: DrawingOf,
): { readonly files: ReadonlyMap<string, Uint8Array>; readonly record: MapRecord } {
  const { picture } = engine.held(asked.picture);
  const { size, cropPct, resize, bgr } = engine.loaded.preprocessing;
  const crop = cropFor(picture, { height: size[0], width: size[1] }, cropPct);
  const rendering = renderingOf(request, one);
  const laid = layMap(map.data, sizeOf(map.shape), picture, crop);
  const regions = regionsOf(map, laid, picture, crop, rendering);
  const drawn = drawMap(map, { picture, laid, crop, fitting: { resize, cropPct }, rendering, regions });
  const names = one.files;
  const files = new Map([[names.overlay, encodePng(drawn.overlay(1))]]);
  if (names.heat) files.set(names.heat, encodeHeatPng(drawn.shown, drawn.laidOn, request.heat ?? 8));
  if (names.npy) files.set(names.npy, encodeNpy(map.data, map.shape));
  if (names.mask && regions) files.set(names.mask, encodePng(regions.mask));
  if (names.gradient && gradient) files.set(names.gradient, gradientPng(gradient, { bgr }));
  if (names.guided && guided) files.set(names.guided, gradientPng(guided, { map: map.data, bgr }));
  const facts = {
    ...notesOf(map, laid, border, picture),
    ...(regions && { regions: regionsRecord(regions, rendering) }),
    ...(map.channels && { channels: map.channels }),
  };
  return { files, record: recordOf(one, request, facts, undefined) };
}

const gradientPng = ({ data, shape }: GuidedMap, options: GuidedOptions): Uint8Array =>
  encodePng(guidedPicture(data, sizeOf(shape), options));

/** The vector to compare the embedding with, as the command records it. */
async function vectorsOf(
  engine: WorkerEngine,
  { other, values: { similarity = DEFAULT_SIMILARITY } }: ResultsRequest,
): Promise<readonly ComparedVector[] | undefined> {
  if (other === undefined) return undefined;
  const sha256 = await hashFile(engine.held(other.picture).file!);
  const name = vectorName(other.file.replace(/\.[^.]+$/, ""), similarity);
  return [{ name, data: other.data, record: { file: other.file, sha256, similarity } }];
}

/** All files in one, uncompressed: PNG is compressed already. */
export const zipped = ({ files }: Results): Uint8Array =>
  zipSync(Object.fromEntries([...files].map(([name, bytes]) => [name, [bytes, { level: 0 }]])));

function requestOf(
  { loaded: model }: WorkerEngine,
  { values, file, maps: made }: ResultsRequest,
  vectors: readonly ComparedVector[] | undefined,
): Request {
  const maps = made.map(({ map }) => map);
  const defaultLayers = model.layers().flatMap((layer) => (layer.default ? [layer.path] : []));
  return {
    methods: [...new Set(maps.map(({ method }) => method))],
    layerGroups: [...new Map(maps.map(({ layers }) => [layers.join(), layers])).values()],
    defaultLayers,
    layersEach: false,
    mapOptions: mapOptionValues(values),
    activation: model.activation,
    guided: made.some(({ guided }) => guided),
    isEmbedding: model.embedding !== undefined,
    strip: false,
    heat: values.heat,
    npy: values.npy ?? false,
    ...renderingsOf(values),
    names: {},
    nameParts: { image: (file ?? "camera").replace(/\.[^.]+$/, ""), model: model.arch, arch: model.arch },
    prefix: undefined,
    mark: "",
    suffix: ".png",
    fileLabels: model.embedding
      ? fileLabels(1, embeddingLabels({ vectors }))
      : fileLabels(model.classes, model.labels),
  };
}

/** The maps in order, and guided backprop of their targets, with file names. */
function wantedMaps(
  request: Request,
  made: readonly MadeMap[],
  vectors: readonly ComparedVector[] | undefined,
): { readonly maps: readonly WantedMap[]; readonly guided: readonly GuidedRecord[] } {
  const maps = made.map(({ map }) => map);
  const all = new Map(maps.map(({ target }) => [target.index, target])).values();
  const targets = Array.from(all, (target) => {
    const vector = vectors?.[target.index];
    return vector ? { ...target, label: vector.name, vector: vector.record } : target;
  });
  const { maps: wanted, guided } = wantedOf(request, targets);
  const isOf = ({ method, layers, target }: WantedMap, map: CamMap): boolean =>
    method === map.method && target.index === map.target.index && layers.join() === map.layers.join();
  return { maps: maps.map((map) => wanted.find((one) => isOf(one, map))!), guided };
}

const hashes = new WeakMap<readonly File[], Promise<string>>();

/** The weights' record in the manifest. The hash is computed once. */
async function weightsOf({ weightFiles }: WorkerEngine): Promise<Manifest["weights"]> {
  const hash = hashes.get(weightFiles) ?? hashWeights(weightFiles);
  hashes.set(weightFiles, hash);
  const bytes = weightFiles.reduce((sum, { size }) => sum + size, 0);
  return { file: weightFiles[0]!.name, bytes, sha256: await hash };
}
