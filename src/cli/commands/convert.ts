/** @file `gradlens convert`: a checkpoint as safetensors, with the settings that later runs need in its metadata. */

import { resolve } from "node:path";
import { dtypeInfo, type DType } from "../../checkpoint/dtype.js";
import { badFile } from "../../checkpoint/source.js";
import type { Checkpoint, CheckpointTensor } from "../../checkpoint/types.js";
import { safetensorsChunks, type WritableTensor } from "../../checkpoint/write-safetensors.js";
import { badArgument, GradlensError } from "../../errors.js";
import { writeChunksAtomically } from "../../node/write-stream.js";
import type { FitOptions } from "../../library/network/fit-request.js";
import type { DescribedModel, Engine } from "../engine/engine.js";
import { shownPath } from "../terminal/file-errors.js";
import { toBFloat16, toFloat16 } from "./floats.js";
import type { Host } from "../terminal/host.js";
import { Messages } from "../terminal/messages.js";
import { readModelSettings, type MergedSettings } from "../options/model-settings.js";
import type { OptionValues } from "../../options/table.js";
import { isThere } from "../results/store.js";
import { settingText } from "../../results/model-words.js";
import { byteText, dtypeWords } from "../../text/format.js";
import { findWeights, openWeights } from "../inputs/weights.js";
import { countText, say, translated } from "../../language/say.js";

type Dtype = NonNullable<OptionValues["dtype"]>;

/** safetensors' names of the types to convert to, and how f32 becomes them. */
const TARGETS: {
  readonly [D in Dtype]: { readonly dtype: DType; readonly from: (floats: Float32Array) => Uint8Array };
} = {
  f16: { dtype: "F16", from: toFloat16 },
  bf16: { dtype: "BF16", from: toBFloat16 },
  f32: {
    dtype: "F32",
    from: (floats) => new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength),
  },
};

export async function runConvert(
  host: Host,
  typed: OptionValues,
  input: string,
  output: string,
): Promise<number> {
  const path = resolve(host.cwd, output);
  if (!/\.safetensors$/i.test(path)) {
    throw badArgument(say`${output}: convert writes safetensors; name the result SOMETHING.safetensors`);
  }
  if (typed.activation === "none")
    throw badArgument(say`--activation none cannot be kept in a file; give it when running cam`);
  const weights = await findWeights(input, host.cwd);
  if (!typed.force && isThere(path)) {
    throw new GradlensError("bad-file", say`${output} is there already: --force replaces it`);
  }
  const engine = await host.engine();
  const said = await readModelSettings(host, typed, weights, engine);
  const { checkpoint, close } = await openWeights(engine, weights, said.reading);
  const messages = new Messages(host.stderr, host.env, typed.quiet ?? false);
  try {
    const model = modelOf(engine, checkpoint, said);
    const metadata = metadataOf(checkpoint, model, said);
    const tensors = [...checkpoint.tensors.values()].map((tensor) => {
      checkWritable(checkpoint.name, tensor);
      return typed.dtype === undefined ? tensor : converted(checkpoint.name, tensor, typed.dtype);
    });
    if (tensors.length === 0) throw badFile(checkpoint.name, say`holds no tensors to convert`);
    // Closed before the rename: the result may replace the file that it comes from.
    await writeChunksAtomically(path, safetensorsChunks(tensors, metadata), {
      signal: host.signal,
      finish: close,
    });
    for (const note of [...said.notes, ...checkpoint.notes]) messages.fact(say`Note`, note);
    for (const { what, value, because } of settledNow(model))
      messages.fact(say`Assumed`, say`--${what} ${settingText(what, value)}, and kept: ${because}`);
    const bytes = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
    messages.fact(
      say`Written`,
      `${shownPath(path, host.cwd)}: ${countText(tensors.length, "tensor")}, ${byteText(bytes)} (${dtypeWords(tensors)})`,
    );
    messages.fact(say`Metadata`, Object.keys(metadata).join(", "));
    messages.release();
    return 0;
  } finally {
    await close();
  }
}

/** Refuses what safetensors cannot hold, before anything is written. */
function checkWritable(file: string, { name, problem }: CheckpointTensor): void {
  if (problem !== undefined) throw badFile(file, say`tensor "${name}" ${translated(problem)}`);
  if (name === "__metadata__")
    throw badFile(file, say`has a tensor "${name}", a name that safetensors keeps for itself`);
}

/** A float tensor in another type; others stay as they are. */
function converted(file: string, tensor: CheckpointTensor, to: Dtype): WritableTensor {
  const { dtype, from } = TARGETS[to];
  const { kind, bits } = dtypeInfo(tensor.dtype);
  if (kind !== "float" || tensor.dtype === dtype) return tensor;
  return {
    name: tensor.name,
    dtype,
    shape: tensor.shape,
    byteLength: (tensor.byteLength / bits) * dtypeInfo(dtype).bits,
    async bytes() {
      const floats = await tensor.floats();
      if (to === "f16") checkRange(file, tensor.name, floats);
      return from(floats);
    },
  };
}

/** Half of the way from f16's greatest value to the next that it would have: rounded up, it is infinite. */
const F16_LIMIT = 65_520;

function checkRange(file: string, name: string, floats: Float32Array): void {
  const beyond = floats.find((value) => Math.abs(value) >= F16_LIMIT && Math.abs(value) < Infinity);
  if (beyond === undefined) return;
  throw badFile(file, say`tensor "${name}" has a value of ${beyond}, which f16 cannot hold; use bf16 or f32`);
}

/** Refuses what cam refuses: a converted file would look as if it could be explained. */
function modelOf(engine: Engine, checkpoint: Checkpoint, { fit }: MergedSettings): DescribedModel {
  const model = engine.describeModel(checkpoint, fit);
  const { arch, modules } = model;
  const [first] = modules?.computed ?? [];
  if (first === undefined) return model;
  // What the file's modules say would be lost, and the result computed as the architecture.
  throw badFile(
    checkpoint.name,
    say`is a changed ${arch} (${first}), which safetensors cannot hold: use the file as it is`,
  );
}

/** The file's own metadata with what the user says, and what is settled by it. */
function metadataOf(
  checkpoint: Checkpoint,
  model: DescribedModel,
  { fit }: MergedSettings,
): Record<string, string> {
  const { arch, spelling, labels, activation } = model;
  return {
    format: "pt",
    ...Object.fromEntries(checkpoint.metadata),
    ...settingsMetadata(fit),
    // The result holds tensors alone: what a training state said would be lost.
    ...settingsMetadata(saidBy(model)),
    ...settingsMetadata({ spelling, ...(labels && { activation }) }),
    arch,
  };
}

/** Assumptions that the result's metadata settles. Without labels the activation stays open: labels may change it. */
const settledNow = ({ assumed, labels }: DescribedModel): DescribedModel["assumed"] =>
  assumed.filter(({ what }) => what === "arch" || what === "spelling" || (what === "activation" && labels));

function settingsMetadata(settings: FitOptions): Record<string, string> {
  const metadata: Record<string, string> = {};
  const { size, mean, std, labels, activation } = settings;
  for (const [key, value] of Object.entries({
    spelling: settings.spelling,
    resize: settings.resize,
    crop_pct: settings.cropPct,
    bgr: settings.bgr,
    head_activation: settings.headActivation,
    transform_input: settings.transformInput,
  }))
    if (value !== undefined) metadata[key] = String(value);
  for (const [key, value] of Object.entries({ size, mean, std, labels }))
    if (value !== undefined) metadata[key] = JSON.stringify(value);
  if (activation === "sigmoid" || activation === "softmax")
    metadata["multi_label"] = String(activation === "sigmoid");
  return metadata;
}

/** The settings that a file's words say. */
function saidBy(model: DescribedModel): FitOptions {
  const { said, preprocessing, labels, activation, headActivation, transformInput, modules } = model;
  const isUsed = (what: string): boolean => said.some((word) => word.what === what && word.used);
  const { size, mean, std, resize, cropPct, bgr } = preprocessing;
  return {
    ...(isUsed("size") && { size }),
    ...(isUsed("mean") && { mean }),
    ...(isUsed("std") && { std }),
    ...(isUsed("resize") && { resize }),
    ...(isUsed("crop-pct") && { cropPct: cropPct ?? "off" }),
    ...(isUsed("bgr") && { bgr }),
    ...(isUsed("labels") && labels && { labels }),
    ...(isUsed("activation") && { activation }),
    ...(modules && headActivation && { headActivation }),
    ...(isUsed("transform-input") && transformInput !== undefined && { transformInput }),
  };
}
