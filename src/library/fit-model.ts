/** @file Fits a checkpoint to an architecture, without a device: settings, graph, and tensors as parameters. */

import type { KeyReport } from "../checkpoint/match-keys.js";
import type { CheckpointTensor } from "../checkpoint/types.js";
import type { Pair } from "../graph/types.js";
import type { HeadActivation } from "../graph/file-head.js";
import type { FileAssumptions, TableReading } from "../models/arch.js";
import type { Arch } from "../models/architectures.js";
import { defaultLayerOf, ownSpelling, type Template } from "../models/template.js";
import { headAssumptions } from "./head-assumptions.js";
import { readMetadata } from "./metadata.js";
import { buildAsSaid, stateDictAssumption } from "./said-modules.js";
import { identify, wordsOf } from "./identify.js";
import type { ModelDescription } from "./model-description.js";
import { normalizerAround, withoutNormalizers } from "./normalizer.js";
import { withoutClassifier } from "./no-classifier.js";
import { isBuildable, matchNetwork, pictureChannels, readNetwork, type Network } from "./read-network.js";
import type { Networks } from "./networks.js";
import type { Assumption, GivenSettings, ModelFacts } from "./settings.js";
import { checkGiven, settle } from "./settle.js";
import { settleTransformInput } from "./transform-input.js";
import { toUnitScale } from "./statistics-scale.js";
import type { Tensors } from "./tensors.js";
import { say } from "../language/say.js";
import { withoutTextTower } from "./text-tower.js";

export interface FitOptions extends GivenSettings {
  /** Needed only if the file does not say it. */
  readonly arch?: Arch;
  /**
   * The implementation that the file comes from, such as "timm", if its keys fit several: layers and their paths may differ.
   */
  readonly spelling?: string;
  /** The activation of a head of several layers, if the file does not say it. Default: relu, which is then an assumption. */
  readonly headActivation?: HeadActivation;
  /** Leaves the classifier out: the output is then what the classifier reads. */
  readonly embedding?: boolean;
  /**
   * torchvision's transform_input, if the file does not say it: the network first changes ImageNet's normalisation to 0.5 and
   * 0.5. Default: true, which is then an assumption.
   */
  readonly transformInput?: boolean;
}

export interface FittedModel {
  readonly description: ModelDescription;
  readonly template: Template;
  /** Builds the template again, with a graph of its own. */
  readonly rebuild: () => Template;
  /** By the template's keys. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/**
 * Finds the architecture and checks every key and shape; no tensor is read. Nothing is filled in: a missing tensor, or one with
 * another shape, is an error.
 * @throws GradlensError "bad-file", "bad-weights", "bad-argument"
 */
export function fitAmong(networks: Networks, file: Tensors, options: FitOptions): FittedModel {
  checkGiven(options);
  const { file: whole, leftOut } = withoutTextTower(withoutNormalizers(file));
  const { name } = whole;
  const scaled = withUnitScale(options);
  const identity = identify(networks, whole, options);
  const { arch, spelling } = identity;
  const kept = readMetadata(whole.metadata, name);
  const named = (options.labels ?? kept.labels)?.length;
  const cut = options.embedding ? withoutClassifier(whole, identity, named) : undefined;
  const checkpoint = cut?.file ?? whole;
  const headActivation = options.headActivation ?? kept.headActivation;
  const network = readNetwork(networks.all, checkpoint, identity, {
    headActivation,
    leftOut: cut?.leftOut,
    labels: named,
  });
  const transform = settleTransformInput(network, {
    asked: options.transformInput,
    kept: kept.transformInput,
    words: wordsOf(checkpoint),
    hasCode: checkpoint.calls !== undefined,
  });
  const { value: transformInput } = transform;
  const build = (size: Pair): Template =>
    buildAsSaid(name, identity, {
      ...network.build,
      size,
      ...(transformInput !== undefined && { transformInput }),
    });
  const firstSize = options.size ?? network.fileSize?.size ?? identity.def.preprocessing.size;
  const first = build(firstSize);
  const { tensors, report: matched } = matchNetwork(checkpoint, network, first, networks.all);
  const report = { ...matched, unused: [...matched.unused, ...leftOut] };
  const channels = pictureChannels(name, network.build.channels);
  const namesSaid =
    networks.all?.checkSaid(name, wordsOf(checkpoint), arch, options.arch !== undefined) ?? [];
  const normalizer = normalizerAround(file, network.stemKey ?? "", options);
  const facts = { ...factsOf(checkpoint, network, report), ...(normalizer && { normalizer }) };
  const settings = settle(scaled.options, checkpoint.metadata, facts, name);
  const { labels, activation, assumed, said, differences, ...preprocessing } = settings;
  const { size } = preprocessing;
  const template = size.every((side, i) => side === firstSize[i]) ? first : build(size);
  const [, length] = template.logits.shape as [number, number];
  const modules =
    network.modules && networks.all!.modules.compare(checkpoint, identity, template, network.modules);
  const description = {
    arch,
    spelling,
    classes: network.build.classes,
    embedding: template.embedding && { length, ...(cut && { without: cut.leftOut.path }) },
    channels,
    labels,
    activation,
    preprocessing,
    assumed: [
      ...identity.assumed,
      ...scaled.assumed,
      ...assumed,
      ...(modules?.assumed ?? [stateDictAssumption(arch)]),
      ...tableAssumptions(network, size),
      ...transform.assumed,
      ...headAssumptions(name, network.deepHead, options.headActivation, headActivation),
    ],
    said: [...namesSaid, ...said, ...transform.said],
    differences,
    report,
    modules,
    headActivation: network.deepHead?.activation,
    transformInput,
    defaultLayer: defaultLayerOf(identity, spelling),
  };
  return { description, template, tensors, rebuild: () => build(size) };
}

/** The facts from which the settings are resolved. */
function factsOf(checkpoint: Tensors, network: Network, { renamed }: KeyReport): ModelFacts {
  const { arch, spelling } = network.identity;
  const { classes, channels } = network.build;
  const { statistics, labels } = ownSpelling(network.identity);
  return {
    arch,
    spelling,
    classes,
    channels,
    usual: { ...network.identity.def.preprocessing, ...statistics },
    ...(network.fileSize && { fileSize: network.fileSize }),
    labels: labels?.length === classes ? labels : undefined,
    words: wordsOf(checkpoint),
    takes: (size) => isBuildable(network, size),
    head: network.headKey?.replace(/\.weight$/, "") ?? "",
    modules: checkpoint.modules,
    sequentialHead: renamed.some(({ from }) => /classifier\.0\.weight$/.test(from)),
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

/** The options with mean and std for samples of 0..1; that they were of 0..255 is an assumption. */
function withUnitScale(options: FitOptions): { options: FitOptions; assumed: readonly Assumption[] } {
  const { mean, std, converted } = toUnitScale(options.mean, options.std, say`mean and std`);
  if (!converted) return { options, assumed: [] };
  return {
    options: { ...options, ...(mean && { mean }), ...(std && { std }) },
    assumed: Object.entries({ mean, std }).flatMap(([what, value]) => {
      const given = options[what as "mean" | "std"]?.join(",");
      const because = say`${given} is of samples 0..255, and is divided by 255`;
      return value === undefined ? [] : [{ what: what as "mean" | "std", value, because }];
    }),
  };
}
