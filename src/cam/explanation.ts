/**
 * @file One explanation: its targets, chosen behind the forward pass, then the maps of all methods, some targets at a time, for
 * each version of the picture.
 */

import { GradlensError, hasCode } from "../errors.js";
import type { Node } from "../graph/types.js";
import type { Tap } from "../models/taps.js";
import { explainSeparately } from "./explain-separately.js";
import { resolveOptions, type ResolvedOptions } from "./request/resolve-options.js";
import { chunksOf } from "./lists.js";
import { MapCollector } from "./layer-maps/collect-maps.js";
import { WholeModelMaps } from "./whole-model-maps/maps.js";
import { keptFor } from "./whole-model-maps/plan.js";
import type { ExplainerModel } from "./model.js";
import { inFittingParts, type Fitting } from "./passes/fit-targets.js";
import { withReasons } from "./flat/explain-flat.js";
import { MapPlan, wantedBy } from "./layer-maps/layer-map-plan.js";
import type { MapRequest } from "./layer-maps/map-request.js";
import { ChannelWeights } from "./channel-weights/weights.js";
import { seedGroups, seedRuleOf, type SeedGroup } from "./layer-maps/seed-groups.js";
import { isWholeModelMethod, isLayerMethod, type LayerMethodName } from "./methods/table.js";
import type { SymbolicModel } from "./passes/symbolic-model.js";
import type { ForwardPass } from "./passes/forward-pass.js";
import { KeptPlans } from "./passes/kept-plans.js";
import { Refusals } from "./request/refusals.js";
import { scoresOf } from "./scores.js";
import { INPUT_VARIANTS, isPlain, variantOf, type InputVariant } from "./scaling/input-variants.js";
import { chooseTargets, type Target } from "./request/targets.js";
import type { CamMap, ExplainOptions, Explanation, Progress } from "./request/types.js";

export interface ExplainContext {
  readonly model: ExplainerModel;
  readonly symbolic: SymbolicModel;
  /** The layer of a path. */
  readonly tapOf: (path: string) => Tap;
  /** The forward pass that keeps some values. */
  readonly forwardOf: (keep: readonly Node[]) => Promise<ForwardPass>;
  /** Runs it on a picture; the logits. */
  readonly run: (forward: ForwardPass, input: Float32Array) => Promise<Float32Array>;
}

/** @param input the normalised picture, [height, width, channels] */
export async function explain(
  context: ExplainContext,
  input: Float32Array,
  options: ExplainOptions,
): Promise<Explanation> {
  const { model, symbolic } = context;
  const started = performance.now();
  const resolved = resolveOptions(options, model, context.tapOf);
  const one = requestOf(model, resolved, resolved.layerMethods, 1, resolved.guided);
  const keep = [
    ...wantedBy(symbolic, one).keep,
    ...keptFor(symbolic, resolved.wholeModelMethods, resolved.mapOptions),
  ];
  const several = resolved.methods.length + Number(resolved.guided) > 1;
  const forward = await context.forwardOf(keep).catch((error: unknown) => {
    if (several && hasCode(error, "out-of-memory")) return undefined;
    throw error;
  });
  if (forward === undefined)
    return explainSeparately(resolved, options, (some) => explain(context, input, some));
  const compiled = performance.now();
  const logits = await context.run(forward, input);
  checkLogits(logits, input);
  const ran = performance.now();
  const scores = scoresOf(logits, model.activation);
  const { labels, activation } = model;
  const targets = chooseTargets(options, { logits, scores, labels, activation });
  const work = new MapsOfPicture(context, resolved, forward, { input, logits, targets }, options);
  const found = await work.run();
  const finished = performance.now();
  return {
    logits,
    scores,
    targets,
    ...found,
    timings: {
      compile: compiled - started,
      forward: ran - compiled,
      maps: finished - ran,
      total: finished - started,
    },
  };
}

/** @throws GradlensError "unsupported" where no target can be chosen and no map means anything */
function checkLogits(logits: Float32Array, input: Float32Array): void {
  const at = logits.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const largest = input.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  throw new GradlensError(
    "unsupported",
    `the model's output ${at} is ${logits[at]}: values inside it exceed what 32-bit floats hold; its input reaches ${largest.toPrecision(3)}, see whether mean, std and weights are right`,
  );
}

interface Seen {
  /** The normalised picture. */
  readonly input: Float32Array;
  readonly logits: Float32Array;
  readonly targets: readonly Target[];
}

const MAP_PLANS = new KeptPlans<MapPlan>();

class MapsOfPicture {
  /** What all targets of all layers are asked. */
  private readonly whole: MapRequest;
  private readonly collector: MapCollector;
  private readonly direct: WholeModelMaps;
  private readonly variants: readonly InputVariant[];
  private readonly chunks: readonly (readonly Target[])[];
  private readonly seedGroups: readonly SeedGroup[];
  /** Methods for which the memory turns out to be too little. */
  private readonly refused: Refusals;
  private readonly fitting: Fitting;
  private measured: ChannelWeights | undefined;
  private variantsDone = 0;
  private chunksDone = 0;

  constructor(
    private readonly context: ExplainContext,
    private readonly resolved: ResolvedOptions,
    private readonly forward: ForwardPass,
    private readonly seen: Seen,
    private readonly options: ExplainOptions,
  ) {
    const { model, symbolic } = context;
    const { methods, layerMethods, wholeModelMethods, guided, mapOptions, batchSize } = resolved;
    const { targets } = seen;
    this.refused = new Refusals(methods, "out-of-memory");
    this.whole = requestOf(model, resolved, layerMethods, targets.length, guided);
    this.fitting = { refused: this.refused, unfit: new Set(), forward };
    this.collector = new MapCollector(this.whole, targets, this.refused);
    this.variants = mapOptions.augSmooth ? INPUT_VARIANTS : INPUT_VARIANTS.slice(0, 1);
    this.chunks = chunksOf(targets, batchSize);
    this.seedGroups = seedGroups(layerMethods, guided);
    this.direct = new WholeModelMaps({
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
    const { resolved, refused, collector, direct } = this;
    if (this.options.memory !== undefined) await this.prepare();
    for (const variant of this.variants) {
      await this.addVariant(variant);
      this.variantsDone++;
    }
    const found = [...collector.maps(), ...direct.maps()];
    const maps = await this.finished(
      resolved.methods
        .filter((name) => !refused.has(name))
        .flatMap((name) => found.filter((map) => map.method === name)),
    );
    const inputGradients = direct.gradients.filter(({ method }) => !refused.has(method));
    const allRefused = [...resolved.refused, ...refused.all];
    return {
      maps,
      ...(resolved.guided && !refused.has("guided") ? { guided: collector.guided } : {}),
      ...(inputGradients.length > 0 ? { inputGradients } : {}),
      ...(allRefused.length > 0 ? { refused: allRefused } : {}),
    };
  }

  /** Compiles all but the plans of batches, which are then given the memory that is left. */
  private async prepare(): Promise<void> {
    const { forward, seen, direct } = this;
    await forward.beginBounded(seen.targets.length);
    for (const variant of this.variants) {
      for (const chunk of this.chunks) {
        for (const group of this.seedGroups) {
          await inFittingParts(this.fitting, group.methods, chunk, async (methods, targets) => {
            await this.mapPlan(targets, methods, variant);
          });
        }
        await inFittingParts(this.fitting, direct.shared, chunk, (methods, targets) =>
          direct.prepare(forward, methods, targets),
        );
      }
    }
  }

  private async addVariant(variant: InputVariant): Promise<void> {
    const { context, options, forward, collector, direct } = this;
    const { model } = context;
    const { input, logits } = this.seen;
    const plain = isPlain(variant);
    const shown = plain ? input : variantOf(input, [...model.size, model.channels], variant);
    const shownLogits = plain ? logits : await context.run(forward, shown);
    collector.startVariant();
    direct.startVariant(plain);
    this.measured = await this.measure(shown, shownLogits);
    for (const chunk of this.chunks) {
      for (const group of this.seedGroups) {
        await inFittingParts(this.fitting, group.methods, chunk, (methods, targets) =>
          this.addGroup({ ...group, methods }, targets, variant, shownLogits),
        );
      }
      await inFittingParts(this.fitting, direct.shared, chunk, (methods, targets) =>
        direct.addShared(forward, methods, targets),
      );
      options.onProgress?.({
        done: ++this.chunksDone,
        total: this.variants.length * this.chunks.length,
        what: "maps",
      });
    }
    await direct.addSampled(forward, shown);
  }

  private async addGroup(
    { seed, methods }: SeedGroup,
    targets: readonly Target[],
    variant: InputVariant,
    shownLogits: Float32Array,
  ): Promise<void> {
    const { options, collector, seen } = this;
    const indexes = targets.map((target) => target.index);
    const plan = await this.mapPlan(targets, methods, variant);
    const rows = this.context.symbolic.seedRows(
      indexes,
      seed && ((target) => seed(shownLogits, target, seen.logits)),
    );
    const found = await plan.run(rows, this.measured!.of(indexes), { signal: options.signal });
    collector.add(found, methods.filter(isLayerMethod), targets);
  }

  private mapPlan(
    targets: readonly Target[],
    methods: SeedGroup["methods"],
    variant: InputVariant,
  ): Promise<MapPlan> {
    const { resolved, forward } = this;
    const { model, symbolic } = this.context;
    // Gradients that are shown as pictures are of the plain picture.
    const guided = methods.includes("guided") && isPlain(variant);
    const request = requestOf(model, resolved, methods.filter(isLayerMethod), targets.length, guided);
    const { groups, ...rest } = request;
    const layers = groups.map((group) => group.map((tap) => tap.path));
    return MAP_PLANS.get(forward, JSON.stringify([layers, rest]), () =>
      MapPlan.compile(symbolic, forward, request, wantedBy(symbolic, request)),
    );
  }

  private measure(input: Float32Array, logits: Float32Array): Promise<ChannelWeights> {
    const { options, forward, seen, resolved } = this;
    const { model, symbolic } = this.context;
    const { score, topChannels, seed } = resolved.mapOptions;
    const compared = score === "probability" ? model.activation : "none";
    const shared = {
      model,
      symbolic,
      forward,
      input,
      logits,
      targets: seen.targets.map((target) => target.index),
      batchSize: resolved.batchSize,
      scoresOf: (row: Float32Array) => scoresOf(row, compared),
      memory: options.memory,
      topChannels,
      seed,
      signal: options.signal,
    };
    return ChannelWeights.measure(this.whole, shared, this.refused, (part) => this.progress(part));
  }

  /** The progress of one variant, as that of all. */
  private progress({ done, total, what }: Progress): void {
    const variants = this.variants.length;
    this.options.onProgress?.({ done: this.variantsDone * total + done, total: variants * total, what });
  }

  /** Maps with what is to be said of them. */
  private async finished(maps: readonly CamMap[]): Promise<CamMap[]> {
    const { forward, measured, options } = this;
    const { model, symbolic, tapOf } = this.context;
    const told = await withReasons(maps, {
      symbolic,
      forward,
      tapOf,
      defaultLayer: model.defaultLayer,
      name: model.name,
      batchSize: this.resolved.batchSize,
      bounded: options.memory !== undefined,
      seedFor: (targets, method) => {
        const rule = seedRuleOf(method);
        return symbolic.seedRows(targets, rule && ((target) => rule(this.seen.logits, target)));
      },
      weightsFor: (targets) => measured!.of(targets),
    });
    return told.map((map) => {
      const { method } = map;
      if (isWholeModelMethod(method)) return map;
      const channels = measured!.shares(method, map.layers.map(tapOf));
      return channels.length > 0 ? { ...map, channels } : map;
    });
  }
}

const requestOf = (
  { size, defaultLayer, name }: ExplainerModel,
  { groups, mapOptions: { eigenSmooth, relu, compareScale } }: ResolvedOptions,
  methods: readonly LayerMethodName[],
  targets: number,
  guided: boolean,
): MapRequest => ({
  methods,
  groups,
  targets,
  eigenSmooth,
  scaling: { relu, compareScale },
  guided,
  size,
  defaultLayer,
  name,
});
