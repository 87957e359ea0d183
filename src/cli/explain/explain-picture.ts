/** @file One picture: what of its maps is missing, made, drawn and put into its folder. */

import { join } from "node:path";
import { scoresOf } from "../../cam/scores.js";
import { chooseTargets, type Target } from "../../cam/targets.js";
import type { CamMap, Explanation, Progress } from "../../cam/types.js";
import { GradlensError } from "../../errors.js";
import { uniformBorder } from "../../image/border.js";
import { cropFor } from "../../image/crop.js";
import type { ModelPreprocessing } from "../../library/model.js";
import type { Input } from "../sources/inputs.js";
import {
  disagreement,
  layersOf,
  manifestOf,
  mapKey,
  mergeManifests,
  shortNumber,
  type Identity,
  type Manifest,
  type MapRecord,
} from "../results/manifest.js";
import { commitResults, isThere, readManifest } from "../results/output.js";
import type { LoadedPicture } from "../sources/pictures.js";
import { regionsOf, regionsRecord } from "./regions.js";
import { peakIn, peakNote, renderGradient, renderMap } from "./render.js";
import { explainOptionsOf, requestOf } from "./request.js";
import {
  missingOf,
  recordOf,
  refusedOf,
  renderingOf,
  wantedOf,
  withoutClashes,
  type Request,
  type Wanted,
} from "../results/results.js";
import type { Session, Task } from "./session.js";

export interface Outcome {
  readonly manifest: Manifest;
  /** The records of all maps that were asked for, in their order. */
  readonly asked: readonly MapRecord[];
  /** The labels that deserve a map. */
  readonly targets: readonly Target[];
  /** Nothing was missing. */
  readonly skipped: boolean;
  /** The names of new files. */
  readonly written: readonly string[];
}

export interface Watching {
  readonly versions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Makes what is missing of a picture's results. Throws for results of something else in its folder. */
export async function explainPicture(
  task: Task,
  session: Session,
  input: Input,
  loaded: LoadedPicture,
  watching: Watching,
): Promise<Outcome> {
  const { settings } = task;
  const { model } = session;
  const { picture } = loaded;
  const dir = join(task.out, ...input.folder, task.weights.folder);
  const request = requestOf(task, session, input);
  const identity = identityOf(session, input, loaded);
  const before = await readManifest(dir, settings.force);
  const problem = before && disagreement(before, identity);
  if (problem !== undefined && !settings.force) {
    throw new GradlensError(
      "bad-file",
      `${dir} holds results of ${problem}: name another place with --out, or --force replaces them`,
    );
  }
  const agreeing = problem === undefined ? before : undefined;
  const missing = (wanted: Wanted): Wanted =>
    settings.force ? wanted : missingOf(wanted, request, agreeing, (file) => isThere(join(dir, file)));

  const refused = refusedOf(agreeing?.refused, session, request);
  let methods = session.methods;
  if (agreeing !== undefined && !settings.force && agreeing.activation === model.activation) {
    const targets = targetsOf(task, session, agreeing);
    const { maps, guided } = missing(wantedOf(request, targets));
    if (maps.length + guided.length === 0) {
      const manifest = { ...agreeing, dir, refused };
      if (JSON.stringify(refused) !== JSON.stringify(agreeing.refused ?? []))
        commitResults({ folder: dir, files: new Map(), manifest, before, force: false });
      return { manifest, asked: askedOf(manifest, request, targets), targets, skipped: true, written: [] };
    }
    const needed = session.methods.filter((method) => maps.some((map) => map.method === method));
    if (needed.length > 0) methods = needed;
  }

  const explanation = await model.explain(picture, {
    ...explainOptionsOf(settings, methods),
    onProgress: watching.onProgress,
    signal: watching.signal,
  });
  const targets = targetsOf(task, session, explanation);
  const wanted = missing(wantedOf({ ...request, methods }, targets));
  const kept = agreeing && withoutClashes(agreeing, wanted, settings.force);
  const drawn = await draw(explanation, wanted, request, loaded, kept, model.preprocessing);
  const now = manifestOf({
    versions: watching.versions,
    adapter: session.adapter,
    ...identity,
    layers: layersOf(drawn.maps),
    assumed: model.assumed,
    differences: model.differences,
    labels: model.labels ?? null,
    activation: model.activation,
    logits: Array.from(explanation.logits, shortNumber),
    scores: Array.from(explanation.scores, shortNumber),
    dir,
    timings: timingsOf(loaded, explanation, drawn.milliseconds),
    maps: drawn.maps,
    guided: wanted.guided.map((record) => ({ ...record, target: shortTarget(record.target) })),
  });
  const manifest = { ...mergeManifests(kept, now), refused };
  watching.signal.throwIfAborted();
  commitResults({ folder: dir, files: drawn.files, manifest, before, force: settings.force });
  const asked = askedOf(manifest, request, targets);
  return { manifest, asked, targets, skipped: false, written: [...drawn.files.keys()] };
}

function askedOf(manifest: Manifest, request: Request, targets: readonly Target[]): MapRecord[] {
  const records = new Map(manifest.maps.map((record) => [mapKey(record), record]));
  return wantedOf(request, targets).maps.flatMap((map) => records.get(mapKey(map)) ?? []);
}

function identityOf({ model, weights }: Session, input: Input, { picture, sha256 }: LoadedPicture): Identity {
  const { size, mean, std, bgr, resize, cropPct } = model.preprocessing;
  return {
    weights,
    picture: {
      file: input.file === undefined ? null : input.shown.split(/[/\\]/).at(-1)!,
      sha256,
      width: picture.width,
      height: picture.height,
      ...(picture.dicom && { dicom: picture.dicom }),
    },
    arch: model.arch,
    spelling: model.spelling,
    preprocessing: {
      size,
      channels: model.channels,
      mean,
      std,
      bgr,
      resize,
      ...(cropPct !== undefined && { cropPct }),
    },
  };
}

/** What the targets asked for are, by the logits of this run or of one before. */
function targetsOf(
  { settings }: Task,
  { model }: Session,
  { logits }: { readonly logits: ArrayLike<number> },
): Target[] {
  const values = Float32Array.from(logits);
  const { activation, labels } = model;
  const scores = scoresOf(values, activation);
  return chooseTargets(settings, { logits: values, scores, labels, activation });
}

async function draw(
  explanation: Explanation,
  wanted: Wanted,
  request: Request,
  { picture }: LoadedPicture,
  before: Manifest | undefined,
  { size: [height, width], bgr, resize, cropPct }: ModelPreprocessing,
): Promise<{ files: Map<string, Uint8Array>; maps: Manifest["maps"]; milliseconds: number }> {
  const begin = performance.now();
  const { heat } = request;
  const crop = cropFor(picture, { height, width }, cropPct);
  const border = uniformBorder(picture);
  const guidedOf = (target: { readonly index: number }) =>
    explanation.guided?.find((guided) => guided.target.index === target.index);
  const gradientOf = (map: CamMap) =>
    explanation.inputGradients?.find(
      ({ method, target }) => method === map.method && target.index === map.target.index,
    );
  const results = await Promise.all(
    wanted.maps.map(async (one) => {
      const map = explanation.maps.find(
        ({ method, layers, target }) =>
          method === one.method && target.index === one.target.index && layers.join() === one.layers.join(),
      );
      if (map === undefined) throw new GradlensError("internal", `no map of ${one.method} came back`);
      const rendering = renderingOf(request, one);
      const regions = regionsOf(map, picture, crop, rendering);
      const files = await renderMap(map, { guided: guidedOf(one.target), own: gradientOf(map) }, one.files, {
        picture,
        crop,
        fitting: { resize, cropPct },
        rendering,
        regions,
        heatBits: heat,
        bgr,
      });
      const peak = peakIn(map, picture, crop);
      const note = map.flat === undefined ? peakNote(peak, border, picture) : undefined;
      const facts = {
        target: shortTarget(map.target),
        peak,
        ...(note !== undefined && { peakNote: note }),
        ...(regions && { regions: regionsRecord(regions, rendering) }),
        ...(map.flat !== undefined && { flat: map.flat }),
        ...(map.channels && { channels: map.channels }),
      };
      return { files, record: recordOf(one, request, facts, before) };
    }),
  );
  const files = new Map(results.flatMap((result) => [...result.files]));
  for (const { target, picture: name } of wanted.guided) {
    const guided = guidedOf(target);
    if (guided !== undefined) files.set(name, await renderGradient(guided, bgr));
  }
  return { files, maps: results.map((result) => result.record), milliseconds: performance.now() - begin };
}

function timingsOf(loaded: LoadedPicture, explanation: Explanation, render: number): Record<string, number> {
  const all = { read: loaded.milliseconds, ...explanation.timings, render };
  return Object.fromEntries(Object.entries(all).map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
}

function shortTarget(target: Target): Target {
  return { ...target, logit: shortNumber(target.logit), score: shortNumber(target.score) };
}
