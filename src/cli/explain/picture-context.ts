/** @file A picture and the model that explains it: the place of its results, those of an earlier run, and the missing ones. */

import { join } from "node:path";
import type { Target } from "../../cam/request/targets.js";
import type { Progress, Refusal } from "../../cam/request/types.js";
import { badArgument } from "../../errors.js";
import { say } from "../../language/say.js";
import { removeLeftovers } from "../../node/lock.js";
import { identityOf } from "../../results/manifest-facts.js";
import type { Manifest, RefusalRecord, TargetRecord } from "../../results/manifest.js";
import { refusedOf } from "../../results/map-records.js";
import type { Request } from "../../results/request.js";
import type { ResultIdentity } from "../../results/result-identity.js";
import { missingOf, wantedOf, type WantedResults } from "../../results/wanted-maps.js";
import type { Input } from "../inputs/find-pictures.js";
import type { LoadedPicture } from "../inputs/read-pictures.js";
import { placeOf, type Place } from "../results/place.js";
import { isThere } from "../results/store.js";
import type { Host } from "../terminal/host.js";
import { agreeingResults } from "./stored-results.js";
import { requestOf } from "./request.js";
import type { Session } from "./session.js";
import type { CamTask } from "./task.js";

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

export interface PictureContext {
  readonly host: Host;
  readonly task: CamTask;
  readonly session: Session;
  readonly loaded: LoadedPicture;
  readonly events: PictureEvents;
  /** Replace earlier results. */
  readonly force: boolean;
  readonly identity: ResultIdentity;
  readonly place: Place;
  readonly request: Request;
  /** The manifest of an earlier run, where this one may add to it. */
  readonly earlier: Manifest | undefined;
}

/** @throws GradlensError "bad-file" where the picture's folder holds other results */
export async function openPicture(
  host: Host,
  task: CamTask,
  session: Session,
  input: Input,
  loaded: LoadedPicture,
  events: PictureEvents,
): Promise<PictureContext> {
  const { out, weights } = task;
  const { flat, force } = task.settings;
  const identity = identityOf(session.model, session.weights, { file: fileNameOf(input), ...loaded });
  if (flat && session.model.embedding)
    throw badArgument(
      say`--flat: each picture of a model without a classifier has an embedding.npy; leave it out`,
    );
  const place = placeOf({ out, flat, force, input, model: weights.folder, identity });
  const request = requestOf(task, session, input, loaded.picture, place);
  if (place.because !== undefined) events.onPlace(place.because);
  await removeLeftovers(place.dir);
  const earlier = agreeingResults(place.there, { identity, place, force });
  return { host, task, session, loaded, events, force, identity, place, request, earlier };
}

/** Null for a picture from stdin. */
const fileNameOf = ({ file, shown }: Input): string | null =>
  file === undefined ? null : shown.split(/[/\\]/).at(-1)!;

/** The labels of a picture, with the results that they need. */
export interface PicturePlan {
  readonly targets: readonly Target[];
  readonly wanted: WantedResults;
  /** What of `wanted` the folder lacks. */
  readonly missing: WantedResults;
}

export function planOf(
  { place, request, earlier, force, session }: PictureContext,
  targets: readonly Target[],
): PicturePlan {
  const wanted = wantedOf(
    request,
    targets.map((target) => recordOf(target, session)),
  );
  if (force) return { targets, wanted, missing: wanted };
  const missing = missingOf(wanted, request, earlier, (file) => isThere(join(place.dir, file)));
  return { targets, wanted, missing };
}

/** The target in the records of its maps. */
function recordOf(target: Target, { vectors }: Pick<Session, "vectors">): TargetRecord {
  const vector = vectors?.[target.index];
  return vector ? { ...target, vector: vector.record } : target;
}

/** The refusals of earlier runs, of the session, and of this picture. */
export function refusalsOf(
  { session: { methods, refused }, request }: PictureContext,
  ofPicture: readonly Refusal[],
  before: Manifest | undefined,
): RefusalRecord[] {
  return refusedOf(before?.refused, { methods, refused: [...refused, ...ofPicture] }, request);
}
