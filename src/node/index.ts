/** @file gradlens/node: the library's functions for Node. */
export {
  adapterAdvice,
  listAdapters,
  openDevice,
  type AdapterChoice,
  type NodeDeviceOptions,
} from "./open-device.js";
export { openFile, type FileSource } from "./file-source.js";
export { readPicture, type ReadPicture, type ReadPictureOptions } from "./read-picture.js";
export type { SixteenBits } from "../picture-file/sixteen-bits.js";
export type { DicomOptions, DicomView, UsedWindow, Window, WindowFunction } from "../dicom/options.js";
export { writePicture, encodePicture, type PictureFormat } from "./write-picture.js";
export {
  drawGrid,
  type DrawGridOptions,
  type ExplainedPicture,
  type FigureFormat,
  type GridAxis,
  type GridFigure,
} from "./draw-grid.js";
