/** @file gradlens/web: what a page gives the library. */
export { openDevice, type OpenDeviceOptions } from "./open-device.js";
