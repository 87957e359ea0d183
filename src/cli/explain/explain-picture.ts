/** @file One picture: finds the maps that its folder lacks, then makes, draws and stores them stage by stage. */

import { join } from "node:path";
import type { MethodName } from "../../cam/methods/table.js";
import { reasonsOf } from "../../cam/request/refusals.js";
import type { Target } from "../../cam/request/targets.js";
import type { Explanation, Progress, Refusal } from "../../cam/request/types.js";
import { badArgument, hasCode } from "../../errors.js";
import { encodeNpy } from "../../picture-file/npy.js";
import { removeLeftovers } from "../../node/lock.js";
import type { Input } from "../inputs/find-pictures.js";
import type { LoadedPicture } from "../inputs/read-pictures.js";
import {
  EMBEDDING_NAME,
  type Manifest,
  type MapRecord,
  type RefusalRecord,
  type TargetRecord,
} from "../../results/manifest.js";
import type { ResultIdentity } from "../../results/result-identity.js";
import { mapKey } from "../../results/manifest-records.js";
import { placeOf, type Place } from "../results/place.js";
import { checkWritable, commitResults, isThere } from "../results/store.js";
import { missingOf, wantedOf, type WantedResults } from "../../results/wanted-maps.js";
import { refusedOf, withoutClashes } from "../../results/map-records.js";
import type { Request } from "../../results/request.js";
import type { Host } from "../terminal/host.js";
import { draw, type Drawn } from "./draw-maps.js";
import { agreeingResults, hasOutputOf, shortTarget, targetsAmong } from "./earlier-results.js";
import { explainOptionsOf } from "./explain-options.js";
import { identityOf, modelFacts } from "../../results/manifest-facts.js";
import { PictureResults } from "./picture-results.js";
import { requestOf } from "./request.js";
import type { Session, Task } from "./session.js";
import { stagesOf } from "./stages.js";
import { say } from "../../language/say.js";

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

export interface PictureEvents {
  /** Another process works in the picture's folder, and takes long. */
  readonly onWait: () => void;
  /** The results go to another place than usual. */
  readonly onPlace: (because: NonNullable<Place["because"]>) => void;
  /** A stage's work begins. */
  readonly onBegin: () => void;
  readonly onProgress: (progress: Progress) => void;
  /** A stage's results are in the picture's folder: the manifest, and the names of its new files. */
  readonly onStored: (manifest: Manifest, names: readonly string[]) => void;
}

/**
 * Makes the missing results of a picture, stage by stage. Results that were stored before an error or an interruption stay.
 * @throws GradlensError "bad-file" where the picture's folder holds other results
 */
export async function explainPicture(
  host: Host,
  task: Task,
  session: Session,
  input: Input,
  loaded: LoadedPicture,
  events: PictureEvents,
): Promise<Outcome> {
  const run = new PictureRun(host, task, session, input, loaded, events);
  return (await run.resume()) ?? (await run.make());
}

/** The labels of a picture, with the results that they need. */
interface PicturePlan {
  readonly targets: readonly Target[];
  readonly wanted: WantedResults;
  /** What of `wanted` the folder lacks. */
  readonly missing: WantedResults;
}

class PictureRun {
  private readonly place: Place;
  private readonly request: Request;
  private readonly identity: ResultIdentity;
  /** The manifest of an earlier run, where this one may add to it. */
  private earlier: Manifest | undefined;
  private methods: readonly MethodName[];
  /** The methods that turned out not to fit into the memory. */
  private readonly refused: Refusal[] = [];
  private plan: PicturePlan | undefined;
  private results: PictureResults | undefined;

  constructor(
    private readonly host: Host,
    private readonly task: Task,
    private readonly session: Session,
    input: Input,
    private readonly loaded: LoadedPicture,
    private readonly events: PictureEvents,
  ) {
    this.identity = identityOf(session.model, session.weights, { file: fileNameOf(input), ...loaded });
    const { out, settings, weights } = task;
    if (settings.flat && session.model.embedding)
      throw badArgument(
        say`--flat: each picture of a model without a classifier has an embedding.npy; leave it out`,
      );
    this.place = placeOf({
      out,
      flat: settings.flat,
      force: settings.force,
      input,
      model: weights.folder,
      identity: this.identity,
    });
    this.request = requestOf(task, session, input, loaded.picture, this.place);
    this.methods = session.methods;
  }

  private agreeing(there: Manifest | undefined): Manifest | undefined {
    return agreeingResults(there, this.identity, this.place, this.task.settings.force);
  }

  /** Reads an earlier run's results. Gives the outcome where they are complete; else leaves the missing methods. */
  async resume(): Promise<Outcome | undefined> {
    const { task, session, place } = this;
    const { dir, there, because } = place;
    if (because !== undefined) this.events.onPlace(because);
    const { force } = task.settings;
    await removeLeftovers(dir);
    const earlier = (this.earlier = this.agreeing(there));
    if (earlier === undefined || !hasOutputOf(earlier, session) || force) return undefined;
    const plan = this.planOf(targetsAmong(earlier.logits, task, session));
    const { maps, guided } = plan.missing;
    this.methods = this.methods.filter((method) => maps.some((map) => map.method === method));
    const hasEmbedding = earlier.embedding === undefined || isThere(join(dir, EMBEDDING_NAME));
    if (maps.length + guided.length > 0 || !hasEmbedding) return undefined;
    const manifest = await this.refreshed(earlier);
    return this.outcome(plan, manifest, { skipped: true, foreign: [] });
  }

  /** Explains stage by stage. */
  async make(): Promise<Outcome> {
    const { session, refused } = this;
    // A folder that is not writable fails before the work.
    await checkWritable(this.place.dir);
    for (const methods of stagesOf(
      session.model,
      explainOptionsOf(this.task.settings, this.methods, session),
    )) {
      try {
        await this.stage(methods);
      } catch (error) {
        if (!hasCode(error, "out-of-memory")) throw error;
        refused.push(...methods.map((method) => ({ method, reason: error.message })));
        if (refused.length === session.methods.length) throw reasonsOf(refused, error);
      }
    }
    // Pictures of guided backprop and the scores depend on no method.
    if (this.results === undefined) await this.stage([]);
    const results = this.results!;
    const manifest = await results.end();
    return this.outcome(this.plan!, manifest, { skipped: false, foreign: results.foreign });
  }

  private async stage(methods: readonly MethodName[]): Promise<void> {
    const { plan, loaded, session, events, host } = this;
    if (plan && !plan.missing.maps.some(({ method }) => methods.includes(method))) return;
    const { onBegin, onProgress } = events;
    onBegin();
    const options = explainOptionsOf(this.task.settings, methods, session, plan?.targets);
    const explanation = await session.model.explain(loaded.picture, {
      ...options,
      onProgress,
      signal: host.signal,
    });
    const isFirst = plan === undefined;
    const { missing } = (this.plan ??= this.planOf(explanation.targets.map(shortTarget)));
    const results = (this.results ??= this.begin(missing, explanation));
    const lost = explanation.refused?.filter(({ method }) => methods.includes(method)) ?? [];
    this.refused.push(...lost);
    const isMade = (name: MethodName): boolean =>
      methods.includes(name) && !lost.some(({ method }) => method === name);
    const maps = missing.maps.filter(({ method }) => isMade(method));
    const part = { maps, guided: isFirst ? missing.guided : [] };
    const drawn = await this.draw(explanation, part);
    const files = isFirst ? [...drawn.files, ...embeddingFile(explanation, session)] : drawn.files;
    const stored = new Map(files);
    const manifest = await results.add(explanation, { ...drawn, files: stored }, part.guided);
    events.onStored(manifest, [...stored.keys()]);
  }

  private async draw(explanation: Explanation, part: WantedResults): Promise<Drawn> {
    const { request, loaded, session, host } = this;
    const { width, height } = loaded.picture;
    const drawing = (): Promise<Drawn> =>
      draw(explanation, part, request, loaded, session.model.preprocessing);
    const isLong = width * height * part.maps.length > LONG_DRAWING;
    const drawn = await (isLong && host.whileBusy ? host.whileBusy(drawing) : drawing());
    host.signal.throwIfAborted();
    return drawn;
  }

  private begin(wanted: WantedResults, first: Explanation): PictureResults {
    const { place, task, session, request, events, loaded, host } = this;
    const { force } = task.settings;
    const { weights, picture, preprocessing, arch, spelling } = this.identity;
    // Fails now, not after all maps are drawn.
    if (this.earlier !== undefined) withoutClashes(this.earlier, wanted, force);
    return new PictureResults({
      place,
      force,
      request,
      wanted,
      agreeing: (there) => this.agreeing(there),
      facts: {
        versions: host.versions,
        adapter: session.adapter,
        weights,
        picture,
        preprocessing,
        arch,
        spelling,
        ...modelFacts(session.model, first, session.vectors),
        ...(session.notes.length > 0 && { notes: session.notes }),
      },
      refused: (before) => this.refusals(before),
      read: loaded.milliseconds,
      signal: host.signal,
      onWait: events.onWait,
    });
  }

  /** A complete manifest with this run's refusals, and without the mark of a run that was killed. */
  private async refreshed(earlier: Manifest): Promise<Manifest> {
    const { place, events, host } = this;
    const { dir } = place;
    const update = (there: Manifest): Manifest => ({ ...there, dir, refused: this.refusals(there) });
    const manifest = update(earlier);
    const changed = JSON.stringify(manifest.refused) !== JSON.stringify(earlier.refused ?? []);
    if (!changed && earlier.writing === undefined) return manifest;
    return commitResults({
      folder: dir,
      name: place.manifest,
      files: new Map(),
      manifest: (there) => update(this.agreeing(there) ?? earlier),
      force: false,
      signal: host.signal,
      onWait: events.onWait,
    });
  }

  private planOf(targets: readonly Target[]): PicturePlan {
    const { place, request, earlier, task, session } = this;
    const wanted = wantedOf(
      request,
      targets.map((target) => recordOf(target, session)),
    );
    if (task.settings.force) return { targets, wanted, missing: wanted };
    const missing = missingOf(wanted, request, earlier, (file) => isThere(join(place.dir, file)));
    return { targets, wanted, missing };
  }

  private refusals(before: Manifest | undefined): RefusalRecord[] {
    const { methods, refused } = this.session;
    return refusedOf(before?.refused, { methods, refused: [...refused, ...this.refused] }, this.request);
  }

  private outcome(
    { targets, wanted }: PicturePlan,
    manifest: Manifest,
    made: Pick<Outcome, "skipped" | "foreign">,
  ): Outcome {
    const records = new Map(manifest.maps.map((record) => [mapKey(record), record]));
    const requested = wanted.maps.flatMap((map) => records.get(mapKey(map)) ?? []);
    return { manifest, requested, targets, place: this.place, refused: this.refused, ...made };
  }
}

/** Null for a picture from stdin. */
const fileNameOf = ({ file, shown }: Input): string | null =>
  file === undefined ? null : shown.split(/[/\\]/).at(-1)!;

/** The target in the records of its maps. */
function recordOf(target: Target, { vectors }: Pick<Session, "vectors">): TargetRecord {
  const vector = vectors?.[target.index];
  return vector ? { ...target, vector: vector.record } : target;
}

const embeddingFile = (
  { logits }: Explanation,
  { model: { embedding } }: Pick<Session, "model">,
): [name: string, bytes: Uint8Array][] =>
  embedding ? [[EMBEDDING_NAME, encodeNpy(logits, [logits.length])]] : [];
