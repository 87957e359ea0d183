/** @file Where the results of a picture lie: their folder and manifest, beside results of other settings. */

import { join } from "node:path";
import { badArgument } from "../../errors.js";
import { MANIFEST_NAME, type Manifest } from "../../results/manifest.js";
import { disagreement, type ResultIdentity } from "../../results/result-identity.js";
import { pictureSuffix } from "../inputs/picture-files.js";
import type { Input } from "../inputs/find-pictures.js";
import { safePair } from "../../text/safe-names.js";
import { readManifest } from "./store.js";
import { say } from "../../language/say.js";

/** The folder of a picture's and model's results. */
export interface Place extends Location {
  /** The manifest that is there; undefined without one. */
  readonly there: Manifest | undefined;
  /** For the user: why it is not the usual place. */
  readonly because?: { readonly heading: string; readonly text: (shown: PathWords) => string };
}

/** A path in words for the user. */
type PathWords = (path: string) => string;

interface Location {
  readonly dir: string;
  /** The manifest's name in it. */
  readonly manifest: string;
  /** The picture's folder below the output folder, as tables name it. */
  readonly picture: readonly string[];
  /** The model, as tables name it. */
  readonly model: string;
  /** A suffix that separates its files from results of other settings; may be empty. */
  readonly mark: string;
}

export interface PlaceRequest {
  /** The output folder, absolute. */
  readonly out: string;
  /** All pictures and models share the output folder. */
  readonly flat: boolean;
  /** Replace what is there. */
  readonly force: boolean;
  readonly input: Pick<Input, "folder" | "flatName">;
  /** The name of the model's folder. */
  readonly model: string;
  readonly identity: ResultIdentity;
}

/** The most runs of other settings beside each other. */
const MOST_BESIDE = 1000;

/**
 * The first place whose results this run may add to, or that has none: the usual one, then those beside it. With `force` the
 * usual one.
 * @throws GradlensError "bad-file" for another program's manifest.json
 */
export function placeOf(request: PlaceRequest): Place {
  const { force, identity } = request;
  const usual = withManifest(locationAt(request, 1, 1), force);
  if (force) return usual;
  const { there } = usual;
  const problem = there && disagreement(there, identity);
  if (there === undefined || problem === undefined) return usual;
  const isOther = there.picture.sha256 !== identity.picture.sha256;
  for (let i = 2; i < MOST_BESIDE; i++) {
    const location = isOther ? locationAt(request, i, 1, there) : locationAt(request, 1, i);
    const place = withManifest(location, false);
    if (!isFree(place, identity)) continue;
    const text = (shown: PathWords): string =>
      say`${shown(usual.dir)} holds results of ${problem}; those of this run go to ${shown(place.dir)} (--force replaces)`;
    return { ...place, because: { heading: say`Beside`, text } };
  }
  throw badArgument(
    say`${usual.dir} has results of ${MOST_BESIDE} other settings beside it: use another --out`,
  );
}

const withManifest = (location: Location, force: boolean): Place => ({
  ...location,
  there: readManifest(location.dir, force, location.manifest),
});

/** Whether a place has no results, or those of the same identity. */
const isFree = ({ there }: Place, identity: ResultIdentity): boolean =>
  there === undefined || disagreement(there, identity) === undefined;

/** The `p`th location for the picture and the `m`th for the model, from 1; `other` has the picture's usual place. */
function locationAt(request: PlaceRequest, p: number, m: number, other?: Manifest): Location {
  const { input, flat, identity } = request;
  const model = m === 1 ? request.model : `${request.model}-${m}`;
  // x.png and x.jpg are distinguished by their suffix, pictures of one name by a number.
  const suffix = pictureSuffix(identity.picture.file ?? "");
  const bySuffix = other !== undefined && suffix !== pictureSuffix(other.picture.file ?? "");
  const mark = p === 1 ? "" : bySuffix && p === 2 && suffix ? `-${suffix}` : `-${p}`;
  if (!flat) {
    const picture = input.folder.map((name, i) => (i < input.folder.length - 1 ? name : name + mark));
    return { dir: join(request.out, ...picture, model), manifest: MANIFEST_NAME, picture, model, mark: "" };
  }
  const picture = input.flatName + mark;
  return {
    dir: request.out,
    manifest: `${safePair(picture, model)}.${MANIFEST_NAME}`,
    picture: [picture],
    model,
    mark: mark + (m === 1 ? "" : `-${m}`),
  };
}
