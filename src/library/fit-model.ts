/** @file What model a checkpoint is, without a device: its architecture, its settings, its graph, and its tensors as parameters. */

import { matchKeys } from "../checkpoint/match-keys.js";
import { requireComplete } from "../checkpoint/require-complete.js";
import type { CheckpointTensor } from "../checkpoint/types.js";
import { GradlensError } from "../errors.js";
import type { ArchDef, BuildOptions, FileAssumptions, TableReading } from "../models/arch.js";
import { detectArch } from "../models/detect.js";
import { checkKeysNotRefused } from "../models/refused.js";
import {
  ARCHITECTURES,
  buildTemplate,
  findSpelling,
  keyRulesFor,
  type Arch,
  type Template,
} from "../models/registry.js";
import {
  classesKey,
  headOf,
  identify,
  matchSketch,
  networkShapes,
  parameterShapes,
  wordsOf,
} from "./identify.js";
import { stateDictAssumption } from "./compare-modules.js";
import { buildAsSaid, byPath, compareFile, namedModules } from "./file-modules.js";
import type { ModelDescription } from "./model.js";
import { normalizerAround, withoutNormalizers } from "./normalizer.js";
import { checkSaidNetwork } from "./said-network.js";
import type { Assumption, GivenSettings } from "./settings.js";
import { checkGiven, settle } from "./settle.js";
import { toUnitScale } from "./statistics-scale.js";
import type { Tensors } from "./tensors.js";

export interface FitOptions extends GivenSettings {
  /** Needed only where the file doesn't say. */
  readonly arch?: Arch;
  /** Whose implementation the file is of, as "timm", where its keys fit several: layers and their paths may differ. */
  readonly spelling?: string;
}

export interface FittedModel {
  readonly description: ModelDescription;
  readonly template: Template;
  /** By the template's keys. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/**
 * Finds the architecture and checks every key and shape; no tensor is read. Nothing is ever filled in: a tensor that is
 * missing or has another shape is an error.
 * @throws GradlensError "bad-file", "bad-weights", "bad-argument"
 */
export function fitModel(file: Tensors, options: FitOptions = {}): FittedModel {
  checkGiven(options);
  const checkpoint = withoutNormalizers(file);
  const scaled = withUnitScale(options);
  const identity = identify(checkpoint, options);
  const { arch, spelling } = identity;
  const def: ArchDef = ARCHITECTURES[arch];
  const { statistics, labels } = findSpelling(arch, spelling);
  // Names first: classes, channels and the sizes of position tables come from what is found under them.
  const sketch = matchSketch(checkpoint, identity);
  const classes = sketch.tensors.get(classesKey(identity))?.shape[0] ?? 1000;
  const channels = sketch.tensors.get(def.channelsFrom)?.shape[1] ?? 3;
  const named = namedModules(checkpoint, identity, sketch);
  const modulesSaid = named && { modules: byPath(named) };
  const build = { classes, channels, spelling, shapes: sketch.shapes, ...modulesSaid };
  const usual = def.preprocessing.size;
  const fileSize = def.reading?.size({ ...build, size: usual }, networkShapes(checkpoint.tensors));
  const first = { ...build, size: options.size ?? fileSize?.size ?? usual };
  const expected = parameterShapes(buildAsSaid(checkpoint.name, arch, first));
  const rules = keyRulesFor(arch, spelling);
  const match = matchKeys(expected, checkpoint, rules, { head: headOf(identity) });
  // A backbone in a detector fits but for the head and what stands beside.
  if (match.report.missing.length + match.report.foreign.length > 0)
    checkKeysNotRefused(checkpoint.name, networkShapes(checkpoint.tensors));
  requireComplete(match.report, {
    file: checkpoint.name,
    arch,
    head: headOf(identity),
    otherArch: () => {
      const likely = detectArch(networkShapes(checkpoint.tensors)).map((found) => found.arch);
      // A head alone may be wrong, whose shape tells nothing of the architecture.
      return likely.includes(arch) ? undefined : likely[0];
    },
  });
  if (channels !== 1 && channels !== 3) {
    throw new GradlensError(
      "unsupported",
      `${checkpoint.name}: its first convolution reads ${channels} channels; pictures have 1 or 3`,
    );
  }
  const words = wordsOf(checkpoint);
  const network = checkSaidNetwork(checkpoint.name, words, arch, options.arch !== undefined);
  const normalizer = normalizerAround(file, sketch.tensors.get(def.channelsFrom)?.name ?? "", options);
  const settings = settle(
    scaled.options,
    checkpoint.metadata,
    {
      arch,
      spelling,
      classes,
      channels,
      usual: { ...def.preprocessing, ...statistics },
      ...(fileSize && { fileSize }),
      labels: labels?.length === classes ? labels : undefined,
      words,
      ...(normalizer && { normalizer }),
      takes: (size) => canBuild(arch, { ...build, size }),
      head: sketch.tensors.get(classesKey(identity))?.name.replace(/\.weight$/, "") ?? "",
      modules: checkpoint.modules,
      sequentialHead: match.report.renamed.some(({ from }) => /classifier\.0\.weight$/.test(from)),
    },
    checkpoint.name,
  );
  const fitted = { ...build, size: settings.size };
  const read = Object.entries(def.reading?.assumed?.(fitted) ?? {}) as [
    keyof FileAssumptions,
    TableReading,
  ][];
  const template = buildAsSaid(checkpoint.name, arch, fitted);
  const modules = named && compareFile(checkpoint, arch, template, named);
  return {
    description: {
      arch,
      spelling,
      classes,
      channels,
      labels: settings.labels,
      activation: settings.activation,
      preprocessing: {
        size: settings.size,
        mean: settings.mean,
        std: settings.std,
        bgr: settings.bgr,
        resize: settings.resize,
        cropPct: settings.cropPct,
      },
      assumed: [
        ...identity.assumed,
        ...scaled.assumed,
        ...settings.assumed,
        ...(modules?.assumed ?? [stateDictAssumption(arch)]),
        ...read.map(([what, reading]) => ({ what, ...reading })),
      ],
      said: [...network, ...settings.said],
      differences: settings.differences,
      report: match.report,
      modules,
      defaultLayer: def.defaultLayer,
    },
    template,
    tensors: match.tensors,
  };
}

function canBuild(arch: Arch, options: BuildOptions): boolean {
  try {
    buildTemplate(arch, options);
    return true;
  } catch (error) {
    if (error instanceof GradlensError) return false;
    throw error;
  }
}

/** The options with mean and std for samples of 0..1; that they were of 0..255 is an assumption. */
function withUnitScale(options: FitOptions): { options: FitOptions; assumed: readonly Assumption[] } {
  const { mean, std, converted } = toUnitScale(options.mean, options.std, "mean and std");
  if (!converted) return { options, assumed: [] };
  return {
    options: { ...options, ...(mean && { mean }), ...(std && { std }) },
    assumed: Object.entries({ mean, std }).flatMap(([what, value]) => {
      const given = options[what as "mean" | "std"]?.join(",");
      const because = `${given} is of samples 0..255, and is divided by 255`;
      return value === undefined ? [] : [{ what: what as "mean" | "std", value, because }];
    }),
  };
}
