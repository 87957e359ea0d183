/** @file The input of a grid's layout: counts, sizes and labels. */

import type { ColormapName } from "../../image/colormaps.js";
import type { Size } from "../../image/picture.js";

/** The content of one cell: a picture of a size, or words in its place. */
export interface GridCell {
  readonly picture?: Size;
  /** The picture as it is, beside its maps: it takes the size that they have. */
  readonly plain?: true;
  readonly words?: string;
  readonly caption?: Label;
}

/** Words with a score; of what is too long the words are cut, never the score. */
export interface Label {
  readonly text: string;
  readonly score?: string;
}

export interface GridTable {
  /** What all cells have in common: the heading, and lines of smaller print. */
  readonly title: string;
  readonly notes: readonly string[];
  /** Headings; all empty: there are none. */
  readonly rows: readonly Label[];
  readonly columns: readonly Label[];
  /** By row and column; undefined stays blank. */
  readonly cells: readonly (readonly (GridCell | undefined)[])[];
  /** A colour bar for each kind of maps. */
  readonly scales: readonly Scale[];
  /** Lines below it all. */
  readonly foot: readonly string[];
}

/** What the two ends of a colour bar stand for, and what it means. */
export interface Scale {
  readonly colormap: ColormapName;
  readonly ends: readonly [string, string];
  readonly legend: string;
}
