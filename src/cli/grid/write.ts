/** @file Writes a run's grid to files in the output folder. */

import { readFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../../cam/request/types.js";
import { GradlensError } from "../../errors.js";
import { layoutGrid, type GridLayout } from "../../figure/layout/grid-layout.js";
import { writeFileAtomically } from "../../node/atomic.js";
import { drawFigure, isFigure, type Figure } from "../../figure/drawing/draw-figure.js";
import { figureLetters } from "../../figure/drawing/letters.js";
import { readPicture } from "../../node/read-picture.js";
import type { Input } from "../inputs/find-pictures.js";
import { unlessAborted } from "../terminal/until.js";
import { NameBook } from "../../text/safe-names.js";
import { isThere, OUT_HINT } from "../results/store.js";
import type { Content } from "./arrange.js";
import type { GridSpec } from "./axes.js";
import type { GridSource } from "./entries.js";
import type { GridPage } from "./page-text.js";
import { gridPages } from "./paginate.js";

export interface GridFiles {
  /** The paths of the pages. */
  readonly files: readonly string[];
  /** Letters in the pages' texts that gradlens's fonts lack. */
  readonly foreign: readonly string[];
}

/** The paths of a run's grids. */
export class GridPlace {
  private readonly stem: string;

  /** Pictures have folders beside the grid, one of which may have its name. */
  constructor(
    private readonly out: string,
    inputs: readonly Input[],
    private readonly force: boolean,
  ) {
    const book = new NameBook();
    for (const folder of new Set(inputs.map((input) => input.folder[0]!))) book.take(folder);
    this.stem = book.take("grid", ".png").slice(0, -".png".length);
  }

  /** The path of a page, counted from 0. */
  path(page: number): string {
    return join(this.out, `${this.stem}${page === 0 ? "" : `-${page + 1}`}.png`);
  }

  /** @throws GradlensError "bad-file" if a page would replace a file that gradlens did not write */
  async check(page = 0): Promise<void> {
    const path = this.path(page);
    if (this.force || !isThere(path) || (await isOurs(path))) return;
    throw new GradlensError(
      "bad-file",
      `${path} exists and is not a grid of gradlens: --force replaces it, or ${OUT_HINT}`,
    );
  }

  /** Removes an earlier run's pages from this number on. */
  async clear(page: number): Promise<void> {
    for (let i = page; isThere(this.path(i)) && (await isOurs(this.path(i))); i++) rmSync(this.path(i));
  }
}

async function isOurs(path: string): Promise<boolean> {
  return readFile(path).then(isFigure, () => false);
}

/** The progress of the drawing, counted in pictures. */
export interface GridEvents {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Draws the grid of the complete maps; writes no file without maps.
 * @throws GradlensError "bad-file", "bad-picture", or the signal's reason
 */
export async function writeGrid(
  sources: readonly GridSource[],
  spec: GridSpec,
  place: GridPlace,
  { signal, onProgress }: GridEvents,
): Promise<GridFiles> {
  const letters = figureLetters();
  const files: string[] = [];
  const texts: string[] = [];
  const pages = gridPages(sources, spec);
  const all = pages.flatMap(({ contents }) => contents.flat()).filter((one) => one && one.kind !== "words");
  let done = 0;
  const load = (content: Content): ReturnType<typeof contentPicture> => {
    // Does not wait for the rest of an interrupted drawing.
    signal.throwIfAborted();
    onProgress({ done: done++, total: all.length, what: "pictures of the grid" });
    return contentPicture(content);
  };
  for (const [i, page] of pages.entries()) {
    await place.check(i);
    const layout = layoutGrid(page.table, letters.measure);
    for (const { text } of layout.texts) texts.push(text);
    const drawing = drawFigure(figureOf(page, layout, load));
    writeFileAtomically(
      place.path(i),
      await unlessAborted(
        drawing,
        signal,
        `interrupted; the maps are complete, ${i} of ${pages.length} grids are drawn`,
      ),
    );
    files.push(place.path(i));
  }
  await place.clear(files.length);
  return { files, foreign: letters.foreign(texts) };
}

function figureOf({ contents }: GridPage, layout: GridLayout, load: typeof contentPicture): Figure {
  const { width, height, texts, cells, colorBars } = layout;
  return {
    width,
    height,
    texts,
    boxes: cells.filter(({ picture }) => picture === undefined).map(({ box }) => box),
    pictures: cells.flatMap(({ row, column, picture }) =>
      picture ? [{ at: picture, picture: () => load(contents[row]![column]!) }] : [],
    ),
    colorBars,
  };
}

async function contentPicture(content: Content): ReturnType<GridSource["picture"]> {
  switch (content.kind) {
    case "picture":
      return content.source.picture();
    case "overlay":
      return readPicture(join(content.source.manifest.dir, content.record.overlay));
    case "words":
      throw new GradlensError("internal", "words have no picture");
  }
}
