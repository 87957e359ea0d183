/** @file The data of a report, as JSON inside its page: an index of all results, and the pictures of each entry. */

import type { ColormapName } from "../image/colormaps.js";
import type { Box } from "../image/rle.js";

/** One model under one set of settings. */
export interface ReportModel {
  readonly arch: string;
  readonly weights: string;
  /** Heading and text of each setting. */
  readonly settings: readonly (readonly [heading: string, text: string])[];
  /** The assumptions, with reasons. */
  readonly assumed: readonly (readonly [what: string, because: string])[];
}

/** The agreement of a map with the boxes that people drew of its label. */
export interface ReportTruth {
  /** As shares of the shown picture's width and height. A box may reach beyond the part that a model saw. */
  readonly boxes: readonly Box[];
  /** The map's peak lies in a box. */
  readonly hit: boolean;
  /** With a threshold. */
  readonly iou?: number;
}

export interface ReportMap {
  readonly method: string;
  readonly layers: string;
  readonly label: string;
  readonly score: number;
  readonly colormap: ColormapName;
  /** The share of the map in the saved overlay. */
  readonly alpha: number;
  /** 128 is zero. */
  readonly signed: boolean;
  /** The share of the shorter side between the peak and the nearest border: 0..0.5. */
  readonly peakToBorder: number;
  /** Why it is zero everywhere, is nowhere positive, or has its peak at a border. */
  readonly notes: readonly string[];
  /** It is zero everywhere. */
  readonly flat: boolean;
  readonly truth?: ReportTruth;
  /** Paths from the report, the overlay first. */
  readonly files: readonly string[];
}

/** The results of one picture by one model. */
export interface ReportEntry {
  /** The folder of results. */
  readonly name: string;
  readonly file: string | null;
  /** Pixels of the original picture. */
  readonly width: number;
  readonly height: number;
  /** Index into `models`. */
  readonly model: number;
  readonly manifest: string;
  /** The highest scores first. */
  readonly scores: readonly Pick<ReportMap, "label" | "score">[];
  readonly maps: readonly ReportMap[];
  /** Paths from the report of the files that belong to no map: guided backprop, the embedding. */
  readonly files: readonly string[];
  /** The refused methods, with reasons. */
  readonly refused: readonly (readonly [method: string, reason: string])[];
}

export interface ReportIndex {
  readonly title: string;
  /** ISO 8601. */
  readonly made: string;
  readonly version: string;
  readonly models: readonly ReportModel[];
  readonly entries: readonly ReportEntry[];
}

/** A map's picture as a data URL. */
export interface ReportPicture {
  /** "map": a grey picture to colour. "overlay": the saved overlay, if the map was not saved. */
  readonly kind: "map" | "overlay";
  readonly url: string;
  /** Index into `grounds`; absent where the original picture was not found. */
  readonly ground?: number;
}

/** The pictures of an entry. */
export interface ReportPictures {
  /** Pictures below the maps, as data URLs. */
  readonly grounds: readonly string[];
  /** One for each of the entry's maps. */
  readonly maps: readonly ReportPicture[];
}

export const INDEX_ID = "index";
/** The element that holds an entry's pictures. */
export const picturesId = (entry: number): string => `pictures-${entry}`;

/** The mark by which gradlens recognises its reports. */
export const REPORT_MARK = '<meta name="generator" content="gradlens report">';
