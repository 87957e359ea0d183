/** @file Reads checkpoints in several files: Hugging Face's `*.index.json` names the file of each tensor. */

import { isObject, parseFileJson } from "./json.js";
import { quote } from "./quote.js";
import { badFile, readExactly, type ByteSource } from "./source.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";
import { say } from "../language/say.js";

/** Opens the file of this name beside the one being read. */
export type OpenSibling = (name: string) => Promise<ByteSource>;

/** An index of 100 000 tensors has a tenth of this size. */
const MAX_INDEX_BYTES = 100_000_000;

/** @throws GradlensError "bad-file" if the text is not an index, or a file lacks a tensor of the index */
export async function readSharded(
  source: ByteSource,
  openSibling: OpenSibling | undefined,
  read: (shard: ByteSource) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const file = source.name;
  if (source.size > MAX_INDEX_BYTES)
    throw badFile(file, say`is JSON text of more bytes than any checkpoint's index has`);
  const index = parseFileJson(file, say`it`, await readExactly(source, 0, source.size));
  const map = isObject(index) ? index.weight_map : undefined;
  if (!isObject(map)) {
    throw badFile(
      file,
      say`is JSON text, but not the index of a checkpoint (it has no weight_map); give the file with the weights`,
    );
  }
  const shardOf = Object.entries(map).map(([key, shard]) => {
    if (typeof shard !== "string" || !/^[^/\\\0]+$/.test(shard) || shard === "..") {
      throw badFile(
        file,
        say`says that tensor ${quote(key)} lies in ${quote(JSON.stringify(shard))}, which is not a file beside it`,
      );
    }
    return [key, shard] as const;
  });
  if (openSibling === undefined)
    throw badFile(file, say`is the index of a checkpoint in several files; give them joined in one file`);
  const shards = new Map<string, Checkpoint>();
  for (const [, name] of shardOf)
    if (!shards.has(name)) shards.set(name, await read(await openSibling(name)));
  const tensors = shardOf.map(([key, shard]): [string, CheckpointTensor] => {
    const tensor = shards.get(shard)!.tensors.get(key);
    if (tensor === undefined)
      throw badFile(file, say`says that ${quote(shard)} holds tensor ${quote(key)}, but it does not`);
    return [key, tensor];
  });
  const all = [...shards.values()];
  return {
    format: say`${all[0]?.format ?? "safetensors"}, in ${shards.size} files`,
    name: file,
    tensors: new Map(tensors),
    metadata: new Map(all.flatMap((shard) => [...shard.metadata])),
    notes: [...new Set(all.flatMap((shard) => shard.notes))],
    records: [...new Set(all.flatMap((shard) => shard.records))],
    facts: new Map(all.flatMap((shard) => [...shard.facts])),
    stateDict: all[0]?.stateDict ?? "",
  };
}
