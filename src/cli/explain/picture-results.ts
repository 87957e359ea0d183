/** @file Stores the results of one picture part by part; after each part its folder and manifest agree. */

import type { Explanation, Refusal } from "../../cam/request/types.js";
import { encodeNpy } from "../../picture-file/npy.js";
import { modelFacts } from "../../results/manifest-facts.js";
import { layersOf, mergeManifests } from "../../results/manifest-records.js";
import { EMBEDDING_NAME, manifestOf, type GuidedRecord, type Manifest } from "../../results/manifest.js";
import { inRequestedOrder, recordOf, withoutClashes } from "../../results/map-records.js";
import type { WantedResults } from "../../results/wanted-maps.js";
import { commitResults, type Commit } from "../results/store.js";
import type { Drawn } from "./draw-maps.js";
import { agreeingResults } from "./stored-results.js";
import { refusalsOf, type PictureContext } from "./picture-context.js";

export class PictureResults {
  /** Letters in new files that no font of gradlens has. */
  readonly foreign: string[] = [];
  private readonly timings: Record<string, number>;
  private stored: Manifest | undefined;

  /**
   * @param wanted all results that this run makes of the picture
   * @param first the explanation of the first part
   * @param refused the picture's refusals so far; later ones are added
   * @throws GradlensError "bad-file" where files of other maps are in the way
   */
  constructor(
    private readonly context: PictureContext,
    private readonly wanted: WantedResults,
    private readonly first: Explanation,
    private readonly refused: readonly Refusal[],
  ) {
    const { earlier, force, loaded } = context;
    // Fails now, not after all maps are drawn.
    if (earlier !== undefined) withoutClashes(earlier, wanted, force);
    this.timings = { read: loaded.milliseconds };
  }

  /**
   * Adds what was drawn of an explanation, and pictures of guided backprop. The manifest then has all so far, and
   * what other runs put there meanwhile.
   * @throws GradlensError "bad-file"
   */
  async add(
    { timings, logits }: Explanation,
    drawn: Drawn,
    guided: readonly GuidedRecord[],
  ): Promise<{ readonly manifest: Manifest; readonly names: readonly string[] }> {
    const { place, force, request, session } = this.context;
    for (const [stage, ms] of Object.entries({ ...timings, render: drawn.milliseconds }))
      this.timings[stage] = (this.timings[stage] ?? 0) + ms;
    const files = new Map(drawn.files);
    if (session.model.embedding && this.stored === undefined)
      files.set(EMBEDDING_NAME, encodeNpy(logits, [logits.length]));
    const manifest = await this.commit(files, (agreeing) => {
      const kept = agreeing && withoutClashes(agreeing, this.wanted, force);
      const maps = drawn.maps.map(({ map, facts }) => recordOf(map, request, facts, kept));
      const layers = layersOf(maps);
      const { dir } = place;
      const now = manifestOf({ ...this.facts(), dir, layers, timings: rounded(this.timings), maps, guided });
      return inRequestedOrder(mergeManifests(kept, now), this.wanted);
    });
    for (const letter of drawn.foreign) this.foreign.push(letter);
    return { manifest, names: [...files.keys()] };
  }

  /** After at least one part: the manifest, with what was refused after the last. */
  async end(): Promise<Manifest> {
    const stored = this.stored!;
    const refused = refusalsOf(this.context, this.refused, stored);
    const same = JSON.stringify(stored.refused) === JSON.stringify(refused);
    return same ? stored : this.commit(new Map(), (agreeing) => agreeing ?? stored);
  }

  /** The facts that all parts share. */
  private facts() {
    const { host, session, identity } = this.context;
    const { weights, picture, preprocessing, arch, spelling } = identity;
    return {
      versions: host.versions,
      adapter: session.adapter,
      weights,
      picture,
      preprocessing,
      arch,
      spelling,
      ...modelFacts(session.model, this.first, session.vectors),
      ...(session.notes.length > 0 && { notes: session.notes }),
    };
  }

  private async commit(
    files: Drawn["files"],
    facts: (agreeing: Manifest | undefined) => Manifest,
  ): Promise<Manifest> {
    const { context, refused } = this;
    const manifest = (there: Manifest | undefined): Manifest => {
      const before = agreeingResults(there, context);
      return { ...facts(before), refused: refusalsOf(context, refused, before) };
    };
    return (this.stored = await commitTo(context, { files, manifest, force: context.force }));
  }
}

/** An earlier run's complete results, with this run's refusals, and without the mark of a run that was killed. */
export async function refreshedResults(context: PictureContext): Promise<Manifest> {
  const { place } = context;
  const earlier = context.earlier!;
  const update = (there: Manifest): Manifest => ({
    ...there,
    dir: place.dir,
    refused: refusalsOf(context, [], there),
  });
  const manifest = update(earlier);
  const changed = JSON.stringify(manifest.refused) !== JSON.stringify(earlier.refused ?? []);
  if (!changed && earlier.writing === undefined) return manifest;
  return commitTo(context, {
    files: new Map(),
    manifest: (there) => update(agreeingResults(there, context) ?? earlier),
    force: false,
  });
}

const commitTo = (
  { place, host, events }: PictureContext,
  commit: Pick<Commit, "files" | "manifest" | "force">,
): Promise<Manifest> =>
  commitResults({
    ...commit,
    folder: place.dir,
    name: place.manifest,
    signal: host.signal,
    onWait: events.onWait,
  });

const rounded = (timings: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
