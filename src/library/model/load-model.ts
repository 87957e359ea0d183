/** @file Loads a checkpoint as a model on a device. */

import { readCheckpoint } from "../../checkpoint/read-checkpoint.js";
import { readNormalization } from "../../checkpoint/normalization.js";
import { checkFinite } from "../../checkpoint/check-finite.js";
import type { ByteSource } from "../../checkpoint/source.js";
import type { CheckpointTensor } from "../../checkpoint/types.js";
import type { Pair } from "../../graph/types.js";
import { Device } from "../../runtime/device.js";
import type { Gpu } from "../../runtime/gpu.js";
import { WeightStore, type Parameter } from "../../runtime/weights.js";
import { GradlensError } from "../../errors.js";
import { fitDemo } from "../fit/fit-demo.js";
import type { FitOptions } from "../network/fit-request.js";
import type { FittedModel } from "../fit/fit-steps.js";
import { Model } from "./model.js";
import type { Tensors } from "../file/tensors.js";

/** Where weights come from: a file's bytes, a browser's File, an opened file, or a checkpoint that was read already. */
export type WeightsSource = Uint8Array | Blob | ByteSource | Tensors;

export interface LoadOptions extends Omit<FitOptions, "size"> {
  /** The side of a square in pixels, or [height, width]. */
  readonly size?: number | Pair;
  /** Of openDevice, in gradlens/node or gradlens/web. */
  readonly gpu: Gpu;
}

const isTensors = (source: WeightsSource): source is Tensors => "tensors" in source;

/**
 * Reads the weights, finds the architecture, checks every key and shape, and makes the model ready to run. Nothing is
 * ever filled in: a tensor that is missing or has another shape is an error.
 * @throws GradlensError "bad-file", "bad-weights", "bad-argument"
 */
export async function loadModel(weights: WeightsSource, options: LoadOptions): Promise<Model> {
  const checkpoint = isTensors(weights) ? await withNormalization(weights) : await readCheckpoint(weights);
  const { size, ...rest } = options;
  const pair = typeof size === "number" ? ([size, size] as const) : size;
  const { description, template, tensors, rebuild } = await fit(checkpoint, {
    ...rest,
    ...(pair && { size: pair }),
  });
  const device = new Device(options.gpu);
  const store = new WeightStore(device, parametersOf(tensors));
  return new Model(description, template, device, store, rebuild);
}

/** A file that is not of the demo's family, or does not fit it, needs all architectures, to be fitted or refused. */
async function fit(checkpoint: Tensors, options: FitOptions): Promise<FittedModel> {
  try {
    const fitted = fitDemo(checkpoint, options);
    if (fitted) return fitted;
  } catch (error) {
    if (!(error instanceof GradlensError)) throw error;
  }
  const { fitModel } = await import("../fit/fit-model.js");
  return fitModel(checkpoint, options);
}

/** Tensors that readCheckpoint did not make may hold a normalising module too. */
const withNormalization = async (made: Tensors): Promise<Tensors> => ({
  ...made,
  normalization: made.normalization ?? (await readNormalization(made.tensors)),
});

function parametersOf(tensors: ReadonlyMap<string, CheckpointTensor>): Map<string, Parameter> {
  const parameter = (key: string, tensor: CheckpointTensor): Parameter => ({
    async floats() {
      const values = await tensor.floats();
      checkFinite(key, values);
      return values;
    },
  });
  return new Map([...tensors].map(([key, tensor]) => [key, parameter(key, tensor)]));
}
