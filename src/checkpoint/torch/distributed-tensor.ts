/** @file Reads tensors of several processes in pickles: DTensor (FSDP2, tensor parallelism) and ShardedTensor (FSDP1). */

import { quote } from "../quote.js";
import { PyRecord, type PyValue } from "../pickle/values.js";
import { sameCounts } from "./arguments.js";
import { TorchTensor } from "./tensor-value.js";
import { phrase, say, translated } from "../../language/say.js";

const DTENSOR = /^torch\.distributed\._?tensor\.(?:\w+\.)?DTensor$/;
const SHARDED_TENSOR = /^torch\.distributed\._shard\.sharded_tensor\.(?:\w+\.)?ShardedTensor$/;

/** The advice for a tensor of which the file holds only a part. */
export const GATHER = phrase`save get_model_state_dict(model, options=StateDictOptions(full_state_dict=True)) of torch.distributed.checkpoint.state_dict instead`;

/**
 * The whole tensor if the process held all of it, else the reason why it cannot be read.
 * @param className of the tensor subclass
 * @param size of the whole tensor, over all processes
 * @param state in the format of _rebuild_from_type_v2
 */
export function wholeTensor(
  className: string,
  size: readonly number[],
  state: PyValue | undefined,
): TorchTensor | string {
  if (DTENSOR.test(className)) return ofDTensor(size, state);
  if (SHARDED_TENSOR.test(className)) return ofShardedTensor(size, state);
  return say`is of the class ${quote(className)}, which keeps its numbers in other tensors: save plain tensors instead`;
}

/** The state of a DTensor: {_local_tensor, _spec}, or with __slots__ (None, that). */
function ofDTensor(size: readonly number[], state: PyValue | undefined): TorchTensor | string {
  const table = Array.isArray(state) ? state.find((part) => part instanceof Map) : state;
  const [local, spec] =
    table instanceof Map ? [table.get("_local_tensor"), table.get("_spec")] : [undefined, undefined];
  if (!(local instanceof TorchTensor)) return say`is a DTensor without a tensor of its own process`;
  const placements = spec instanceof PyRecord ? spec.attribute("placements") : undefined;
  if (!Array.isArray(placements)) return say`is a DTensor without placements`;
  const partial = placements.some((p) => p instanceof PyRecord && /Partial$/.test(p.className));
  if (partial)
    return say`is one process's part of a sum (a DTensor placed as Partial): ${translated(GATHER)}`;
  return sameCounts(local.shape, size) ? local : shard(local.shape, size);
}

/** The state of a ShardedTensor: (local shards, metadata, process group, sharding, ...). Each shard has a tensor and offsets. */
function ofShardedTensor(size: readonly number[], state: PyValue | undefined): TorchTensor | string {
  const shards = Array.isArray(state) && Array.isArray(state[0]) ? state[0] : [];
  const tensors = shards.map((part) => (part instanceof PyRecord ? part.attribute("tensor") : undefined));
  const [local] = tensors;
  if (!(local instanceof TorchTensor)) return say`is a ShardedTensor without a shard of its own process`;
  return sameCounts(local.shape, size) ? local : shard(local.shape, size);
}

const shard = (local: readonly number[], size: readonly number[]): string =>
  say`is one process's shard ([${local.join(", ")}] of [${size.join(", ")}]): ${translated(GATHER)}`;
