/** @file The steps that fit a checkpoint to the architecture that was identified. No tensor is read, and no device is needed. */

import type { KeyMatch } from "../../checkpoint/match-keys.js";
import type { CheckpointTensor } from "../../checkpoint/types.js";
import type { Pair } from "../../graph/types.js";
import type { FileAssumptions, TableReading } from "../../models/arch.js";
import { defaultLayerOf, ownSpelling, type Template } from "../../models/template.js";
import type { FitRequest } from "../network/fit-request.js";
import { headAssumptions } from "../network/head-assumptions.js";
import type { ModelDescription, ModuleComparison, ResolvedSettings } from "../settings/model-description.js";
import { NetworkGraphs } from "../network/network-graphs.js";
import { normalizerAround } from "../settings/normalizer.js";
import type { Network } from "../network/read-network.js";
import type { Assumption, FileWord, SettingFacts } from "../settings/settings.js";
import { resolveSettings } from "../settings/resolve-settings.js";
import { matchAs, parameterShapes } from "../network/sketch.js";
import { trainingStateOf } from "../file/tensors.js";
import { resolveTransformInput, type TransformInput } from "../network/transform-input.js";
import { say } from "../../language/say.js";

export interface FittedModel {
  readonly description: ModelDescription;
  readonly template: Template;
  /** Builds the template again, with a graph of its own. */
  readonly rebuild: () => Template;
  /** By the template's keys. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** A network, and the file's tensors under its parameters. */
export interface NetworkMatch {
  readonly request: FitRequest;
  readonly network: Network;
  readonly transform: TransformInput;
  readonly graphs: NetworkGraphs;
  /** May be incomplete. */
  readonly match: KeyMatch;
}

/** @throws GradlensError "bad-weights", "bad-argument" for a network that cannot be built */
export function matchNetwork(request: FitRequest, network: Network): NetworkMatch {
  const { options } = request;
  const { file, identity, kept, deepHead, fileSize } = network;
  const transform = resolveTransformInput(network, options.transformInput);
  const graphs = new NetworkGraphs(file.name, identity, {
    ...network.build,
    ...(transform.value !== undefined && { transformInput: transform.value }),
  });
  const template = graphs.at(options.size ?? kept.size ?? fileSize?.size ?? identity.def.preprocessing.size);
  const match = matchAs(identity, parameterShapes(template), file, {
    ...(deepHead && { headLayers: deepHead }),
  });
  return { request, network, transform, graphs, match };
}

/** The settings, and the graph at their size. @throws GradlensError as `resolveSettings` */
export function resolveNetwork(matched: NetworkMatch): { settings: ResolvedSettings; template: Template } {
  const { request, network, graphs } = matched;
  const normalizer = normalizerAround(request.file, network.stemKey ?? "", request.options);
  const facts = { ...factsOf(matched), ...(normalizer && { normalizer }) };
  const settings = resolveSettings(request.options, network.file.metadata, facts, network.file.name);
  return { settings, template: graphs.at(settings.size) };
}

/** What is known of the network beside its settings. */
interface NetworkFacts {
  readonly channels: 1 | 3;
  /** The names that the file gives its network. */
  readonly names: readonly FileWord[];
  readonly modules: ModuleComparison | undefined;
}

/** @throws GradlensError "bad-argument", "bad-weights" for a head that is not as the caller says, or that the file leaves open */
export function describeFit(
  { request, network, transform, graphs, match }: NetworkMatch,
  { settings, template }: { readonly settings: ResolvedSettings; readonly template: Template },
  { channels, names, modules }: NetworkFacts,
): FittedModel {
  const { identity, deepHead, file } = network;
  const { arch, spelling } = identity;
  const { headActivation: asked } = request.options;
  const { labels, activation, assumed, said, differences, ...preprocessing } = settings;
  const [, length] = template.logits.shape as [number, number];
  const without = network.leftOut && { without: network.leftOut.path };
  const description = {
    arch,
    spelling,
    classes: network.build.classes,
    embedding: template.embedding && { length, ...without },
    channels,
    labels,
    activation,
    preprocessing,
    assumed: [
      ...identity.assumed,
      ...request.assumed,
      ...assumed,
      ...(modules?.assumed ?? [stateDictAssumption(arch)]),
      ...tableAssumptions(network, settings.size),
      ...transform.assumed,
      ...headAssumptions(file.name, deepHead, asked, asked ?? network.kept.headActivation),
    ],
    said: [...names, ...said, ...transform.said],
    differences,
    report: { ...match.report, unused: [...match.report.unused, ...request.leftOut] },
    modules,
    headActivation: deepHead?.activation,
    transformInput: transform.value,
    defaultLayer: defaultLayerOf(identity, spelling),
  };
  return { description, template, tensors: match.tensors, rebuild: () => graphs.rebuild(settings.size) };
}

/** For a state dict, which holds names and numbers alone. */
const stateDictAssumption = (arch: string): Assumption => ({
  what: "modules",
  value: arch,
  because: say`a state dict does not hold strides, activations and pooling: they are those of the architecture`,
});

/** The facts from which the settings are resolved. */
function factsOf({ network, graphs, match }: NetworkMatch): SettingFacts {
  const { file, identity } = network;
  const { arch, spelling } = identity;
  const { classes, channels } = network.build;
  const { statistics, labels } = ownSpelling(identity);
  return {
    arch,
    spelling,
    classes,
    channels,
    usual: { ...identity.def.preprocessing, ...statistics },
    ...(network.fileSize && { fileSize: network.fileSize }),
    labels: labels?.length === classes ? labels : undefined,
    state: trainingStateOf(file),
    takes: (size) => graphs.accepts(size),
    head: network.headKey?.replace(/\.weight$/, "") ?? "",
    modules: file.modules,
    sequentialHead: match.report.renamed.some(({ from }) => /classifier\.0\.weight$/.test(from)),
  };
}

/** What is assumed of the file's position tables at a size. */
function tableAssumptions({ identity, build }: Network, size: Pair): Assumption[] {
  const { reading } = identity.def;
  const assumed = Object.entries(reading?.assumed?.({ ...build, size }) ?? {}) as [
    keyof FileAssumptions,
    TableReading,
  ][];
  return assumed.map(([what, { value, because }]) => ({ what, value, because }));
}
