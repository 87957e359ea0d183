/** @file The public API of gradlens: the same in Node and in browsers. Devices and pictures come from gradlens/node and gradlens/web. */

export type { Tensors } from "./library/file/tensors.js";
export { loadModel, type LoadOptions, type WeightsSource } from "./library/model/load-model.js";
export { Model, type LayerValue, type CallOptions } from "./library/model/model.js";
export { type PreparedInput } from "./library/model/model-input.js";
export {
  type Embedding,
  type ModelDescription,
  type ModelPreprocessing,
} from "./library/settings/model-description.js";
export type { Assumption, Difference, FileWord, GivenSettings } from "./library/settings/settings.js";
export { METHOD_NAMES, METHODS, isMethodName, type MethodName } from "./cam/methods/table.js";
export type { ChannelShare } from "./cam/methods/channel-weights.js";
export type { MapOptions } from "./cam/map-options.js";
export { SIMILARITIES, type Comparison, type Similarity, type TargetVector } from "./cam/vectors.js";
export type { Activation } from "./cam/scores.js";
export type { Target, TargetChoice, TargetSpec } from "./cam/request/targets.js";
export type {
  CamMap,
  ExplainOptions,
  Explanation,
  GuidedMap,
  InputGradient,
  Progress,
  Refusal,
} from "./cam/request/types.js";
export { LANGUAGES, setLanguage, type Language } from "./language/languages.js";
export { GradlensError, type ErrorCode } from "./errors.js";
export { colormapTable, COLORMAPS, type ColormapName } from "./image/colormaps.js";
export { cropFor, type Crop } from "./image/crop.js";
export { HEAD_ACTIVATION_NAMES, type HeadActivation } from "./models/head.js";
export { RESIZE_NAMES, type Fitting, type ResizeName } from "./image/fit-picture.js";
export { drawContour } from "./image/contour.js";
export { guidedPicture } from "./image/guided-picture.js";
export { overlay, colorMap, type MapLike, type OverlayOptions } from "./image/overlay.js";
export type { Picture, PictureLike, RgbaPicture } from "./image/picture.js";
export { findRegions, type Region, type RegionOptions, type Regions } from "./image/regions.js";
export { resizeMap, resizePicture } from "./image/resize.js";
export type { Box, Rle } from "./image/rle.js";
export { parseThreshold, type Threshold } from "./image/threshold.js";
export { ARCH_NAMES, ARCHITECTURES, type Arch } from "./models/architectures.js";
export type { LayerLine } from "./models/taps.js";
export type { AdapterFacts, AdapterKind, Gpu } from "./runtime/gpu.js";
export type { Timing } from "./runtime/plan.js";
export { readCheckpoint } from "./checkpoint/read-checkpoint.js";
export { fromBlob, fromBytes, type ByteSource } from "./checkpoint/source.js";
export type { Checkpoint, CheckpointTensor } from "./checkpoint/types.js";
