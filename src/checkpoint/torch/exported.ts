/**
 * @file Reads torch.export's archives (.pt2, torch/export/pt2_archive). Since PyTorch 2.9 weights are raw records that a JSON text
 * describes; before, they are a torch.save file inside the archive.
 */

import { badFile, type ByteSource } from "../source.js";
import type { Checkpoint } from "../types.js";
import type { ZipEntries } from "../zip/directory.js";
import { modulesOfGraph } from "./exported-modules.js";
import { recordReader, readConfig, readJson, SAVE } from "./exported-weights.js";
import { PickleReader, type PickleOptions } from "./pickle-file.js";
import { phrase, say, translated } from "../../language/say.js";

const FORMAT = "torch.export (.pt2)";
const CONFIG = /^(?:[^/]*\/)?data\/weights\/(.+)_weights_config\.json$/;
const SAVED = /^(?:[^/]*\/)?(?:data\/weights\/[^/]+\.pt|serialized_state_dict\.pt)$/;
const GRAPH = /^(?:[^/]*\/)?(?:models\/[^/]+|serialized_exported_program)\.json$/;
const MARK = /^(?:[^/]*\/)?(?:archive_format|serialized_exported_program\.json)$/;
const GRAPH_NOTE = phrase`of its graph only the modules' settings were compared with the architecture; check the result with \`gradlens verify\``;

export const isExported = (entries: ZipEntries): boolean =>
  [...entries.keys()].some((name) => MARK.test(name));

/** @param readInner reads a torch.save file inside the archive */
export async function readExported(
  source: ByteSource,
  entries: ZipEntries,
  options: PickleOptions,
  readInner: (source: ByteSource) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const names = [...entries.keys()];
  const configs = names.filter((name) => CONFIG.test(name));
  const saved = names.filter((name) => SAVED.test(name));
  const graphs = names.filter((name) => GRAPH.test(name));
  if (graphs.length > 1)
    throw badFile(source.name, say`holds ${graphs.length} networks; ${translated(SAVE)}`);
  const [graph] = graphs;
  if (graph === undefined || configs.length + saved.length !== 1)
    throw badFile(
      source.name,
      say`is a compiled .pt2 package (AOTInductor), not a network with its weights; give the model's state dict`,
    );
  const [config] = configs;
  const checkpoint =
    config === undefined
      ? { ...(await readInner(await recordReader(source, entries, saved[0]!).source())), format: FORMAT }
      : new PickleReader(source, options).checkpoint(FORMAT, await readConfig(source, entries, config));
  const modules = modulesOfGraph(await readJson(source, entries, graph));
  return {
    ...checkpoint,
    ...(modules !== undefined && { modules }),
    notes: [...checkpoint.notes, translated(GRAPH_NOTE)],
  };
}
