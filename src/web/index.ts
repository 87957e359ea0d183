/** @file gradlens/web: the device and the DICOM reader of a page. */
export { openDevice, type WebDeviceOptions } from "./open-device.js";
export { readDicom, type ReadDicomOptions } from "./read-dicom.js";
export { isDicom } from "../dicom/recognise.js";
export type { DicomDecoders } from "./dicom-codecs.js";
export type { DicomPicture } from "../dicom/read-picture.js";
export type { DicomOptions, DicomView, UsedWindow, Window, WindowFunction } from "../dicom/options.js";
