/** @file One picture: what of its maps is missing, made, drawn and put into its folder. */

import { unusedRecords } from "../results/unused-tensors.js";
import { join } from "node:path";
import type { MethodName } from "../../cam/methods/table.js";
import { scoresOf } from "../../cam/scores.js";
import { chooseTargets, type Target } from "../../cam/request/targets.js";
import { reasonsOf } from "../../cam/request/refusals.js";
import type { Explanation, Progress, Refusal } from "../../cam/request/types.js";
import { GradlensError } from "../../errors.js";
import { removeLeftovers } from "../../node/leftovers.js";
import type { Input } from "../inputs/find-pictures.js";
import {
  disagreement,
  mapKey,
  shortNumber,
  type Identity,
  type Manifest,
  type MapRecord,
  type RefusalRecord,
} from "../results/manifest.js";
import { checkWritable, commitResults, isThere, readManifest } from "../results/store.js";
import {
  missingOf,
  refusedOf,
  wantedOf,
  withoutClashes,
  type Request,
  type Wanted,
} from "../results/wanted-maps.js";
import type { Host } from "../terminal/host.js";
import type { LoadedPicture } from "../inputs/read-pictures.js";
import { draw, type Drawn } from "./draw-maps.js";
import { PictureResults } from "./picture-results.js";
import { requestOf } from "./request.js";
import { explainOptionsOf } from "./explain-options.js";
import type { Session, Task } from "./session.js";
import { stagesOf } from "./stages.js";

/** Pixels of all maps together that take about half a second to draw. */
const LONG_DRAWING = 4e6;

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
  /** Of the session's methods those that memory turned out to be too little for. */
  readonly refused: readonly Refusal[];
}

export interface Watching {
  readonly versions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Does what keeps this thread for long, so that Ctrl-C ends it. */
  readonly whileBusy: Host["whileBusy"];
  /** Another process works in the picture's folder, and takes long. */
  readonly onWait: () => void;
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
  const agreeingOf = (there: Manifest | undefined): Manifest | undefined => {
    const problem = there && disagreement(there, identity);
    if (problem === undefined || settings.force) return problem === undefined ? there : undefined;
    throw new GradlensError(
      "bad-file",
      `${dir} holds results of ${problem}: name another place with --out, or --force replaces them`,
    );
  };
  await removeLeftovers(dir);
  const agreeing = agreeingOf(readManifest(dir, settings.force));
  const missing = (targets: readonly Target[]): Wanted => {
    const wanted = wantedOf(request, targets);
    return settings.force ? wanted : missingOf(wanted, request, agreeing, (file) => isThere(join(dir, file)));
  };

  const fallen: Refusal[] = [];
  const refused = (before: Manifest | undefined): RefusalRecord[] =>
    refusedOf(before?.refused, { ...session, refused: [...session.refused, ...fallen] }, request);
  const { signal, onWait } = watching;
  let { methods } = session;
  const isSameHead = agreeing?.activation === model.activation && agreeing.logits.length === model.classes;
  if (agreeing !== undefined && isSameHead && !settings.force) {
    const targets = targetsOf(task, session, agreeing);
    const { maps, guided } = missing(targets);
    if (maps.length + guided.length === 0) {
      const update = (there: Manifest): Manifest => ({ ...there, dir, refused: refused(there) });
      let manifest = update(agreeing);
      const changed = JSON.stringify(manifest.refused) !== JSON.stringify(agreeing.refused ?? []);
      if (changed || agreeing.writing !== undefined) {
        const files = new Map<string, Uint8Array>();
        const again = (there: Manifest | undefined): Manifest => update(agreeingOf(there) ?? agreeing);
        manifest = await commitResults({ folder: dir, files, manifest: again, force: false, signal, onWait });
      }
      const asked = askedOf(manifest, request, targets);
      return { manifest, asked, targets, skipped: true, written: [], foreign: [], refused: [] };
    }
    methods = methods.filter((method) => maps.some((map) => map.method === method));
  }

  // Before the work, not after it.
  await checkWritable(dir);
  const explain = (some: readonly MethodName[], targets?: readonly Target[]): Promise<Explanation> => {
    watching.onBegin();
    const { onProgress } = watching;
    return model.explain(picture, { ...explainOptionsOf(settings, some, targets), onProgress, signal });
  };
  const begin = (first: Explanation) => {
    const targets = targetsOf(task, session, first);
    const wanted = missing(targets);
    // Now rather than when all is drawn.
    if (agreeing !== undefined) withoutClashes(agreeing, wanted, settings.force);
    const facts = { versions: watching.versions, ...factsOf(session, identity, first) };
    const { force } = settings;
    const read = loaded.milliseconds;
    const common = { dir, force, request, wanted, facts, refused, read, signal, onWait };
    return { targets, wanted, results: new PictureResults({ ...common, agreeing: agreeingOf }) };
  };
  let begun: ReturnType<typeof begin> | undefined;
  const add = async (some: readonly string[], explanation: Explanation): Promise<void> => {
    const isFirst = begun === undefined;
    begun ??= begin(explanation);
    const { wanted, results } = begun;
    const lost = explanation.refused?.filter(({ method }) => some.includes(method)) ?? [];
    fallen.push(...lost);
    const made = some.filter((name) => !lost.some(({ method }) => method === name));
    const maps = wanted.maps.filter(({ method }) => made.includes(method));
    const part: Wanted = { maps, guided: isFirst ? wanted.guided : [] };
    const drawing = (): Promise<Drawn> => draw(explanation, part, request, loaded, model.preprocessing);
    const isLong = picture.width * picture.height * maps.length > LONG_DRAWING;
    const drawn = await (isLong && watching.whileBusy ? watching.whileBusy(drawing) : drawing());
    signal.throwIfAborted();
    await results.add(explanation, drawn, part.guided);
    watching.onStored();
  };
  for (const some of stagesOf(model, explainOptionsOf(settings, methods))) {
    if (begun && !begun.wanted.maps.some(({ method }) => some.includes(method))) continue;
    try {
      await add(some, await explain(some, begun?.targets));
    } catch (error) {
      if (!(error instanceof GradlensError) || error.code !== "out-of-memory") throw error;
      fallen.push(...some.map((method) => ({ method, reason: error.message })));
      if (fallen.length === session.methods.length) throw reasonsOf(fallen, error);
    }
  }
  // What does not hang on any of them.
  if (!begun) await add([], await explain([]));
  const { targets, results } = begun!;
  const manifest = await results.end();
  const asked = askedOf(manifest, request, targets);
  const { written, foreign } = results;
  return { manifest, asked, targets, skipped: false, written, foreign, refused: fallen };
}

function askedOf(manifest: Manifest, request: Request, targets: readonly Target[]): MapRecord[] {
  const records = new Map(manifest.maps.map((record) => [mapKey(record), record]));
  return wantedOf(request, targets).maps.flatMap((map) => records.get(mapKey(map)) ?? []);
}

/** What the manifest says of the model, its adapter, its input and its output. */
const factsOf = ({ adapter, model }: Session, identity: Identity, { logits, scores }: Explanation) => ({
  adapter,
  ...identity,
  assumed: model.assumed,
  said: model.said,
  differences: model.differences,
  unused: unusedRecords(model.report.unused),
  ...(model.report.alternatives.length > 0 && { alternatives: model.report.alternatives }),
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
      ...(picture.sixteenBits && { sixteenBits: picture.sixteenBits }),
      ...(picture.pages && { pages: picture.pages }),
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
