/** @file From a checkpoint to a model on a device. */

import { readCheckpoint } from "../checkpoint/read-checkpoint.js";
import { checkFinite } from "../checkpoint/check-finite.js";
import { ANY, matchKeys } from "../checkpoint/match-keys.js";
import { requireComplete } from "../checkpoint/require-complete.js";
import type { ByteSource } from "../checkpoint/source.js";
import type { Checkpoint, CheckpointTensor } from "../checkpoint/types.js";
import { GradlensError } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import type { Pair } from "../graph/types.js";
import type { ArchDef } from "../models/arch.js";
import { ARCH_NAMES, ARCHITECTURES, buildTemplate, findArch, type Arch } from "../models/registry.js";
import { Device } from "../runtime/device.js";
import type { Gpu } from "../runtime/gpu.js";
import { WeightStore, type Parameter } from "../runtime/weights.js";
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
  const arch = archOf(checkpoint, options.arch);
  const def: ArchDef = ARCHITECTURES[arch];
  // Names first: the number of classes and channels come from what is found under them.
  const sketch = matchArch(checkpoint, arch);
  const classes = sketch.tensors.get(def.classesFrom)?.shape[0] ?? 1000;
  const channels = sketch.tensors.get(def.channelsFrom)?.shape[1] ?? 3;
  const size = options.size ?? def.preprocessing.size;
  const expected = expectedBy(arch, size, classes, channels);
  const match = matchKeys(expected, checkpoint, def.keyRules, { head: headOf(def) });
  requireComplete(match.report, {
    file: checkpoint.name,
    arch,
    otherArch: () => ARCH_NAMES.find((other) => fits(checkpoint, other)),
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
  const template = buildTemplate(arch, { size: settings.size, channels, classes });
  const device = new Device(options.gpu);
  const store = new WeightStore(device, parametersOf(match.tensors));
  return new Model(
    {
      arch,
      spelling: "torchvision",
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

function archOf(checkpoint: Tensors, given: Arch | undefined): Arch {
  const said = given ?? checkpoint.metadata.get("arch");
  if (said !== undefined) return findArch(said).arch;
  const fitting = ARCH_NAMES.filter((arch) => fits(checkpoint, arch));
  const [arch, ...others] = fitting;
  if (arch !== undefined && others.length === 0) return arch;
  const which = arch === undefined ? ARCH_NAMES : fitting;
  throw new GradlensError(
    "bad-weights",
    `${checkpoint.name} does not say its architecture and its keys ${arch === undefined ? "fit none of those known" : "fit several"}; name it with --arch, one of ${which.join(", ")}`,
  );
}

/** Whether all keys that an architecture needs are there, of the right shapes. */
function fits(checkpoint: Tensors, arch: Arch): boolean {
  const { report } = matchArch(checkpoint, arch);
  return report.missing.length === 0 && report.mismatched.length === 0;
}

/** The file's tensors as an architecture's parameters, for any number of classes and channels. */
function matchArch(checkpoint: Tensors, arch: Arch): ReturnType<typeof matchKeys> {
  const def: ArchDef = ARCHITECTURES[arch];
  const expected = expectedBy(arch, def.preprocessing.size, 1000, 3);
  const loosen = (key: string, axis: number): void => {
    const shape = expected.get(key);
    if (shape) expected.set(key, [...shape.slice(0, axis), ANY, ...shape.slice(axis + 1)]);
  };
  loosen(def.classesFrom, 0);
  loosen(`${headOf(def)}.bias`, 0);
  loosen(def.channelsFrom, 1);
  return matchKeys(expected, checkpoint, def.keyRules, { head: headOf(def) });
}

const headOf = (def: ArchDef): string => def.classesFrom.replace(/\.weight$/, "");

function expectedBy(arch: Arch, size: Pair, classes: number, channels: number): Map<string, Shape> {
  const { graph } = buildTemplate(arch, { size, channels, classes });
  return new Map([...graph.params].map(([key, node]) => [key, node.shape]));
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
