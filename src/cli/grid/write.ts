/** @file Writes a run's grid to files in the output folder. */

import { readFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../../cam/request/types.js";
import { GradlensError } from "../../errors.js";
import { FIGURE_FORMATS } from "../../figure/drawing/draw-figure.js";
import type { FigureFormatName } from "../../figure/layout/formats.js";
import { drawGridPage } from "../../figure/drawing/draw-grid-page.js";
import { figureLetters } from "../../figure/drawing/letters.js";
import { gridPages } from "../../figure/grid/paginate.js";
import type { GridSource, LazyPicture } from "../../figure/grid/sources.js";
import { writeFileAtomically } from "../../node/atomic.js";
import type { Input } from "../inputs/find-pictures.js";
import { unlessAborted } from "../terminal/abortable.js";
import { NameBook } from "../../text/safe-names.js";
import { isThere, OUT_HINT } from "../results/store.js";
import type { GridSettings } from "./grid-settings.js";
import { say, translated } from "../../language/say.js";

export interface GridFiles {
  /** The paths of the pages. */
  readonly files: readonly string[];
  /** Letters in the pages' texts that gradlens's fonts lack. */
  readonly foreign: readonly string[];
  /** Names of `--headings` that no page prints. */
  readonly unused: readonly string[];
}

/** The paths of a run's grids. */
export class GridPlace {
  private readonly stem: string;
  private readonly suffix: string;

  /** Pictures have folders beside the grid, one of which may have its name. */
  constructor(
    private readonly out: string,
    inputs: readonly Input[],
    private readonly force: boolean,
    private readonly format: FigureFormatName = "png",
  ) {
    const book = new NameBook();
    for (const folder of new Set(inputs.map((input) => input.folder[0]!))) book.take(folder);
    this.suffix = FIGURE_FORMATS[format].suffix;
    this.stem = book.take("grid", this.suffix).slice(0, -this.suffix.length);
  }

  /** The path of a page, counted from 0. */
  path(page: number): string {
    return join(this.out, `${this.stem}${page === 0 ? "" : `-${page + 1}`}${this.suffix}`);
  }

  /** @throws GradlensError "bad-file" if a page would replace a file that gradlens did not write */
  async check(page = 0): Promise<void> {
    const path = this.path(page);
    if (this.force || !isThere(path) || (await this.isOurs(path))) return;
    throw new GradlensError(
      "bad-file",
      say`${path} exists and is not a grid of gradlens: --force replaces it, or ${translated(OUT_HINT)}`,
    );
  }

  /** Removes an earlier run's pages of this format from this number on. */
  async clear(page: number): Promise<void> {
    for (let i = page; isThere(this.path(i)) && (await this.isOurs(this.path(i))); i++) rmSync(this.path(i));
  }

  private async isOurs(path: string): Promise<boolean> {
    return readFile(path).then(FIGURE_FORMATS[this.format].isOurs, () => false);
  }
}

/** The progress of the drawing, counted in pictures. */
export interface GridEvents {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Draws the grid of the complete maps; writes no file without maps.
 * @throws GradlensError "bad-file", "bad-picture", "bad-argument" for a page that is too large, or the signal's reason
 */
export async function writeGrid(
  sources: readonly GridSource[],
  settings: GridSettings,
  place: GridPlace,
  { signal, onProgress }: GridEvents,
): Promise<GridFiles> {
  const files: string[] = [];
  const texts: string[] = [];
  const pages = gridPages(sources, settings.spec, settings);
  const all = pages.flatMap(({ contents }) => contents.flat()).filter((one) => one && one.kind !== "words");
  let done = 0;
  const load = (shown: LazyPicture): ReturnType<LazyPicture["load"]> => {
    // Does not wait for the rest of an interrupted drawing.
    signal.throwIfAborted();
    onProgress({ done: done++, total: all.length, what: say`pictures of the grid` });
    return shown.load();
  };
  for (const [i, page] of pages.entries()) {
    await place.check(i);
    const drawing = drawGridPage(page, settings, load);
    const drawn = await unlessAborted(
      drawing,
      signal,
      say`interrupted; the maps are complete, ${i} of ${pages.length} grids are drawn`,
    );
    for (const text of drawn.texts) texts.push(text);
    writeFileAtomically(place.path(i), drawn.bytes);
    files.push(place.path(i));
  }
  await place.clear(files.length);
  return { files, foreign: figureLetters().foreign(texts), unused: settings.headings.unused() };
}
