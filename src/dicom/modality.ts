/** @file Converts stored values to the modality's own units, such as Hounsfield units (PS3.3 C.11.1). */

import type { DataSet } from "dicom-parser";
import { itemsOf, numberOf, TAGS } from "./data-set.js";
import { lookUp, readLut } from "./lut.js";
import { say } from "../language/say.js";

/** Data sets with a frame's attributes, the most specific first: its own, the shared ones, the file's. */
export type Layers = readonly DataSet[];

/** The frame's functional groups (PS3.3 C.7.6.16, Enhanced multi-frame files), then the file's top level. */
export function layersOf(data: DataSet, index: number): Layers {
  const own = itemsOf(data, TAGS.frameGroups)[index];
  const groups = [...(own ? [own] : []), ...itemsOf(data, TAGS.sharedGroups)];
  const inGroups = groups.flatMap((group) => [
    ...itemsOf(group, TAGS.frameRescale),
    ...itemsOf(group, TAGS.frameVoi),
  ]);
  return [...inGroups, data];
}

/** From a stored value to the modality's units. */
export type Rescale = (value: number) => number;

/** Modality LUT, else slope · value + intercept, else the identity. @throws GradlensError "bad-picture" */
export function rescaleOf(layers: Layers, signed: boolean): Rescale {
  const table = layers.flatMap((layer) => itemsOf(layer, TAGS.modalityLuts))[0];
  if (table !== undefined) {
    const lut = readLut(table, TAGS.lutDescriptor, TAGS.lutData, signed);
    return (value) => lookUp(lut, value);
  }
  const first = (tag: typeof TAGS.rescaleSlope | typeof TAGS.rescaleIntercept, what: string) =>
    layers.map((layer) => numberOf(layer, tag, what)).find((value) => value !== undefined);
  const slope = first(TAGS.rescaleSlope, say`rescale slope`) ?? 1;
  const intercept = first(TAGS.rescaleIntercept, say`rescale intercept`) ?? 0;
  return (value) => value * slope + intercept;
}
