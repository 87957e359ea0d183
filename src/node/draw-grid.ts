/** @file Draws explanations as a grid of labelled maps: the figure that `--grid` writes, for scripts. */

import type { CamMap, ExplainOptions, Explanation, GuidedMap } from "../cam/request/types.js";
import { badArgument } from "../errors.js";
import { FIGURE_FORMATS } from "../figure/drawing/draw-figure.js";
import { drawGridPage } from "../figure/drawing/draw-grid-page.js";
import type { FigureFormatName } from "../figure/layout/formats.js";
import { figureLetters } from "../figure/drawing/letters.js";
import { AXES, type Axis, type GridSpec } from "../figure/grid/axes.js";
import { headingsOf } from "../figure/grid/headings.js";
import { gridPages } from "../figure/grid/paginate.js";
import type { GridMap, GridSource, LazyPicture } from "../figure/grid/sources.js";
import { DPI, parseLength } from "../figure/layout/lengths.js";
import { COLORMAPS, type ColormapName } from "../image/colormaps.js";
import { drawBoxes } from "../image/box-lines.js";
import { cropFor, type Crop } from "../image/crop.js";
import { guidedPicture } from "../image/guided-picture.js";
import { overlay } from "../image/overlay.js";
import { checkPicture, sizeOf, type Picture } from "../image/picture.js";
import type { Box } from "../image/rle.js";
import type { ModelDescription } from "../library/settings/model-description.js";
import { say } from "../language/say.js";

/** One picture's explanation by one model. */
export interface ExplainedPicture {
  readonly picture: Picture;
  readonly explanation: Explanation;
  readonly model: Pick<ModelDescription, "arch" | "activation" | "labels" | "preprocessing">;
  /** What `explain` was given: smoothing and a shared scale are printed. */
  readonly options?: Pick<ExplainOptions, "augSmooth" | "eigenSmooth" | "compareScale">;
  /** Boxes that people drew on the picture, by class index: those of maps' labels are drawn. */
  readonly truth?: Readonly<Record<number, readonly Box[]>>;
  /** The picture's name. Default: of several pictures their number. The same object is one picture. */
  readonly name?: string;
  /** The model's name, as its file's. Default: of several models their architecture. The same object is one model. */
  readonly modelName?: string;
}

export type GridAxis = Axis;
export type FigureFormat = FigureFormatName;

export interface DrawGridOptions {
  /** Without `rows`, `columns` alone fills the rows; without both, axes with several values are used. */
  readonly rows?: GridAxis;
  readonly columns?: GridAxis;
  /** Default: png. */
  readonly format?: FigureFormat;
  /** Pixels an inch, 36 to 1200. Default: 96; of svg and pdf 300. */
  readonly dpi?: number;
  /** The longer side of a cell: "4cm", "40mm", "1.5in", "120pt", or pixels of 1/96 inch. Default: by the pictures' sizes. */
  readonly cell?: string | number;
  /** Null leaves out all lines above the grid. Default: architecture and model's name. */
  readonly title?: string | null;
  /** Words for names: methods, labels, layers, pictures, models, "picture". */
  readonly headings?: Readonly<Record<string, string>>;
  /** Methods by the names of their papers, as "Grad-CAM++". Default: false. */
  readonly properNames?: boolean;
  /** Default: jet; of signed maps bwr. */
  readonly colormap?: ColormapName;
  /** The share of the map in the overlay. Default: 0.5. */
  readonly alpha?: number;
}

export interface GridFigure {
  /** A file each; none without maps. Axes that are not named have further pages. */
  readonly pages: readonly Uint8Array[];
  /** Letters that gradlens's fonts lack; the system's fonts draw their lines. */
  readonly foreign: readonly string[];
  /** Names of `headings` that no page prints. */
  readonly unused: readonly string[];
}

/**
 * Draws the maps of explanations, with guided backprop and guided Grad-CAM where they have it.
 * @throws GradlensError "bad-argument" for options that cannot be, or a page of more than 2^27 pixels; "bad-picture"
 */
export async function drawGrid(
  explained: readonly ExplainedPicture[],
  options: DrawGridOptions = {},
): Promise<GridFigure> {
  const { format = "png", dpi, cell, title, headings = {}, properNames = false } = options;
  if (!Object.hasOwn(FIGURE_FORMATS, format)) {
    throw badArgument(
      say`format "${String(format)}" is not one of ${Object.keys(FIGURE_FORMATS).join(", ")}`,
    );
  }
  if (dpi !== undefined && !(dpi >= DPI.min && dpi <= DPI.max))
    throw badArgument(say`dpi ${dpi}: give a number from ${DPI.min} to ${DPI.max}`);
  const spec = specOf(options);
  const words = headingsOf(new Map(Object.entries(headings)), properNames);
  const size = cell === undefined ? undefined : parseLength(String(cell), say`cell "${cell}"`);
  const texts: string[] = [];
  const pages: Uint8Array[] = [];
  for (const page of gridPages(sourcesOf(explained, options), spec, { headings: words, title })) {
    const drawn = await drawGridPage(page, { format, dpi, cell: size }, (shown) => shown.load());
    for (const text of drawn.texts) texts.push(text);
    pages.push(drawn.bytes);
  }
  return { pages, foreign: figureLetters().foreign(texts), unused: words.unused() };
}

function specOf({ rows, columns }: DrawGridOptions): GridSpec {
  for (const axis of [rows, columns])
    if (axis !== undefined && !AXES.includes(axis))
      throw badArgument(say`axis "${String(axis)}" is not one of ${AXES.join(", ")}`);
  if (rows !== undefined && rows === columns) throw badArgument(say`rows and columns are both ${rows}`);
  if (columns === undefined) {
    if (rows === undefined) return "auto";
    throw badArgument(say`rows is ${rows}: give columns too, or columns alone`);
  }
  return rows === undefined ? { columns } : { rows, columns };
}

function sourcesOf(explained: readonly ExplainedPicture[], options: DrawGridOptions): GridSource[] {
  const pictures = [...new Set(explained.map(({ picture }) => picture))];
  const models = [...new Set(explained.map(({ model }) => model))];
  return explained.map((one) => {
    const { picture, model, name, modelName } = one;
    const image = say`picture ${pictures.indexOf(picture) + 1}`;
    return {
      ...resultsOf(one, options),
      image: { key: image, name: name ?? (pictures.length > 1 ? image : "") },
      model: {
        key: say`model ${models.indexOf(model) + 1}`,
        name: modelName ?? (models.length > 1 ? model.arch : ""),
      },
    };
  });
}

/** A grid's source without the names of its picture and model. */
function resultsOf(one: ExplainedPicture, options: DrawGridOptions): Omit<GridSource, "image" | "model"> {
  const { picture, explanation, model, truth = {} } = one;
  checkPicture(picture);
  const { maps, targets, refused = [], guided = [] } = explanation;
  const { size, cropPct } = model.preprocessing;
  const crop = cropFor(picture, sizeOf(size), cropPct);
  const boxes = targets.flatMap(({ index }) => truth[index] ?? []);
  return {
    arch: model.arch,
    activation: model.activation,
    labels: model.labels ?? null,
    methods: [...new Set([...maps, ...refused].map(({ method }) => method))],
    refused,
    picture: { size: picture, load: () => marked(picture, boxes) },
    maps: maps.map((map) => mapOf(map, one, crop, options)),
    gradients: guided.map((gradient) => ({
      target: gradient.target,
      shown: gradientOf(gradient, one, crop),
    })),
  };
}

/** A gradient has the size of the model's input, and lies where that was in the picture. */
function gradientOf(
  { data, shape }: GuidedMap,
  { picture, model }: ExplainedPicture,
  crop: Crop,
  map?: CamMap,
): LazyPicture {
  const { cropPct, bgr } = model.preprocessing;
  return {
    size: picture,
    part: cropPct === undefined ? undefined : crop,
    load: () => guidedPicture(data, sizeOf(shape), { bgr, map: map?.data }),
  };
}

/** Undefined for a map that is a gradient itself: it is not multiplied with another one. */
const guidedOf = (
  { method, target }: CamMap,
  { inputGradients = [], guided = [] }: Explanation,
): GuidedMap | undefined =>
  inputGradients.some((one) => one.method === method)
    ? undefined
    : guided.find((one) => one.target.index === target.index);

const marked = (picture: Picture, boxes: readonly Box[]): Picture =>
  boxes.length === 0 ? picture : drawBoxes(picture, boxes, "solid");

function mapOf(
  map: CamMap,
  one: ExplainedPicture,
  crop: Crop,
  { colormap = map.signed ? "bwr" : "jet", alpha = 0.5 }: DrawGridOptions,
): GridMap {
  const { picture, explanation, options = {}, truth = {} } = one;
  if (!COLORMAPS.includes(colormap))
    throw badArgument(say`colormap "${colormap}" is not one of ${COLORMAPS.join(", ")}`);
  const guided = guidedOf(map, explanation);
  return {
    ...map,
    augSmooth: options.augSmooth,
    eigenSmooth: options.eigenSmooth,
    compareScale: options.compareScale,
    colormap,
    overlay: {
      size: picture,
      load: () => marked(overlay(picture, map, { alpha, colormap, crop }), truth[map.target.index] ?? []),
    },
    guided: guided && gradientOf(guided, one, crop, map),
  };
}
