/** @file One picture: what of its maps is missing, made, drawn and put into its folder. */

import { join } from "node:path";
import type { MethodName } from "../../cam/methods.js";
import { scoresOf } from "../../cam/scores.js";
import { chooseTargets, type Target } from "../../cam/targets.js";
import type { Explanation, Progress } from "../../cam/types.js";
import { GradlensError } from "../../errors.js";
import type { Input } from "../sources/inputs.js";
import {
  disagreement,
  mapKey,
  shortNumber,
  type Identity,
  type Manifest,
  type MapRecord,
} from "../results/manifest.js";
import { commitResults, isThere, readManifest } from "../results/output.js";
import {
  missingOf,
  refusedOf,
  wantedOf,
  withoutClashes,
  type Request,
  type Wanted,
  type WantedMap,
} from "../results/results.js";
import type { LoadedPicture } from "../sources/pictures.js";
import { draw } from "./draw.js";
import { PictureResults } from "./picture-results.js";
import { explainOptionsOf, requestOf } from "./request.js";
import type { Session, Task } from "./session.js";
import { stagesOf } from "./stages.js";

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
  /** Letters of its figures that no font of ours has. */
  readonly foreign: readonly string[];
}

export interface Watching {
  readonly versions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** A stage's work begins, */
  readonly onBegin: () => void;
  readonly onProgress: (progress: Progress) => void;
  /** and what came of it is in the picture's folder. */
  readonly onStored: () => void;
}

/**
 * Makes what is missing of a picture's results, stage by stage. Throws for results of something else in its folder; what was
 * stored before an error or an interruption stays.
 */
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
  const missing = (targets: readonly Target[]): Wanted => {
    const wanted = wantedOf(request, targets);
    return settings.force ? wanted : missingOf(wanted, request, agreeing, (file) => isThere(join(dir, file)));
  };

  const refused = refusedOf(agreeing?.refused, session, request);
  let { methods } = session;
  if (agreeing !== undefined && !settings.force && agreeing.activation === model.activation) {
    const targets = targetsOf(task, session, agreeing);
    const { maps, guided } = missing(targets);
    if (maps.length + guided.length === 0) {
      const manifest = { ...agreeing, dir, refused };
      if (JSON.stringify(refused) !== JSON.stringify(agreeing.refused ?? []))
        commitResults({ folder: dir, files: new Map(), manifest, before, force: false });
      const asked = askedOf(manifest, request, targets);
      return { manifest, asked, targets, skipped: true, written: [], foreign: [] };
    }
    methods = methods.filter((method) => maps.some((map) => map.method === method));
  }

  const explain = (some: readonly MethodName[], targets?: readonly Target[]): Promise<Explanation> => {
    watching.onBegin();
    const { onProgress, signal } = watching;
    return model.explain(picture, { ...explainOptionsOf(settings, some, targets), onProgress, signal });
  };
  const [quick, ...later] = stagesOf(model, explainOptionsOf(settings, methods));
  const first = await explain(quick);
  const targets = targetsOf(task, session, first);
  const wanted = missing(targets);
  const kept = agreeing && withoutClashes(agreeing, wanted, settings.force);
  const facts = { ...factsOf(session, first), ...identity, versions: watching.versions, refused };
  const { force } = settings;
  const results = new PictureResults({ dir, force, wanted, before, kept, facts, read: loaded.milliseconds });
  const store = async (explanation: Explanation, part: Wanted): Promise<Manifest> => {
    const drawn = await draw(explanation, part, request, loaded, kept, model.preprocessing);
    watching.signal.throwIfAborted();
    const manifest = results.add(explanation, drawn);
    watching.onStored();
    return manifest;
  };
  const mapsOf = (some: readonly string[]): WantedMap[] =>
    wanted.maps.filter(({ method }) => some.includes(method));
  let manifest = await store(first, { ...wanted, maps: mapsOf(quick) });
  for (const some of later) {
    const maps = mapsOf(some);
    if (maps.length > 0) manifest = await store(await explain(some, targets), { maps, guided: [] });
  }
  const asked = askedOf(manifest, request, targets);
  const { written, foreign } = results;
  return { manifest, asked, targets, skipped: false, written, foreign };
}

function askedOf(manifest: Manifest, request: Request, targets: readonly Target[]): MapRecord[] {
  const records = new Map(manifest.maps.map((record) => [mapKey(record), record]));
  return wantedOf(request, targets).maps.flatMap((map) => records.get(mapKey(map)) ?? []);
}

/** What the manifest says of the model, its adapter and its output. */
const factsOf = ({ adapter, model }: Session, { logits, scores }: Explanation) => ({
  adapter,
  assumed: model.assumed,
  differences: model.differences,
  labels: model.labels ?? null,
  activation: model.activation,
  logits: Array.from(logits, shortNumber),
  scores: Array.from(scores, shortNumber),
});

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
  return chooseTargets(settings, { logits: values, scores, labels, activation }).map(shortTarget);
}

function shortTarget(target: Target): Target {
  return { ...target, logit: shortNumber(target.logit), score: shortNumber(target.score) };
}
