/**
 * @file What the command uses of the library beside its public entries; scripts/check-imports.mjs holds the command to both.
 * The command imports from the files themselves: a bundle that is split by file would load the whole library at every start.
 */

export {
  MAP_OPTION_NAMES,
  mapOptionValues,
  type MapOptionValues,
  SHARED_OPTIONS,
} from "./cam/map-options.js";
export { likelyMethod, methodNamed } from "./cam/methods/aliases.js";
export { chooseEmbeddingTargets, embeddingLabels } from "./cam/request/embedding-targets.js";
export { reasonsOf } from "./cam/request/refusals.js";
export { chooseTargets, numericTargetNotes } from "./cam/request/targets.js";
export { scoresOf } from "./cam/scores.js";
export { checkVector, DEFAULT_SIMILARITY } from "./cam/vectors.js";
export { dtypeInfo } from "./checkpoint/dtype.js";
export { badFile } from "./checkpoint/source.js";
export { hasDicomMark } from "./dicom/recognise.js";
export { SeveralErrors, badArgument, hasCode, shortened } from "./errors.js";
export { AXES, type GridSpec } from "./figure/grid/axes.js";
export { headingsOf, type Headings } from "./figure/grid/headings.js";
export type { PageText } from "./figure/grid/page-text.js";
export { gridPages } from "./figure/grid/paginate.js";
export type { GridMap, GridSource, LazyPicture } from "./figure/grid/sources.js";
export type { FigureFormatName } from "./figure/layout/formats.js";
export { parseLength } from "./figure/layout/lengths.js";
export { partOf, type Rect } from "./figure/layout/rects.js";
export { scoreText } from "./figure/layout/score-text.js";
export { type StripLabel, layoutStrip } from "./figure/layout/strip-layout.js";
export type { Pair } from "./graph/types.js";
export { uniformBorder } from "./image/border.js";
export { drawBoxes } from "./image/box-lines.js";
export { fitPicture } from "./image/fit-picture.js";
export { type Size, sizeOf } from "./image/picture.js";
export { layMap } from "./image/resize.js";
export { fitModel } from "./library/fit/fit-model.js";
export type { FitOptions } from "./library/network/fit-request.js";
export { networkShapes } from "./library/file/tensors.js";
export { checkNotRefused } from "./models/unsupported.js";
export { archOfTimm } from "./models/timm-names.js";
export { detectArch, findArch } from "./models/registry.js";
export { buildArch, defaultLayerOf } from "./models/template.js";
export { type ModelRow, modelTable, summaryOf } from "./models/table.js";
export { meantWords, suggestion } from "./models/nearest.js";
export { listLayers } from "./models/taps.js";
