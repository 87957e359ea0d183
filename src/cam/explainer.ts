/**
 * @file Explains a model's inputs: one forward pass each, whose values every method, layer and target shares. Plans are
 * compiled once for each kind of request and kept.
 */

import type { Node, Pair } from "../graph/types.js";
import { findTap, type Tap } from "../models/taps.js";
import type { Timing } from "../runtime/plan.js";
import { readOptions, type Asked } from "./asked.js";
import { Collected } from "./collected.js";
import { DirectMaps } from "./direct.js";
import { keptFor } from "./direct-plan.js";
import { withReasons } from "./flat-reasons.js";
import { MapPlan, wantedBy, type MapRequest } from "./map-plan.js";
import { hasMeasured, MeasuredWeights } from "./measured.js";
import { bySeed, runsOften, seedRuleOf, type Family } from "./method-choice.js";
import { isDirect, type LayerMethodName, type MethodName } from "./methods.js";
import { Passes, type Forward, type LoadedModel } from "./passes.js";
import { PlanCache } from "./plan-cache.js";
import { scoresOf, type Activation } from "./scores.js";
import { INPUT_VARIANTS, isPlain, variantOf } from "./smoothing.js";
import { chooseTargets, type Target } from "./targets.js";
import type { CamMap, ExplainOptions, Explanation, Progress, Refusal } from "./types.js";

export interface ExplainerModel extends LoadedModel {
  /** The architecture, for messages. */
  readonly name: string;
  readonly size: Pair;
  readonly channels: number;
  readonly defaultLayer: string;
  /** Wrapper prefixes of the checkpoint's keys. */
  readonly prefixes: readonly string[];
  readonly labels?: readonly string[] | undefined;
  readonly activation: Activation;
}

/** Forward passes kept, with the plans behind them. */
const KEPT_PASSES = 4;

type RunOptions = Pick<ExplainOptions, "signal">;

export class Explainer {
  private readonly passes: Passes;
  private last: Forward | undefined;
  private readonly forwards = new PlanCache<Forward>(KEPT_PASSES, (forward) => forward.dispose());
  /** The call that runs: plans are shared, so one follows the other. */
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly model: ExplainerModel) {
    this.passes = new Passes(model);
  }

  tap(path: string): Tap {
    const { modules, otherNames } = this.model.template;
    return findTap(modules, path, { prefixes: this.model.prefixes, otherNames });
  }

  /** Runs the model; the logits, and the values of some layers in their own layout. */
  run(input: Float32Array, taps: readonly Tap[], options: RunOptions = {}) {
    return this.inTurn(() => this.runNow(input, taps, options));
  }

  /** The gradients of a weighted sum of the logits at some layers, in their own layout. */
  grad(input: Float32Array, taps: readonly Tap[], seed: Float32Array, options: RunOptions = {}) {
    return this.inTurn(() => this.gradNow(input, taps, seed, options));
  }

  /** Which of the methods asked for are not defined here. @throws the reasons of all where that leaves none */
  refusals(options: ExplainOptions): Refusal[] {
    return [...this.asked(options).refused];
  }

  /** Which of the methods asked for run the model, or much of it, many times. */
  manyRuns(options: ExplainOptions): MethodName[] {
    const { methods, groups } = this.asked(options);
    return methods.filter((name) => runsOften(name, groups.flat(), this.model.template));
  }

  /** @param input the normalised picture, [height, width, channels] */
  explain(input: Float32Array, options: ExplainOptions = {}): Promise<Explanation> {
    return this.inTurn(() => this.explainNow(input, options));
  }

  private asked(options: ExplainOptions): Asked {
    return readOptions(options, this.model, (path) => this.tap(path));
  }

  private inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = this.running.then(call);
    this.running = result.catch(() => undefined);
    return result;
  }

  private async runNow(input: Float32Array, taps: readonly Tap[], options: RunOptions) {
    const forward = await this.forward(taps.map((tap) => tap.output));
    const logits = await this.runForward(forward, input, options);
    const values = await forward.plan.read(...taps.map((tap) => forward.indexOf(tap.output)));
    const shape = (tap: Tap): number[] => [...forward.plan.outputs[forward.indexOf(tap.output)]!.shape];
    return { logits, taps: taps.map((tap, i) => ({ path: tap.path, data: values[i]!, shape: shape(tap) })) };
  }

  private async gradNow(input: Float32Array, taps: readonly Tap[], seed: Float32Array, options: RunOptions) {
    const outputs = taps.map((tap) => tap.output);
    const wanted = this.passes.gradients(outputs);
    const forward = await this.forward(this.passes.savedFor(wanted, []));
    await this.runForward(forward, input, options);
    const { graph, values } = this.passes.reverse(forward, wanted, [], 1);
    const plan = await this.model.device.compile(graph, values, {
      weights: this.model.weights,
      sources: forward.sourcesOf(graph),
    });
    try {
      plan.write("seed", seed);
      await plan.run(options);
      const data = await plan.read(...values.keys());
      return taps.map((tap, i) => ({ path: tap.path, data: data[i]!, shape: [...values[i]!.shape] }));
    } finally {
      plan.dispose();
    }
  }

  private async explainNow(input: Float32Array, options: ExplainOptions): Promise<Explanation> {
    const { model } = this;
    const started = performance.now();
    const { methods, ofLayers, ofNone, refused, groups, finishing, guided, eigenSmooth, batchSize } =
      this.asked(options);
    const request = (
      targets: number,
      withGuided: boolean,
      some: readonly LayerMethodName[] = ofLayers,
    ): MapRequest => ({
      methods: some,
      groups,
      targets,
      eigenSmooth,
      finishing,
      guided: withGuided,
      size: model.size,
      defaultLayer: model.defaultLayer,
      name: model.name,
    });
    const forward = await this.forward([
      ...wantedBy(this.passes, request(1, guided)).keep,
      ...keptFor(this.passes, ofNone, options),
    ]);
    const compiled = performance.now();
    const logits = await this.runForward(forward, input, options);
    const ran = performance.now();
    const scores = scoresOf(logits, model.activation);
    const { labels, activation } = model;
    const targets = chooseTargets(options, { logits, scores, labels, activation });

    const whole = request(targets.length, guided);
    const collected = new Collected(whole, targets);
    const variants = options.augSmooth ? INPUT_VARIANTS : [undefined];
    let variantsDone = 0;
    const ofPart: ExplainOptions = {
      ...options,
      onProgress: (part) => options.onProgress?.(ofAll(part, variantsDone, variants.length)),
    };
    const direct = new DirectMaps({
      passes: this.passes,
      methods: ofNone,
      targets,
      options: ofPart,
      finishing,
      size: model.size,
      channels: model.channels,
      batchSize,
    });
    const chunks = chunksOf(targets, batchSize);
    const families = bySeed(ofLayers, guided);
    const total = variants.length * chunks.length;
    let done = 0;
    let measured: MeasuredWeights | undefined;
    for (const variant of variants) {
      const shape = [...model.size, model.channels] as [number, number, number];
      // Gradients that are shown as pictures are of the plain picture.
      const plain = !variant || isPlain(variant);
      const shown = plain ? input : variantOf(input, shape, variant);
      const shownLogits = plain ? logits : await this.runForward(forward, shown, options);
      collected.startVariant();
      direct.startVariant(plain);
      const planFor = (chunk: readonly Target[], family: Family): Promise<MapPlan> =>
        this.mapPlan(forward, request(chunk.length, guided && plain && !family.seed, family.methods));
      // Before the memory that is left is given to batches.
      if (chunks[0]) {
        if (hasMeasured(whole)) for (const family of families) await planFor(chunks[0], family);
        await direct.prepare(forward, chunks[0]);
      }
      measured = await this.measure(
        whole,
        forward,
        { input: shown, logits: shownLogits, targets, batchSize },
        ofPart,
      );
      for (const chunk of chunks) {
        const indexes = chunk.map((target) => target.index);
        for (const family of families) {
          const plan = await planFor(chunk, family);
          const seed = this.passes.seedRows(
            indexes,
            family.seed && ((target) => family.seed!(logits, target)),
          );
          const found = await plan.run(seed, measured.of(indexes), { signal: options.signal });
          collected.add(found, family.methods, chunk);
        }
        await direct.addShared(forward, chunk);
        options.onProgress?.({ done: ++done, total, what: "maps" });
      }
      await direct.addSampled(forward, shown);
      variantsDone++;
    }
    const found = [...collected.maps(), ...direct.maps()];
    const inOrder = methods.flatMap((name) => found.filter((map) => map.method === name));
    const maps = await this.finished(inOrder, forward, measured!, logits);
    const finished = performance.now();
    return {
      logits,
      scores,
      maps,
      ...(guided ? { guided: collected.guided } : {}),
      ...(direct.gradients.length > 0 ? { inputGradients: direct.gradients } : {}),
      ...(refused.length > 0 ? { refused } : {}),
      timings: {
        compile: compiled - started,
        forward: ran - compiled,
        maps: finished - ran,
        total: finished - started,
      },
    };
  }

  /** Frees the plans that are kept for further calls, once the calls made so far are done. */
  releasePlans(): Promise<unknown> {
    return this.inTurn(() => {
      this.last = undefined;
      return this.forwards.clear();
    });
  }

  dispose(): void {
    void this.forwards.clear();
  }

  /** What each dispatch of the last forward pass takes, by running it once more. */
  profile(): Promise<Timing[]> {
    return this.inTurn(async () => (await this.last?.plan.profile()) ?? []);
  }

  private async runForward(
    forward: Forward,
    input: Float32Array,
    options: RunOptions,
  ): Promise<Float32Array> {
    this.last = forward;
    forward.plan.write("picture", input);
    await forward.plan.run({ signal: options.signal });
    const [logits] = await forward.plan.read(0);
    return logits!;
  }

  private forward(keep: readonly Node[]): Promise<Forward> {
    const ids = [...new Set(keep.map((node) => node.id))].sort((a, b) => a - b);
    return this.forwards.get(ids.join(), () => this.passes.compileForward(keep));
  }

  private mapPlan(forward: Forward, request: MapRequest): Promise<MapPlan> {
    const { groups, ...rest } = request;
    const layers = groups.map((group) => group.map((tap) => tap.path));
    return forward.mapPlans.get(JSON.stringify([layers, rest]), () =>
      MapPlan.compile(this.passes, forward, request, wantedBy(this.passes, request)),
    );
  }

  private measure(
    request: MapRequest,
    forward: Forward,
    shown: { input: Float32Array; logits: Float32Array; targets: readonly Target[]; batchSize: number },
    options: ExplainOptions,
  ): Promise<MeasuredWeights> {
    const { model } = this;
    const compared = options.score === "probability" ? model.activation : "none";
    const shared = {
      ...shown,
      model,
      passes: this.passes,
      forward,
      targets: shown.targets.map((target) => target.index),
      scoresOf: (logits: Float32Array) => scoresOf(logits, compared),
      memory: options.memory,
      topChannels: options.topChannels,
      seed: options.seed ?? 0,
      signal: options.signal,
    };
    return MeasuredWeights.measure(request, shared, options.onProgress);
  }

  /** Maps with what is to be said of them. */
  private async finished(
    maps: readonly CamMap[],
    forward: Forward,
    measured: MeasuredWeights,
    logits: Float32Array,
  ): Promise<CamMap[]> {
    const told = await withReasons(maps, {
      passes: this.passes,
      forward,
      tapOf: (path) => this.tap(path),
      defaultLayer: this.model.defaultLayer,
      name: this.model.name,
      seedFor: (targets, method) => {
        const rule = seedRuleOf(method);
        return this.passes.seedRows(targets, rule && ((target) => rule(logits, target)));
      },
      weightsFor: (targets) => measured.of(targets),
    });
    return told.map((map) => {
      const { method } = map;
      if (isDirect(method)) return map;
      const channels = measured.shares(
        method,
        map.layers.map((path) => this.tap(path)),
      );
      return channels.length > 0 ? { ...map, channels } : map;
    });
  }
}

/** The progress of one of several parts of the same work, as that of all. */
const ofAll = ({ done, total, what }: Progress, part: number, parts: number): Progress => ({
  done: part * total + done,
  total: parts * total,
  what,
});

const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
