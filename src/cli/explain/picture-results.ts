/** @file Stores the results of one picture part by part; after each part its folder and manifest agree. */

import type { Explanation } from "../../cam/request/types.js";
import type { LockOptions } from "../../node/lock.js";
import { manifestOf, type GuidedRecord, type Manifest, type RefusalRecord } from "../../results/manifest.js";
import { layersOf, mergeManifests } from "../../results/manifest-records.js";
import type { Place } from "../results/place.js";
import { commitResults } from "../results/store.js";
import type { WantedResults } from "../../results/wanted-maps.js";
import { inRequestedOrder, recordOf, withoutClashes } from "../../results/map-records.js";
import type { Request } from "../../results/request.js";
import type { Drawn } from "./draw-maps.js";

export interface ResultsOptions extends LockOptions {
  readonly place: Pick<Place, "dir" | "manifest">;
  readonly force: boolean;
  readonly request: Request;
  /** All results that this run makes of the picture. */
  readonly wanted: WantedResults;
  /** The manifest of an earlier run, if this run may add to it. Throws where it may not be replaced either. */
  readonly agreeing: (there: Manifest | undefined) => Manifest | undefined;
  /** The facts that all parts share. */
  readonly facts: Omit<
    Parameters<typeof manifestOf>[0],
    "dir" | "layers" | "timings" | "maps" | "guided" | "refused"
  >;
  /** The refusals so far, with those of before. */
  readonly refused: (before: Manifest | undefined) => readonly RefusalRecord[];
  /** Milliseconds that reading the picture took. */
  readonly read: number;
}

export class PictureResults {
  /** Letters in new files that no font of gradlens has. */
  readonly foreign: string[] = [];
  private readonly timings: Record<string, number>;
  private stored: Manifest | undefined;

  constructor(private readonly options: ResultsOptions) {
    this.timings = { read: options.read };
  }

  /**
   * Adds what was drawn of an explanation, and pictures of guided backprop; the manifest then has all so far, and
   * what other runs put there meanwhile.
   * @throws GradlensError "bad-file"
   */
  async add({ timings }: Explanation, drawn: Drawn, guided: readonly GuidedRecord[]): Promise<Manifest> {
    const { place, force, request, wanted, facts } = this.options;
    const { dir } = place;
    for (const [stage, ms] of Object.entries({ ...timings, render: drawn.milliseconds }))
      this.timings[stage] = (this.timings[stage] ?? 0) + ms;
    const manifest = await this.commit(drawn.files, (agreeing) => {
      const kept = agreeing && withoutClashes(agreeing, wanted, force);
      const maps = drawn.maps.map(({ map, facts }) => recordOf(map, request, facts, kept));
      const layers = layersOf(maps);
      const now = manifestOf({ ...facts, dir, layers, timings: rounded(this.timings), maps, guided });
      return inRequestedOrder(mergeManifests(kept, now), wanted);
    });
    for (const letter of drawn.foreign) this.foreign.push(letter);
    return manifest;
  }

  /** After at least one part: the manifest, with what was refused after the last. */
  async end(): Promise<Manifest> {
    const stored = this.stored!;
    const same = JSON.stringify(stored.refused) === JSON.stringify(this.options.refused(stored));
    return same ? stored : this.commit(new Map(), (agreeing) => agreeing ?? stored);
  }

  private async commit(
    files: Drawn["files"],
    facts: (agreeing: Manifest | undefined) => Manifest,
  ): Promise<Manifest> {
    const { place, force, agreeing, refused, signal, onWait } = this.options;
    const manifest = (there: Manifest | undefined): Manifest => {
      const before = agreeing(there);
      return { ...facts(before), refused: refused(before) };
    };
    const { dir: folder, manifest: name } = place;
    const commit = { folder, name, files, manifest, force, signal, onWait };
    return (this.stored = await commitResults(commit));
  }
}

const rounded = (timings: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
