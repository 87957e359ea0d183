/** @file The model that is explained. */

import type { Pair } from "../graph/types.js";
import type { Template } from "../models/template.js";
import { findTap, type Tap } from "../models/taps.js";
import type { Device } from "../runtime/device.js";
import type { WeightStore } from "../runtime/weights.js";
import type { Activation } from "./scores.js";

/** A model on a device. */
export interface DeviceModel {
  readonly template: Template;
  readonly device: Device;
  readonly weights: WeightStore;
}

/** A model and the name that messages give it: its architecture. */
export interface NamedModel {
  readonly template: Template;
  readonly name: string;
}

export interface ExplainerModel extends DeviceModel, NamedModel {
  readonly size: Pair;
  readonly channels: number;
  readonly defaultLayer: string;
  /** Wrapper prefixes of the checkpoint's keys. */
  readonly prefixes: readonly string[];
  readonly labels?: readonly string[] | undefined;
  readonly activation: Activation;
  /** Makes the template once more, with a graph of its own; present without a classifier. */
  readonly rebuild?: (() => Template) | undefined;
}

/** @throws GradlensError "unknown-layer"; "unsupported" for a module without an output */
export const layerAt = ({ template, prefixes }: ExplainerModel, path: string): Tap =>
  findTap(template.modules, path, { prefixes, otherNames: template.otherNames });
