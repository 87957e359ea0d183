/** @file gradlens/web: the device, the engine in a worker, the readers of pictures and the canvas of a page. */
export { openDevice, type WebDeviceOptions } from "./open-device.js";
export { openEngine, WebEngine, type EngineOptions } from "./engine/open-engine.js";
export type { CallSettings } from "./engine/client.js";
export type {
  Availability,
  PictureFacts,
  WorkerExplainOptions,
  WorkerExplanation,
} from "./engine/worker-engine.js";
export type { ModelFacts, ModelWords } from "./engine/model-facts.js";
export type { ModelSettings } from "./engine/model-on-device.js";
export { drawOverlay, layOver, paintHeat, type DrawOptions, type LaidMap } from "./draw.js";
export { readPicture, type WebPicture, type WebPictureOptions } from "./read-picture.js";
export { readDicom, type ReadDicomOptions } from "./read-dicom.js";
export { isDicom } from "../dicom/recognise.js";
export type { DicomDecoders } from "./dicom-codecs.js";
export type { DicomPicture } from "../dicom/read-picture.js";
export type { DicomOptions, DicomView, UsedWindow, Window, WindowFunction } from "../dicom/options.js";
export type { SixteenBits } from "../picture-file/sixteen-bits.js";
