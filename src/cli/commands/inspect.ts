/** @file `gradlens inspect`: what a checkpoint holds, which model it is and how that is known, and what `cam` would do. */

import { dtypeInfo } from "../../checkpoint/dtype.js";
import type { Checkpoint, CheckpointTensor } from "../../checkpoint/types.js";
import { GradlensError, shortened } from "../../errors.js";
import type { DescribedModel, Engine } from "../engine/engine.js";
import { copiesNote } from "../explain/model-notes.js";
import { oneLine } from "../text/safe-text.js";
import type { Host } from "../terminal/host.js";
import { readModelSettings, type MergedSettings } from "../options/model-settings.js";
import type { OptionValues } from "../../options/table.js";
import { statsOf, statsText, type TensorStats } from "./tensor-stats.js";
import { tensorTree } from "./tensor-tree.js";
import { comparedWords, outputWords } from "../text/module-words.js";
import { settingsFileOf } from "../options/settings-file.js";
import { assumedName, fileWordText } from "../../results/model-words.js";
import { checkWeights, nameWeights, openWeights } from "../inputs/weights.js";
import { unusedLines } from "../../results/unused-tensors.js";
import { byteText, dtypeWords } from "../../text/format.js";
import { countText, say, translated } from "../../language/say.js";
import { filledTo } from "../../language/width.js";

/** What `cam` would make of the file: a model, or the error it would end with. */
interface Verdict {
  readonly model: DescribedModel | undefined;
  /** How the architecture is known. */
  readonly evidence: readonly string[];
  readonly problem: string | undefined;
}

/** Longer values of metadata are cut, for people. */
const SHOWN_METADATA = 100;
const HEADING = 11;

export async function runInspect(host: Host, typed: OptionValues, file?: string): Promise<number> {
  const engine = await host.engine();
  const [named] = nameWeights({ ...typed, ...(file !== undefined && { weights: [file] }) }, undefined, host);
  const weights = await checkWeights(named!);
  const said = await readModelSettings(host, typed, weights, engine);
  const { checkpoint, bytes, close } = await openWeights(engine, weights, said.reading);
  try {
    const stats = typed.stats ? await statsByName(checkpoint, host.signal) : undefined;
    const verdict = verdictOf(engine, checkpoint, said, stats);
    const lines = typed.json
      ? [JSON.stringify(record(checkpoint, bytes, verdict, stats))]
      : [
          ...fileLines(checkpoint, bytes),
          ...verdictLines(verdict, said, settingsFileOf(weights.shown)),
          "",
          ...tensorTree(
            checkpoint.tensors.values(),
            (tensor) => tensorWords(tensor, stats),
            typed.verbose || stats ? undefined : blockWords,
          ),
        ];
    host.stdout.write(`${lines.join("\n")}\n`);
    return 0;
  } finally {
    await close();
  }
}

/** Of every tensor that can be read, one after the other, so that only one is in memory. */
async function statsByName(checkpoint: Checkpoint, signal: AbortSignal): Promise<Map<string, TensorStats>> {
  const stats = new Map<string, TensorStats>();
  for (const [name, tensor] of checkpoint.tensors) {
    signal.throwIfAborted();
    if (tensor.problem === undefined && hasFloats(tensor)) stats.set(name, statsOf(await tensor.floats()));
  }
  return stats;
}

function verdictOf(
  engine: Engine,
  checkpoint: Checkpoint,
  { fit }: MergedSettings,
  stats: ReadonlyMap<string, TensorStats> | undefined,
): Verdict {
  try {
    const model = engine.describeModel(checkpoint, fit);
    const evidence = evidenceOf(engine, checkpoint, model, fit.arch !== undefined);
    return { model, evidence, problem: unusable(checkpoint, model, stats) };
  } catch (error) {
    if (!(error instanceof GradlensError) || error.code === "internal") throw error;
    return { model: undefined, evidence: [], problem: error.message };
  }
}

function evidenceOf(
  engine: Engine,
  checkpoint: Checkpoint,
  { arch, spelling, report, modules, assumed }: DescribedModel,
  named: boolean,
): string[] {
  const inFile = checkpoint.metadata.get("arch");
  const known = named
    ? say`you say so`
    : inFile !== undefined
      ? say`its metadata says ${inFile}`
      : say`its keys and shapes say so`;
  const others = engine
    .detectModels(checkpoint)
    .filter((other) => other.arch !== arch || other.spelling !== spelling)
    .map((other) => `${other.arch} (${other.spelling})`);
  const rules = [...new Set(report.renamed.map(({ rule }) => rule))];
  return [
    known,
    say`each of its ${report.used.length} parameters is in the file, in its shape`,
    ...(report.prefixes.length > 0 ? [say`below the prefix ${report.prefixes.join(", ")}`] : []),
    ...copiesNote(report),
    ...(rules.length > 0
      ? [say`${countText(report.renamed.length, "key")} renamed: ${rules.map(translated).join("; ")}`]
      : []),
    ...unusedLines(report.unused),
    ...(modules ? [comparedWords(modules), ...modules.notes] : []),
    ...assumed.flatMap(({ what, value, because }) =>
      assumedName(what) === undefined
        ? []
        : [say`assumed: ${assumedName(what)} ${String(value)}: ${because}`],
    ),
    ...(others.length > 0 ? [say`keys and shapes fit ${others.join(", ")} as well`] : []),
  ];
}

/** Why a file that fits cannot be used; undefined where it can. */
function unusable(
  checkpoint: Checkpoint,
  { report }: DescribedModel,
  stats: ReadonlyMap<string, TensorStats> | undefined,
): string | undefined {
  for (const name of report.used) {
    const problem = checkpoint.tensors.get(name)?.problem;
    if (problem !== undefined) return say`tensor "${name}" ${translated(problem)}`;
    const { nan = 0, infinite = 0 } = stats?.get(name) ?? {};
    if (nan + infinite > 0)
      return say`tensor "${name}" holds ${countText(nan + infinite, "value")} that are not finite`;
  }
  return undefined;
}

const hasFloats = ({ dtype }: CheckpointTensor): boolean => dtypeInfo(dtype).toFloats !== undefined;

const fact = (heading: string, text: string): string => `${filledTo(heading, HEADING)} ${oneLine(text)}`;

function fileLines(checkpoint: Checkpoint, bytes: number): string[] {
  const { name, format, stateDict, tensors, metadata, records, notes } = checkpoint;
  const all = [...tensors.values()];
  const where = stateDict === "" ? "" : say` in ${stateDict}`;
  const size = byteText(all.reduce((sum, { byteLength }) => sum + byteLength, 0));
  const types = all.length > 0 ? `, ${size} (${dtypeWords(all)})` : "";
  return [
    fact(say`File`, `${name}, ${byteText(bytes)}`),
    fact(say`Format`, format),
    fact(say`Tensors`, `${all.length}${where}${types}`),
    ...[...metadata].map(([key, value], i) =>
      fact(
        i === 0 ? say`Metadata` : "",
        `${key}: ${value.length > SHOWN_METADATA ? `${value.slice(0, SHOWN_METADATA)}...` : value}`,
      ),
    ),
    ...(records.length > 0
      ? [fact(say`Records`, say`${records.join(", ")} (kept as records, never looked up or called)`)]
      : []),
    ...notes.map((note) => fact(say`Note`, note)),
  ];
}

function tensorWords(tensor: CheckpointTensor, stats: ReadonlyMap<string, TensorStats> | undefined): string {
  const { name, dtype, shape, byteLength, problem } = tensor;
  const own = stats?.get(name);
  return [
    `${dtype} [${shape.join(", ")}]`,
    byteText(byteLength),
    ...(problem !== undefined ? [oneLine(translated(problem))] : []),
    ...(own ? [statsText(own)] : []),
  ].join("  ");
}

/** Of the tensors of folded blocks: how many, their type, and the range of each side. */
function blockWords(tensors: readonly CheckpointTensor[]): string {
  const { dtype, shape } = tensors[0]!;
  const sides = shape.map((_, i) => {
    const all = tensors.map((tensor) => tensor.shape[i]!);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return least === most ? String(least) : `${least}..${most}`;
  });
  const bytes = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const problems = new Set(
    tensors.flatMap(({ problem }) => (problem === undefined ? [] : [oneLine(translated(problem))])),
  );
  return [`${tensors.length} x ${dtype} [${sides.join(", ")}]`, byteText(bytes), ...problems].join("  ");
}

function verdictLines(
  { model, evidence, problem }: Verdict,
  { kept }: MergedSettings,
  keptIn: string,
): string[] {
  const end = problem === undefined ? [] : [fact("cam", say`would end with: ${problem}`)];
  if (model === undefined) return end;
  const { arch, spelling, channels, labels, activation, preprocessing, defaultLayer } = model;
  const { size, mean, std, bgr, resize, cropPct } = preprocessing;
  const because = (setting: string): string => {
    const assumed = model.assumed.findLast(({ what }) => what === setting);
    if (assumed !== undefined) return say` (assumed: ${assumed.because})`;
    const said = model.said.findLast(({ what, used }) => used && what === setting);
    return said === undefined ? "" : say` (from ${said.from})`;
  };
  const order = channels === 1 ? say`grey` : bgr ? "BGR" : "RGB";
  return [
    fact(say`Model`, `${arch} (${spelling}), ${outputWords(model)}`),
    ...evidence.map((line) => fact("", line)),
    ...model.said.map((word, i) => fact(i === 0 ? say`File says` : "", fileWordText(word))),
    ...(end.length > 0
      ? end
      : [
          fact("cam", say`would feed ${size.join("x")} pixels, ${order}${because("size")}`),
          fact("", say`resized by ${resize}${cropPct === undefined ? "" : say`, cropped by ${cropPct}`}`),
          fact(
            "",
            say`less mean ${mean.join(",")}${because("mean")}, over std ${std.join(",")}${because("std")}`,
          ),
          ...(model.transformInput === true
            ? [fact("", say`turned to mean 0.5, std 0.5 by the network${because("transform-input")}`)]
            : []),
          fact("", say`show scores by ${activation}${because("activation")}`),
          fact(
            "",
            say`name labels ${labels ? labels.map((label) => shortened(label)).join(", ") : say`by their numbers (--labels gives names)`}`,
          ),
          fact("", say`and look at ${model.layers().find((layer) => layer.default)?.path ?? defaultLayer}`),
        ]),
    ...(kept.length > 0 ? [fact(say`Settings`, say`${kept.join(", ")} from ${keptIn}`)] : []),
  ];
}

/** The same for programs. */
function record(
  { name, format, stateDict, tensors, metadata, records, notes }: Checkpoint,
  bytes: number,
  { model, evidence, problem }: Verdict,
  stats: ReadonlyMap<string, TensorStats> | undefined,
): Record<string, unknown> {
  return {
    file: name,
    bytes,
    format,
    stateDict,
    metadata: Object.fromEntries(metadata),
    records,
    notes,
    tensors: [...tensors.values()].map((tensor) => ({
      name: tensor.name,
      dtype: tensor.dtype,
      shape: tensor.shape,
      bytes: tensor.byteLength,
      ...(tensor.problem !== undefined && { problem: tensor.problem }),
      ...(stats?.has(tensor.name) && { stats: stats.get(tensor.name) }),
    })),
    // Functions do not exist in JSON.
    model: model === undefined ? null : { ...model, evidence },
    problem: problem ?? null,
  };
}
