/**
 * @file One explanation: the targets, chosen after the forward pass, then the maps of all methods for each variant of the
 * picture, some targets at a time.
 */

import { GradlensError, hasCode } from "../errors.js";
import { explainSeparately } from "./explain-separately.js";
import { inFittingParts, type TargetFit } from "./fit-targets.js";
import { withReasons } from "./flat/explain-flat.js";
import { ChannelWeights } from "./layer-maps/channel-weights.js";
import { MapCollector } from "./layer-maps/collect-maps.js";
import { MapPlan, requestNodes } from "./layer-maps/layer-map-plan.js";
import type { MapRequest } from "./layer-maps/map-request.js";
import { seedGroups, seedRuleOf, type SeedGroup } from "./layer-maps/seed-groups.js";
import { chunksOf } from "./lists.js";
import {
  isLayerMethod,
  isWholeModelMethod,
  METHODS,
  valuesRead,
  type LayerMethodName,
} from "./methods/table.js";
import { layerAt, type ExplainerModel } from "./model.js";
import type { ForwardPass } from "./passes/forward-pass.js";
import type { ForwardPasses } from "./passes/forward-passes.js";
import { KeptPlans } from "./passes/kept-plans.js";
import { checkDirection, chooseEmbeddingTargets, predictionOf } from "./request/embedding-targets.js";
import { Refusals } from "./request/refusals.js";
import { resolveOptions, type ResolvedOptions } from "./request/resolve-options.js";
import { chooseTargets, type Target } from "./request/targets.js";
import type { CamMap, ExplainOptions, Explanation, Progress } from "./request/types.js";
import { INPUT_VARIANTS, isPlain, variantOf, type InputVariant } from "./scaling/input-variants.js";
import { scoresOf } from "./scores.js";
import { WholeModelMaps } from "./whole-model-maps/maps.js";
import { keptFor } from "./whole-model-maps/plan.js";
import { say } from "../language/say.js";

/** @param input the normalised picture, [height, width, channels] */
export async function explain(
  passes: ForwardPasses,
  input: Float32Array,
  options: ExplainOptions,
  resolved: ResolvedOptions,
): Promise<Explanation> {
  const { model, symbolic } = passes;
  const started = performance.now();
  const { layerMethods, wholeModelMethods, guided, mapOptions } = resolved;
  const request = requestOf(model, resolved, layerMethods, 1, guided);
  const { embedding } = symbolic.template;
  const keep = [
    ...requestNodes(symbolic, request).keep,
    ...keptFor(symbolic, wholeModelMethods, mapOptions),
    ...(embedding ? [embedding] : []),
  ];
  const several = resolved.methods.length + Number(guided) > 1;
  const forward = await passes.keeping(keep).catch((error: unknown) => {
    if (several && hasCode(error, "out-of-memory")) return undefined;
    throw error;
  });
  if (forward === undefined)
    return explainSeparately(resolved, options, (some) =>
      explain(passes, input, some, resolveOptions(some, model)),
    );
  const compiled = performance.now();
  const logits = await (options.reuse
    ? passes.runOnce(forward, input, options)
    : passes.run(forward, input, options));
  const output = await outputOf(model, forward, logits);
  checkLogits(output, input);
  const ran = performance.now();
  const scores = scoresOf(output, model.activation);
  const targets = targetsOf(model, options, { logits: output, scores });
  const maps = await new PictureMaps(passes, resolved, forward, { input, logits, targets }, options).run();
  const finished = performance.now();
  return {
    logits: output,
    scores,
    targets,
    ...maps,
    timings: {
      compile: compiled - started,
      forward: ran - compiled,
      maps: finished - ran,
      total: finished - started,
    },
  };
}

/** The model's own output, where the logits are similarities with it. */
async function outputOf(
  { template: { embedding, logits: node } }: ExplainerModel,
  forward: ForwardPass,
  logits: Float32Array,
): Promise<Float32Array> {
  if (embedding === undefined || embedding === node) return logits;
  const [output] = await forward.plan.read(forward.indexOf(embedding));
  checkDirection(output!);
  return output!;
}

function targetsOf(
  { template, labels, activation }: ExplainerModel,
  options: ExplainOptions,
  { logits, scores }: Pick<Explanation, "logits" | "scores">,
): Target[] {
  return template.embedding
    ? chooseEmbeddingTargets(options, predictionOf(logits, options))
    : chooseTargets(options, { logits, scores, labels, activation });
}

/** @throws GradlensError "unsupported" where a logit is not finite */
function checkLogits(logits: Float32Array, input: Float32Array): void {
  const at = logits.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const largest = input.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  throw new GradlensError(
    "unsupported",
    say`the model's output ${at} is ${logits[at]}: values inside it exceed the range of 32-bit floats; its input reaches ${largest.toPrecision(3)}, check mean, std and weights`,
  );
}

interface ForwardResult {
  /** Normalised. */
  readonly input: Float32Array;
  readonly logits: Float32Array;
  readonly targets: readonly Target[];
}

const MAP_PLANS = new KeptPlans<MapPlan>();

class PictureMaps {
  /** All layer methods, all targets. */
  private readonly request: MapRequest;
  private readonly layerMaps: MapCollector;
  private readonly wholeModelMaps: WholeModelMaps;
  private readonly variants: readonly InputVariant[];
  private readonly chunks: readonly (readonly Target[])[];
  private readonly seedGroups: readonly SeedGroup[];
  /** The methods for which memory is not enough. */
  private readonly refused: Refusals;
  private readonly fit: TargetFit;
  private channelWeights: ChannelWeights | undefined;
  private variantsDone = 0;
  private chunksDone = 0;

  constructor(
    private readonly passes: ForwardPasses,
    private readonly resolved: ResolvedOptions,
    private readonly forward: ForwardPass,
    private readonly picture: ForwardResult,
    private readonly options: ExplainOptions,
  ) {
    const { model, symbolic } = passes;
    const { methods, layerMethods, wholeModelMethods, guided, mapOptions, batchSize } = resolved;
    const { targets } = picture;
    this.refused = new Refusals(methods, "out-of-memory");
    this.request = requestOf(model, resolved, layerMethods, targets.length, guided);
    this.fit = { refused: this.refused, unfit: new Set(), forward };
    this.layerMaps = new MapCollector(this.request, targets, this.refused);
    this.variants = mapOptions.augSmooth ? INPUT_VARIANTS : INPUT_VARIANTS.slice(0, 1);
    this.chunks = chunksOf(targets, batchSize);
    this.seedGroups = seedGroups(layerMethods, guided);
    this.wholeModelMaps = new WholeModelMaps({
      symbolic,
      methods: wholeModelMethods,
      targets,
      options,
      onProgress: (part) => this.progress(part),
      refused: this.refused,
      mapOptions,
      size: model.size,
      channels: model.channels,
      batchSize,
    });
  }

  async run(): Promise<Omit<Explanation, "logits" | "scores" | "targets" | "timings">> {
    const { resolved, refused, layerMaps, wholeModelMaps } = this;
    if (this.options.memory !== undefined) await this.prepare();
    for (const variant of this.variants) {
      await this.addVariant(variant);
      this.variantsDone++;
    }
    const found = [...layerMaps.maps(), ...wholeModelMaps.maps()];
    const maps = resolved.methods.flatMap((name) => found.filter((map) => map.method === name));
    const inputGradients = wholeModelMaps.gradients.filter(({ method }) => !refused.has(method));
    const allRefused = [...resolved.refused, ...refused.all];
    return {
      maps: await this.withNotes(maps),
      ...(resolved.guided && !refused.has("guided") ? { guided: layerMaps.guided } : {}),
      ...(inputGradients.length > 0 ? { inputGradients } : {}),
      ...(allRefused.length > 0 ? { refused: allRefused } : {}),
    };
  }

  /** Compiles the plans of fixed size first. Plans of batches then share the memory that is left. */
  private async prepare(): Promise<void> {
    const { forward, fit, wholeModelMaps } = this;
    await forward.beginBounded(this.picture.targets.length);
    for (const variant of this.variants) {
      for (const chunk of this.chunks) {
        for (const group of this.seedGroups) {
          await inFittingParts(fit, group.methods, chunk, async (methods, targets) => {
            await this.mapPlan(targets, methods, variant);
          });
        }
        await inFittingParts(fit, wholeModelMaps.shared, chunk, (methods, targets) =>
          wholeModelMaps.prepare(forward, methods, targets),
        );
      }
    }
  }

  private async addVariant(variant: InputVariant): Promise<void> {
    const { passes, options, forward, fit, picture, layerMaps, wholeModelMaps } = this;
    const { size, channels } = passes.model;
    const plain = isPlain(variant);
    const input = plain ? picture.input : variantOf(picture.input, [...size, channels], variant);
    const logits = plain ? picture.logits : await passes.run(forward, input, options);
    layerMaps.startVariant();
    wholeModelMaps.startVariant(plain);
    this.channelWeights = await this.findChannelWeights(input, logits);
    for (const chunk of this.chunks) {
      for (const group of this.seedGroups) {
        await inFittingParts(fit, group.methods, chunk, (methods, targets) =>
          this.addGroup({ ...group, methods }, targets, variant, logits),
        );
      }
      await inFittingParts(fit, wholeModelMaps.shared, chunk, (methods, targets) =>
        wholeModelMaps.addShared(forward, methods, targets),
      );
      const total = this.variants.length * this.chunks.length;
      options.onProgress?.({ done: ++this.chunksDone, total, what: "maps" });
    }
    await wholeModelMaps.addSampled(forward, input);
  }

  /** @param logits of the variant */
  private async addGroup(
    { seed, methods }: SeedGroup,
    targets: readonly Target[],
    variant: InputVariant,
    logits: Float32Array,
  ): Promise<void> {
    const { passes, options, layerMaps, picture } = this;
    const indexes = targets.map((target) => target.index);
    const plan = await this.mapPlan(targets, methods, variant);
    const rowOf = seed && ((target: number) => seed(logits, target, picture.logits));
    const rows = passes.symbolic.seedRows(indexes, rowOf);
    const maps = await plan.run(rows, this.channelWeights!.of(indexes), options);
    layerMaps.add(maps, methods.filter(isLayerMethod), targets);
  }

  private mapPlan(
    targets: readonly Target[],
    methods: SeedGroup["methods"],
    variant: InputVariant,
  ): Promise<MapPlan> {
    const { resolved, forward } = this;
    const { model, symbolic } = this.passes;
    // Guided gradients are shown as pictures, of the plain variant only.
    const guided = methods.includes("guided") && isPlain(variant);
    const request = requestOf(model, resolved, methods.filter(isLayerMethod), targets.length, guided);
    const { groups, mapOptions, ...rest } = request;
    const layers = groups.map((group) => group.map((tap) => tap.path));
    // Channel weights come in from outside: what finds them reads those options.
    const compiled = request.methods.filter((name) => METHODS[name].channelWeights === undefined);
    const key = JSON.stringify([layers, rest, valuesRead(compiled, mapOptions)]);
    return MAP_PLANS.get(forward, key, () =>
      MapPlan.compile(symbolic, forward, request, requestNodes(symbolic, request)),
    );
  }

  private findChannelWeights(input: Float32Array, logits: Float32Array): Promise<ChannelWeights> {
    const { options, forward, picture, resolved } = this;
    const { model, symbolic } = this.passes;
    const { score, topChannels, seed } = resolved.mapOptions;
    const compared = score === "probability" ? model.activation : "none";
    const shared = {
      model,
      symbolic,
      forward,
      input,
      logits,
      targets: picture.targets.map((target) => target.index),
      batchSize: resolved.batchSize,
      scoresOf: (row: Float32Array) => scoresOf(row, compared),
      memory: options.memory,
      topChannels,
      seed,
      signal: options.signal,
    };
    return ChannelWeights.find(this.request, shared, this.refused, (part) => this.progress(part));
  }

  /** Reports the progress of one variant as part of all variants. */
  private progress({ done, total, ...rest }: Progress): void {
    const variants = this.variants.length;
    this.options.onProgress?.({ ...rest, done: this.variantsDone * total + done, total: variants * total });
  }

  /** Adds why a map is flat, and which channels it is made of. */
  private async withNotes(maps: readonly CamMap[]): Promise<CamMap[]> {
    const { forward, options, picture, resolved } = this;
    const { model, symbolic } = this.passes;
    const channelWeights = this.channelWeights!;
    const explained = await withReasons(maps, {
      model,
      symbolic,
      forward,
      mapOptions: resolved.mapOptions,
      batchSize: resolved.batchSize,
      bounded: options.memory !== undefined,
      seedFor: (targets, method) => {
        const rule = seedRuleOf(method);
        return symbolic.seedRows(targets, rule && ((target) => rule(picture.logits, target)));
      },
      weightsFor: (targets) => channelWeights.of(targets),
    });
    return explained.map((map) => {
      const { method } = map;
      if (isWholeModelMethod(method)) return map;
      const taps = map.layers.map((path) => layerAt(model, path));
      const channels = channelWeights.shares(method, taps);
      return channels.length > 0 ? { ...map, channels } : map;
    });
  }
}

const requestOf = (
  { size, defaultLayer }: ExplainerModel,
  { groups, mapOptions }: ResolvedOptions,
  methods: readonly LayerMethodName[],
  targets: number,
  guided: boolean,
): MapRequest => ({
  methods,
  groups,
  targets,
  mapOptions,
  eigenSmooth: mapOptions.eigenSmooth,
  scaling: { relu: mapOptions.relu, compareScale: mapOptions.compareScale },
  guided,
  size,
  defaultLayer,
});
