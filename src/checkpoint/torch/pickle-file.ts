/** @file The reader that all torch files share: pickles under one limit, and the checkpoint made from them. */

import type { ByteWindow } from "../pickle/byte-window.js";
import { Allowance, type Builders } from "../pickle/machine.js";
import { unpickle } from "../pickle/unpickle.js";
import type { PyBytes, PyGlobal, PyValue } from "../pickle/values.js";
import { badFile, type ByteSource } from "../source.js";
import { quote } from "../quote.js";
import type { Checkpoint } from "../types.js";
import { buildersWith, isKnownName } from "./constructors.js";
import { refuseUnsupportedContents } from "./unsupported-contents.js";
import { sourceOf } from "./py-bytes.js";
import { valuesBeside } from "./facts.js";
import { moduleFacts } from "./module-facts.js";
import type { ScriptCode } from "./script/code.js";
import { followScript } from "./script/read-script.js";
import { findStateDict } from "./state-dict.js";
import { TorchStorage } from "./storage.js";
import { isExploitName } from "./exploit-names.js";
import { namedTensor, type TorchTensor } from "./tensor-value.js";
import { GRAPH_MODULE_MAKER, GRAPH_MODULE_NOTE } from "./wrapped-modules.js";
import { say, translated } from "../../language/say.js";

export interface PickleOptions {
  /** Refuse files whose pickle names functions that could do harm, instead of reporting them. Default false. */
  readonly strictPickle?: boolean;
  /** Path of the state dict to use, such as "model_ema", if the file holds several. */
  readonly stateDict?: string;
}

export class PickleReader {
  private nested: { storage: TorchStorage; bytes: PyBytes }[] = [];

  constructor(
    readonly file: ByteSource,
    private readonly options: PickleOptions,
    private readonly allowance = new Allowance(),
    /** Every name that the pickles mention. */
    readonly globals = new Map<string, PyGlobal>(),
  ) {}

  read(window: ByteWindow, persistent: Builders["persistent"]): Promise<PyValue> {
    const builders = buildersWith(persistent, (bytes) => {
      const storage = new TorchStorage(undefined);
      this.nested.push({ storage, bytes });
      return storage;
    });
    return unpickle(window, builders, this.allowance, this.globals);
  }

  /** Fills the storages that pickle.dump keeps in bytes of their own, each of which is a whole torch file. */
  async resolveNested(
    readStorage: (source: ByteSource, reader: PickleReader) => Promise<PyValue>,
  ): Promise<void> {
    const pending = this.nested;
    this.nested = [];
    for (const { storage, bytes } of pending) {
      const inner = new PickleReader(this.file, this.options, this.allowance, this.globals);
      const value = await readStorage({ ...(await sourceOf(bytes)), name: this.file.name }, inner);
      if (!(value instanceof TorchStorage) || inner.nested.length > 0) {
        throw badFile(this.file.name, say`has an invalid storage at byte ${bytes.offset}: it is damaged`);
      }
      storage.dtype = value.dtype;
      storage.stored = value.stored;
      storage.problem = value.problem;
    }
  }

  /** The checkpoint of `root`. @throws GradlensError "bad-file" if options request missing values, or forbid present ones */
  checkpoint(format: string, root: PyValue, code?: ScriptCode): Checkpoint {
    const names = [...this.globals.keys()];
    const suspects = names.filter(isExploitName);
    if (this.options.strictPickle && suspects[0] !== undefined)
      throw badFile(
        this.file.name,
        say`its pickle names ${quote(suspects[0])}, which weights do not need; refused by --strict-pickle`,
      );
    const { path, tensors, modules, others } = findStateDict(this.file.name, root, this.options.stateDict);
    refuseUnsupportedContents(this.file.name, { root, names, tensors });
    const beside = valuesBeside(root, path);
    const said: string[] = [];
    if (this.globals.has(GRAPH_MODULE_MAKER)) said.push(translated(GRAPH_MODULE_NOTE));
    const facts = moduleFacts(modules, (className) => code?.classes.get(className)?.constants);
    const scripted = code && modules.has("") ? followScript(code, modules.get("")!, facts) : undefined;
    if (suspects.length > 0) {
      said.push(
        say`warning: its pickle names ${suspects.slice(0, 8).map(quote).join(", ")}${suspects.length > 8 ? ", ..." : ""}, which weights do not need and exploits use; nothing of it was run`,
      );
    }
    if (others.length > 0) {
      said.push(
        say`its ${quote(path)} is used; it also holds ${others.map(quote).join(", ")} (chosen with --state-dict)`,
      );
    }
    const named = (all: ReadonlyMap<string, TorchTensor>) =>
      new Map([...all].map(([key, tensor]) => [key, namedTensor(this.file, key, tensor)]));
    return {
      format,
      name: this.file.name,
      tensors: named(tensors),
      metadata: new Map(),
      notes: said,
      records: names.filter((name) => !isKnownName(name)),
      facts: beside.facts,
      beside: named(beside.tensors),
      ...(modules.size > 0 && { modules: facts, ...scripted }),
      stateDict: path,
    };
  }
}
