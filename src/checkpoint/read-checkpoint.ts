/** @file Reads a checkpoint of any supported kind; its content decides the kind. */

import { HEAD_BYTES, supportedKind, type CheckpointKind } from "./file-kinds.js";
import { withComputedWeights } from "./parametrizations.js";
import { readSafetensors } from "./safetensors.js";
import type { OpenSibling } from "./sharded.js";
import { readExactly, toSource, type ByteSource } from "./source.js";
import { readNormalization, readValues } from "./normalization.js";
import type { PickleOptions } from "./torch/pickle-file.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";

export interface ReadOptions extends PickleOptions {
  /** Opens a file beside this one, for checkpoints in several files. Without it, those are refused. */
  readonly openSibling?: OpenSibling | undefined;
}

/** Readers of other files than safetensors are loaded when such a file is read: a page begins without them. */
const READERS: Readonly<
  Record<CheckpointKind, (source: ByteSource, options: ReadOptions) => Promise<Checkpoint>>
> = {
  safetensors: readSafetensors,
  zip: async (source, options) => {
    const { readTorchZip } = await import("./torch/zip-file.js");
    return readTorchZip(source, options);
  },
  pickle: async (source, options) => {
    const [{ readPickleFile }, { readDistributed }] = await Promise.all([
      import("./torch/legacy-file.js"),
      import("./torch/distributed-checkpoint.js"),
    ]);
    return readPickleFile(source, options, (metadata, names) =>
      readDistributed(metadata, {
        names,
        source,
        options,
        openSibling: options.openSibling,
        readPart: (part) => readFile(part, options.strictPickle ? { strictPickle: true } : {}),
      }),
    );
  },
  json: async (source, options) => {
    const { readSharded } = await import("./sharded.js");
    return readSharded(source, options.openSibling, (shard) =>
      readFile(shard, { ...options, openSibling: undefined }),
    );
  },
};

/**
 * Opens a checkpoint. Only its headers are read now; each tensor is read on demand, so `input` must stay open and unchanged.
 * Nothing in the file is ever executed.
 * @throws GradlensError "bad-file" for a damaged, truncated or unsupported file; the message names its kind
 */
export async function readCheckpoint(
  input: ByteSource | Uint8Array | Blob,
  options: ReadOptions = {},
): Promise<Checkpoint> {
  const source = toSource(input);
  if (source.name.endsWith(".distcp")) {
    const { partAlone } = await import("./torch/distributed-places.js");
    throw partAlone(source.name);
  }
  const own = await withValues(withComputedWeights(await readFile(source, options)));
  if (source.beside === undefined) return own;
  const { factsBeside } = await import("./model-folder.js");
  return { ...own, facts: new Map([...own.facts, ...(await factsBeside(source))]) };
}

/** The tensors as stored. */
async function readFile(source: ByteSource, options: ReadOptions): Promise<Checkpoint> {
  const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.size));
  const kind =
    supportedKind(head) ?? (await import("./foreign-kinds.js")).otherKind(source.name, head, source.size);
  return READERS[kind](source, options);
}

/** Reads the few values that define the normalisation of pictures, because later steps depend on them. */
async function withValues(checkpoint: Checkpoint): Promise<Checkpoint> {
  const { beside = new Map<string, CheckpointTensor>(), ...rest } = checkpoint;
  const statistics = [...beside].flatMap(([path, tensor]) => (STATISTICS.test(path) ? [tensor] : []));
  const facts = new Map(checkpoint.facts);
  for (const [path, values] of await readValues(statistics)) {
    const isScalar = beside.get(path)!.shape.length === 0;
    facts.set(path, isScalar ? values[0]! : [...values]);
  }
  return { ...rest, facts, normalization: await readNormalization(checkpoint.tensors) };
}

const STATISTICS = /(?:mean|std|mu|sigma)\w*$/i;
