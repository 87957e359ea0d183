/** @file Computes all maps of one picture after its forward pass, variant by variant, in chunks of targets. */

import { inFittingParts, type TargetFit } from "./fit-targets.js";
import { withReasons } from "./flat/explain-flat.js";
import { ChannelWeights } from "./layer-maps/channel-weights.js";
import { MapCollector } from "./layer-maps/collect-maps.js";
import { MapPlan, requestNodes } from "./layer-maps/layer-map-plan.js";
import { mapRequestOf, type MapRequest } from "./layer-maps/map-request.js";
import { seedGroups, seedRuleOf, type SeedGroup } from "./layer-maps/seed-groups.js";
import { chunksOf } from "./split-lists.js";
import { isLayerMethod, isWholeModelMethod, METHODS, valuesRead } from "./methods/table.js";
import { layerAt } from "./model.js";
import type { ForwardPass } from "./passes/forward-pass.js";
import type { ForwardPasses } from "./passes/forward-passes.js";
import { PlanKindCache } from "./passes/plan-kind-cache.js";
import { Refusals } from "./request/refusals.js";
import type { ResolvedOptions } from "./request/resolve-options.js";
import type { Target } from "./request/targets.js";
import type { CamMap, ExplainOptions, Explanation, Progress } from "./request/types.js";
import { INPUT_VARIANTS, isPlain, variantOf, type InputVariant } from "./scaling/input-variants.js";
import { WholeModelMaps } from "./whole-model-maps/maps.js";

/** The forward pass of a picture. */
export interface ForwardResult {
  /** Normalised. */
  readonly input: Float32Array;
  readonly logits: Float32Array;
  readonly targets: readonly Target[];
}

const MAP_PLANS = new PlanKindCache<MapPlan>();

export class PictureMaps {
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
    this.request = mapRequestOf(model, resolved, layerMethods, targets.length, guided);
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
          await inFittingParts(fit, group.methods, chunk, (methods, targets) =>
            this.mapPlan(targets, methods, variant),
          );
        }
        await inFittingParts(fit, wholeModelMaps.shared, chunk, (methods, targets) =>
          wholeModelMaps.planFor(forward, methods, targets),
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
    const request = mapRequestOf(model, resolved, methods.filter(isLayerMethod), targets.length, guided);
    const { groups, mapOptions, ...rest } = request;
    const layers = groups.map((group) => group.map((tap) => tap.path));
    // Channel weights come in from outside: what finds them reads those options.
    const compiled = request.methods.filter((name) => METHODS[name].channelWeights === undefined);
    const { eigenSmooth, relu, compareScale } = mapOptions;
    const shared = { eigenSmooth, relu, compareScale };
    const key = JSON.stringify([layers, rest, shared, valuesRead(compiled, mapOptions)]);
    return MAP_PLANS.get(forward, key, () =>
      MapPlan.compile(symbolic, forward, request, requestNodes(symbolic, request)),
    );
  }

  private findChannelWeights(input: Float32Array, logits: Float32Array): Promise<ChannelWeights> {
    const { options, forward, picture, resolved } = this;
    const { model, symbolic } = this.passes;
    const shared = {
      model,
      symbolic,
      forward,
      input,
      logits,
      targets: picture.targets.map((target) => target.index),
      batchSize: resolved.batchSize,
      memory: options.memory,
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
