/** @file The model that is explained. */

import type { Pair } from "../graph/types.js";
import type { Template } from "../models/registry.js";
import type { Device } from "../runtime/device.js";
import type { WeightStore } from "../runtime/weights.js";
import type { Activation } from "./scores.js";

/** A model on a device. */
export interface DeviceModel {
  readonly template: Template;
  readonly device: Device;
  readonly weights: WeightStore;
}

export interface ExplainerModel extends DeviceModel {
  /** The architecture, for messages. */
  readonly name: string;
  readonly size: Pair;
  readonly channels: number;
  readonly defaultLayer: string;
  /** Wrapper prefixes of the checkpoint's keys. */
  readonly prefixes: readonly string[];
  readonly labels?: readonly string[] | undefined;
  readonly activation: Activation;
}
