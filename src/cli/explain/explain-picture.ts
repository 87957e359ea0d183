/** @file One picture: finds the maps that its folder lacks, then makes, draws and stores them stage by stage. */

import { join } from "node:path";
import type { MethodName } from "../../cam/methods/table.js";
import { reasonsOf } from "../../cam/request/refusals.js";
import type { Target } from "../../cam/request/targets.js";
import type { Explanation, Refusal } from "../../cam/request/types.js";
import { hasCode } from "../../errors.js";
import { mapKey } from "../../results/manifest-records.js";
import { EMBEDDING_NAME, type Manifest, type MapRecord } from "../../results/manifest.js";
import type { WantedResults } from "../../results/wanted-maps.js";
import type { Place } from "../results/place.js";
import { checkWritable, isThere } from "../results/store.js";
import { draw, type Drawn } from "./draw-maps.js";
import { hasOutputOf, shortTarget, targetsAmong } from "./stored-results.js";
import { explainOptionsOf } from "./explain-options.js";
import { planOf, type PictureContext, type PicturePlan } from "./picture-context.js";
import { PictureResults, refreshedResults } from "./picture-results.js";
import { stagesOf } from "./stages.js";

/** Pixels of all maps together that take about half a second to draw. */
const LONG_DRAWING = 4e6;

export interface Outcome {
  readonly manifest: Manifest;
  readonly place: Place;
  /** The records of all requested maps, in the order of the request. */
  readonly requested: readonly MapRecord[];
  readonly targets: readonly Target[];
  /** Nothing was missing. */
  readonly skipped: boolean;
  /** Letters of the figures that no font of gradlens has. */
  readonly foreign: readonly string[];
  /** The methods of the session that do not fit into the memory. */
  readonly refused: readonly Refusal[];
}

/**
 * Makes the missing results of a picture, stage by stage. Results that were stored before an error or an interruption stay.
 * @throws GradlensError "bad-file" where files of other maps are in the way
 */
export async function explainPicture(context: PictureContext): Promise<Outcome> {
  const { methods } = context.session;
  const plan = storedPlan(context);
  if (plan === undefined) return makeResults(context, methods);
  const { maps, guided } = plan.missing;
  if (maps.length + guided.length > 0 || !hasEmbedding(context)) {
    const isMissing = (name: MethodName): boolean => maps.some(({ method }) => method === name);
    return makeResults(context, methods.filter(isMissing));
  }
  const manifest = await refreshedResults(context);
  return outcomeOf(context, plan, { manifest, skipped: true, foreign: [], refused: [] });
}

/** The plan by the logits of an earlier run; undefined where they do not serve. */
function storedPlan(context: PictureContext): PicturePlan | undefined {
  const { earlier, session, task, force } = context;
  if (earlier === undefined || !hasOutputOf(earlier, session) || force) return undefined;
  return planOf(context, targetsAmong(earlier.logits, task, session));
}

/** False where an earlier run's embedding is gone. */
const hasEmbedding = ({ earlier, place }: PictureContext): boolean =>
  earlier?.embedding === undefined || isThere(join(place.dir, EMBEDDING_NAME));

/** The picture's plan and the results so far, from the first complete stage on. */
interface Begun {
  readonly plan: PicturePlan;
  readonly results: PictureResults;
}

async function makeResults(context: PictureContext, methods: readonly MethodName[]): Promise<Outcome> {
  const { session, task, place } = context;
  // A folder that is not writable fails before the work.
  await checkWritable(place.dir);
  const refused: Refusal[] = [];
  let begun: Begun | undefined;
  for (const stage of stagesOf(session.model, explainOptionsOf(task.settings, methods, session))) {
    try {
      begun = await explainStage(context, stage, refused, begun);
    } catch (error) {
      if (!hasCode(error, "out-of-memory")) throw error;
      refused.push(...stage.map((method) => ({ method, reason: error.message })));
      if (refused.length === session.methods.length) throw reasonsOf(refused, error);
    }
  }
  // Pictures of guided backprop and the scores depend on no method.
  begun ??= await explainStage(context, [], refused, undefined);
  const { plan, results } = begun;
  const manifest = await results.end();
  return outcomeOf(context, plan, { manifest, skipped: false, foreign: results.foreign, refused });
}

/** Makes and stores the missing maps of some methods. Adds the methods that do not fit into the memory to `refused`. */
async function explainStage(
  context: PictureContext,
  methods: readonly MethodName[],
  refused: Refusal[],
  begun: Begun | undefined,
): Promise<Begun> {
  const { host, task, session, loaded, events } = context;
  if (begun && !begun.plan.missing.maps.some(({ method }) => methods.includes(method))) return begun;
  events.onBegin();
  const explanation = await session.model.explain(loaded.picture, {
    ...explainOptionsOf(task.settings, methods, session, begun?.plan.targets),
    onProgress: events.onProgress,
    signal: host.signal,
  });
  const now = begun ?? begin(context, explanation, refused);
  const { missing } = now.plan;
  const lost = explanation.refused?.filter(({ method }) => methods.includes(method)) ?? [];
  refused.push(...lost);
  const isMade = (name: MethodName): boolean =>
    methods.includes(name) && !lost.some(({ method }) => method === name);
  const maps = missing.maps.filter(({ method }) => isMade(method));
  const guided = begun ? [] : missing.guided;
  const drawn = await drawPart(context, explanation, { maps, guided });
  const stored = await now.results.add(explanation, drawn, guided);
  events.onStored(stored.manifest, stored.names);
  return now;
}

function begin(context: PictureContext, first: Explanation, refused: readonly Refusal[]): Begun {
  const plan = planOf(context, first.targets.map(shortTarget));
  return { plan, results: new PictureResults(context, plan.missing, first, refused) };
}

async function drawPart(
  { request, loaded, session, host }: PictureContext,
  explanation: Explanation,
  part: WantedResults,
): Promise<Drawn> {
  const { width, height } = loaded.picture;
  const drawing = (): Promise<Drawn> => draw(explanation, part, request, loaded, session.model.preprocessing);
  const isLong = width * height * part.maps.length > LONG_DRAWING;
  const drawn = await (isLong && host.whileBusy ? host.whileBusy(drawing) : drawing());
  host.signal.throwIfAborted();
  return drawn;
}

function outcomeOf(
  { place }: PictureContext,
  { targets, wanted }: PicturePlan,
  made: Pick<Outcome, "manifest" | "skipped" | "foreign" | "refused">,
): Outcome {
  const records = new Map(made.manifest.maps.map((record) => [mapKey(record), record]));
  const requested = wanted.maps.flatMap((map) => records.get(mapKey(map)) ?? []);
  return { ...made, requested, targets, place };
}
