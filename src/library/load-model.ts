/** @file From a checkpoint to a model on a device. */

import { readCheckpoint } from "../checkpoint/read-checkpoint.js";
import { checkFinite } from "../checkpoint/check-finite.js";
import { matchKeys } from "../checkpoint/match-keys.js";
import { requireComplete } from "../checkpoint/require-complete.js";
import type { ByteSource } from "../checkpoint/source.js";
import type { Checkpoint, CheckpointTensor } from "../checkpoint/types.js";
import { GradlensError } from "../errors.js";
import type { ArchDef } from "../models/arch.js";
import { detectArch } from "../models/detect.js";
import { ARCHITECTURES, buildTemplate, keyRulesFor, type Arch } from "../models/registry.js";
import { Device } from "../runtime/device.js";
import type { Gpu } from "../runtime/gpu.js";
import { WeightStore, type Parameter } from "../runtime/weights.js";
import { classesKey, headOf, identify, matchSketch, parameterShapes, shapesOf } from "./identify.js";
import { Model } from "./model.js";
import { settle, type GivenSettings } from "./settings.js";

/** Where weights come from: a file's bytes, a browser's File, an opened file, or a checkpoint that was read already. */
export type WeightsSource = Uint8Array | Blob | ByteSource | Tensors;

/** A checkpoint that was read, or tensors made otherwise. */
export type Tensors = Pick<Checkpoint, "name" | "tensors" | "metadata">;

export interface LoadOptions extends GivenSettings {
  /** Of openDevice, in gradlens/node or gradlens/web. */
  readonly gpu: Gpu;
  /** Needed only where the file doesn't say. */
  readonly arch?: Arch;
  /** Feed blue first, as models trained on cv2.imread's pictures want it. */
  readonly bgr?: boolean;
}

const isTensors = (source: WeightsSource): source is Tensors => "tensors" in source;

/**
 * Reads the weights, finds the architecture, checks every key and shape, and makes the model ready to run. Nothing is
 * ever filled in: a tensor that is missing or has another shape is an error.
 * @throws GradlensError "bad-file", "bad-weights", "bad-argument"
 */
export async function loadModel(weights: WeightsSource, options: LoadOptions): Promise<Model> {
  const checkpoint = isTensors(weights) ? weights : await readCheckpoint(weights);
  const identity = identify(checkpoint, options.arch);
  const { arch, spelling } = identity;
  const def: ArchDef = ARCHITECTURES[arch];
  // Names first: classes, channels and the sizes of position tables come from what is found under them.
  const sketch = matchSketch(checkpoint, identity);
  const classes = sketch.tensors.get(classesKey(identity))?.shape[0] ?? 1000;
  const channels = sketch.tensors.get(def.channelsFrom)?.shape[1] ?? 3;
  const build = { classes, channels, spelling, shapes: shapesOf(sketch.tensors) };
  const expected = parameterShapes(arch, { ...build, size: options.size ?? def.preprocessing.size });
  const rules = keyRulesFor(arch, spelling);
  const match = matchKeys(expected, checkpoint, rules, { head: headOf(identity) });
  requireComplete(match.report, {
    file: checkpoint.name,
    arch,
    otherArch: () => detectArch(shapesOf(checkpoint.tensors))[0]?.arch,
  });
  if (channels !== 1 && channels !== 3) {
    throw new GradlensError(
      "unsupported",
      `${checkpoint.name}: its first convolution reads ${channels} channels; pictures have 1 or 3`,
    );
  }
  const settings = settle(
    options,
    checkpoint.metadata,
    {
      arch,
      classes,
      channels,
      usual: def.preprocessing,
      sequentialHead: match.report.renamed.some(({ from }) => /classifier\.0\.weight$/.test(from)),
    },
    checkpoint.name,
  );
  const template = buildTemplate(arch, { ...build, size: settings.size });
  const device = new Device(options.gpu);
  const store = new WeightStore(device, parametersOf(match.tensors));
  return new Model(
    {
      arch,
      spelling,
      classes,
      channels,
      labels: settings.labels,
      activation: settings.activation,
      preprocessing: {
        size: settings.size,
        mean: settings.mean,
        std: settings.std,
        bgr: options.bgr ?? false,
        resize: "opencv-bilinear",
      },
      assumed: settings.assumed,
      report: match.report,
      defaultLayer: def.defaultLayer,
    },
    template,
    device,
    store,
  );
}

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
