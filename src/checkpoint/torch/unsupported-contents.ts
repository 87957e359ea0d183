/** @file Recognises PyTorch files without float weights, and advises how to get weights from them. */

import type { PyValue } from "../pickle/values.js";
import { badFile } from "../source.js";
import { quote } from "../quote.js";
import { GATHER } from "./distributed-tensor.js";
import { fieldsOf, isOptimizer } from "./state-dict.js";
import type { TorchTensor } from "./tensor-value.js";
import { phrase, say, translated } from "../../language/say.js";

interface Contents {
  readonly root: PyValue;
  /** Every name that the pickle mentions. */
  readonly names: readonly string[];
  /** The values used as the weights. */
  readonly tensors: ReadonlyMap<string, TorchTensor>;
}

const SAVE_MODEL = phrase`save the model: torch.save(model.state_dict(), "w.pth")`;
const JOIN_SHARDS = phrase`join its parts in the folder that DeepSpeed wrote: python zero_to_fp32.py . pytorch_model.bin`;

/** Modules with integer, half-precision or simulated quantised arithmetic. FloatFunctional computes in floats despite its name. */
const QUANTISED_CLASS =
  /^(?:__torch__\.)?torch\.(?:(?:ao\.)?nn\.(?:intrinsic\.)?(?:quantized|qat)\.(?!.*FloatFunctional$)|classes\.quantized\.|ao\.quantization\.fake_quantize\.)/;
const QUANTISED_KEY = /(?:^|\.)(?:_packed_params(?:\.|$)|fake_quant_enabled$)/;

/** Integers beside a scale and a zero point, as in a quantised layer's weight. */
const isQuantisedWeight = (key: string, tensors: Contents["tensors"]): boolean =>
  key.endsWith("weight") &&
  /^is quantised/.test(tensors.get(key)!.problem ?? "") &&
  tensors.has(key.replace(/weight$/, "zero_point"));

function quantised({ names, tensors }: Contents): string | undefined {
  const sign =
    [...tensors.keys()].find((key) => QUANTISED_KEY.test(key) || isQuantisedWeight(key, tensors)) ??
    names.find((name) => QUANTISED_CLASS.test(name));
  if (sign === undefined) return undefined;
  return say`holds a quantised model (${quote(sign)}), which rounds its numbers and so is another network than the float one; give the float model, saved before quantisation`;
}

function optimizer({ root, tensors }: Contents): string | undefined {
  if (isOptimizer(root)) return say`holds an optimizer's state and no weights; ${translated(SAVE_MODEL)}`;
  if (tensors.size > 0) return undefined;
  for (const [key, value] of fieldsOf(root).entries()) {
    const isOne = isOptimizer(value) || (Array.isArray(value) && value.some(isOptimizer));
    if (isOne && typeof key === "string")
      return say`holds an optimizer's state (${quote(key)}) and no weights; ${translated(SAVE_MODEL)}`;
  }
  return undefined;
}

const isEmpty = ({ shape }: TorchTensor): boolean => shape.length === 1 && shape[0] === 0;

/** ZeRO keeps each process's part of the optimizer in its own file, and at stage 3 of the parameters too. */
function deepSpeed({ root, tensors }: Contents): string | undefined {
  const fields = fieldsOf(root);
  if (fields.get("ds_version") === undefined) return undefined;
  if (fields.get("optimizer_state_dict") !== undefined && fields.get("module") === undefined)
    return say`is one process's part of DeepSpeed's optimizer, and no weights; ${translated(JOIN_SHARDS)}`;
  if (fields.get("param_shapes") === undefined || ![...tensors.values()].some(isEmpty)) return undefined;
  return say`is a DeepSpeed ZeRO-3 file whose weights lie in parts in other files; ${translated(JOIN_SHARDS)}`;
}

/** FSDP's LOCAL_STATE_DICT: all parameters of a module in one flat tensor. */
function flatParameter({ tensors }: Contents): string | undefined {
  const key = [...tensors.keys()].find((name) => /(?:^|\.)_?flat_param$/.test(name));
  if (key === undefined) return undefined;
  return say`holds FSDP's parameters joined in one tensor (${quote(key)}), without their positions; ${translated(GATHER)}`;
}

function paddle({ root }: Contents): string | undefined {
  if (fieldsOf(root).get("StructuredToParameterName@@") === undefined) return undefined;
  return say`is a Paddle state dict, with other names for BatchNorm's statistics and transposed Linear weights; convert it to PyTorch's state dict`;
}

const OTHERS: readonly ((contents: Contents) => string | undefined)[] = [
  optimizer,
  deepSpeed,
  flatParameter,
  paddle,
  quantised,
];

/** @throws GradlensError "bad-file" if the file holds one of these instead of weights */
export function refuseUnsupportedContents(file: string, contents: Contents): void {
  for (const other of OTHERS) {
    const problem = other(contents);
    if (problem !== undefined) throw badFile(file, problem);
  }
}
