/** @file Reads a reference of tools/make_ref.py: an input of a PyTorch model, and its results. */

import { dtypeInfo } from "../../checkpoint/dtype.js";
import { badFile } from "../../checkpoint/source.js";
import type { Checkpoint } from "../../checkpoint/types.js";
import { GradlensError } from "../../errors.js";
import { say } from "../../language/say.js";

export interface ReferenceTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface Reference {
  readonly name: string;
  readonly layer: string;
  readonly target: number;
  /** [1, channels, height, width], normalised. */
  readonly input: ReferenceTensor;
  /** [1, classes]. */
  readonly logits: ReferenceTensor;
  /** Of the layer, in PyTorch's layout. */
  readonly activations: ReferenceTensor;
  /** Of the target's logit at the layer. */
  readonly gradient: ReferenceTensor;
}

/** @throws GradlensError "bad-file" for what make_ref.py does not write */
export async function readReference(checkpoint: Checkpoint): Promise<Reference> {
  const { name, metadata } = checkpoint;
  const layer = metadata.get("layer");
  if (layer === undefined)
    throw badFile(
      name,
      say`its metadata names no layer: it is not a reference; make one with tools/make_ref.py`,
    );
  const input = await valuesOf(checkpoint, "input", 4);
  const logits = await valuesOf(checkpoint, "logits", 2);
  const activations = await valuesOf(checkpoint, "activations");
  const gradient = await valuesOf(checkpoint, "gradient");
  if (input.shape[0] !== 1 || logits.shape[0] !== 1)
    throw badFile(name, say`holds several pictures: make a reference of one`);
  const said = metadata.get("target") ?? "";
  const target = Number(said);
  if (!/^\d+$/.test(said) || target >= logits.data.length) {
    throw badFile(name, say`its target "${said}" is none of the ${logits.data.length} classes that it has`);
  }
  if (activations.shape.join() !== gradient.shape.join())
    throw badFile(name, say`its gradient has another shape than its activations`);
  return { name, layer, target, input, logits, activations, gradient };
}

async function valuesOf(
  { name: file, tensors }: Checkpoint,
  name: string,
  rank?: number,
): Promise<ReferenceTensor> {
  const tensor = tensors.get(name);
  if (tensor === undefined)
    throw badFile(file, say`has no tensor "${name}": it is not a reference; make one with tools/make_ref.py`);
  const { shape, dtype } = tensor;
  if ((rank !== undefined && shape.length !== rank) || dtypeInfo(dtype).kind !== "float" || shape.includes(0))
    throw badFile(file, say`its "${name}" is ${dtype} [${shape.join(", ")}]: make it with tools/make_ref.py`);
  const data = await tensor.floats();
  if (data.every((value) => Number.isFinite(value))) return { data, shape };
  throw new GradlensError(
    "bad-file",
    say`${file}: its "${name}" has values that are not finite: PyTorch's own model is broken, or its input was`,
  );
}

/** [1, C, H, W] as [1, H, W, C]. */
export function channelsLast({ data, shape }: ReferenceTensor): ReferenceTensor {
  const [n, channels, height, width] = shape as [number, number, number, number];
  const result = new Float32Array(data.length);
  const positions = height * width;
  for (let c = 0, from = 0; c < channels; c++)
    for (let p = 0; p < positions; p++) result[p * channels + c] = data[from++]!;
  return { data: result, shape: [n, height, width, channels] };
}
