/** @file What a run makes of one picture, put into the picture's folder part by part: each leaves it complete in itself. */

import type { Explanation } from "../../cam/types.js";
import {
  layersOf,
  manifestOf,
  mapKey,
  mergeManifests,
  type Manifest,
  type MapRecord,
  type RefusalRecord,
} from "../results/manifest.js";
import { commitResults } from "../results/output.js";
import type { Wanted } from "../results/results.js";
import type { Drawn } from "./draw.js";

export interface ResultsOptions {
  readonly dir: string;
  readonly force: boolean;
  /** All that this run wants of the picture. */
  readonly wanted: Wanted;
  /** What the folder holds, */
  readonly before: Manifest | undefined;
  /** and what of that stays. */
  readonly kept: Manifest | undefined;
  /** What is the same for all parts. */
  readonly facts: Omit<
    Parameters<typeof manifestOf>[0],
    "dir" | "layers" | "timings" | "maps" | "guided" | "refused"
  >;
  /** The refusals so far. */
  readonly refused: () => readonly RefusalRecord[];
  /** Milliseconds that reading the picture took. */
  readonly read: number;
}

export class PictureResults {
  readonly #made = new Map<string, MapRecord>();
  readonly #written: string[] = [];
  readonly #foreign: string[] = [];
  readonly #timings: Record<string, number>;
  #stored: Manifest | undefined;

  constructor(private readonly options: ResultsOptions) {
    this.#stored = options.before;
    this.#timings = { read: options.read };
  }

  /** The names of new files. */
  get written(): readonly string[] {
    return this.#written;
  }

  /** Letters in new files that no font of ours has. */
  get foreign(): readonly string[] {
    return this.#foreign;
  }

  /** Adds what was drawn of an explanation; the manifest then has all so far. Throws `bad-file`. */
  add({ timings }: Explanation, { files, foreign, maps, milliseconds }: Drawn): void {
    const { dir, wanted, kept, facts } = this.options;
    for (const [stage, ms] of Object.entries({ ...timings, render: milliseconds }))
      this.#timings[stage] = (this.#timings[stage] ?? 0) + ms;
    for (const record of maps) this.#made.set(mapKey(record), record);
    // As in one part: in the order in which they were asked for.
    const made = wanted.maps.flatMap((map) => this.#made.get(mapKey(map)) ?? []);
    const now = manifestOf({
      ...facts,
      dir,
      layers: layersOf(made),
      timings: rounded(this.#timings),
      maps: made,
      guided: wanted.guided,
    });
    this.commit(mergeManifests(kept, now), files);
    this.#written.push(...files.keys());
    this.#foreign.push(...foreign);
  }

  /** After at least one part: the manifest, with what was refused after the last. */
  end(): Manifest {
    const stored = this.#stored!;
    const same = JSON.stringify(stored.refused) === JSON.stringify(this.options.refused());
    return same ? stored : this.commit(stored, new Map());
  }

  private commit(facts: Manifest, files: Drawn["files"]): Manifest {
    const { dir, force, refused } = this.options;
    const manifest = { ...facts, refused: refused() };
    commitResults({ folder: dir, files, manifest, before: this.#stored, force });
    return (this.#stored = manifest);
  }
}

const rounded = (timings: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
