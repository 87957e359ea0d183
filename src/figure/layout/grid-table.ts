/** @file The input of a grid's layout: counts, sizes and labels. */

import type { ColormapName } from "../../image/colormaps.js";
import type { Size } from "../../image/picture.js";

/** The content of one cell: a picture of a size, or words instead. */
export interface GridCell {
  readonly picture?: Size;
  /** The unmodified picture beside its maps: it gets the size of the maps. */
  readonly plain?: true;
  readonly words?: string;
  readonly caption?: Label;
}

/** Words with a score. If they are too long, the words are shortened, never the score. */
export interface Label {
  readonly text: string;
  readonly score?: string;
}

export interface GridTable {
  /** The facts common to all cells: the title, and notes in smaller print. */
  readonly title: string;
  readonly notes: readonly string[];
  /** Headings; all empty for none. */
  readonly rows: readonly Label[];
  readonly columns: readonly Label[];
  /** By row and column; undefined for a blank cell. */
  readonly cells: readonly (readonly (GridCell | undefined)[])[];
  /** A colour bar for each kind of map. */
  readonly scales: readonly ColorScale[];
  /** Lines below everything else. */
  readonly foot: readonly string[];
}

/** The labels of a colour bar's two ends, and its meaning. */
export interface ColorScale {
  readonly colormap: ColormapName;
  readonly ends: readonly [string, string];
  readonly legend: string;
}
