/**
 * @file Explains a model's inputs: one forward pass each, whose values every method, layer and target shares. Plans are
 * compiled once for each kind of request and kept.
 */

import { GradlensError } from "../errors.js";
import { peak } from "../image/map-range.js";
import type { Node, Pair } from "../graph/types.js";
import { findTap, mapLayout, toMap, type Tap } from "../models/taps.js";
import type { Timing } from "../runtime/plan.js";
import { isFlat, flatFacts, flatReason, readFacts } from "./flat.js";
import { requireGuidable } from "./guided.js";
import { MapPlan, wantedBy, type MapRequest, type Maps } from "./map-plan.js";
import { summands } from "./maps.js";
import { METHODS } from "./methods.js";
import { Passes, type Forward, type LoadedModel } from "./passes.js";
import { PlanCache } from "./plan-cache.js";
import { scoresOf, type Activation } from "./scores.js";
import { INPUT_VARIANTS, meanOfVariants, variantOf } from "./smoothing.js";
import { parseTargets, type Target } from "./targets.js";
import type { CamMap, ExplainOptions, Explanation, GuidedMap } from "./types.js";

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

/** Targets that run at once where the caller says nothing: more would make big reverse passes bigger still. */
const BATCH = 8;
/** Plans kept, of each kind. */
const KEPT_PLANS = 4;

type RunOptions = Pick<ExplainOptions, "signal">;

export class Explainer {
  private readonly passes: Passes;
  private last: Forward | undefined;
  private readonly forwards = new PlanCache<Forward>(KEPT_PLANS, (forward) => forward.plan.dispose());
  private readonly mapPlans = new PlanCache<MapPlan>(2 * KEPT_PLANS, (plan) => plan.dispose());

  constructor(private readonly model: ExplainerModel) {
    this.passes = new Passes(model);
  }

  tap(path: string): Tap {
    return findTap(this.model.template.modules, path, { prefixes: this.model.prefixes });
  }

  /** Runs the model; the logits, and the values of some layers in their own layout. */
  async run(input: Float32Array, taps: readonly Tap[], options: RunOptions = {}) {
    const forward = await this.forward(taps.map((tap) => tap.output));
    const logits = await this.runForward(forward, input, options);
    const values = await forward.plan.read(...taps.map((tap) => forward.indexOf(tap.output)));
    const shape = (tap: Tap): number[] => [...forward.plan.outputs[forward.indexOf(tap.output)]!.shape];
    return { logits, taps: taps.map((tap, i) => ({ path: tap.path, data: values[i]!, shape: shape(tap) })) };
  }

  /** The gradients of a weighted sum of the logits at some layers, in their own layout. */
  async grad(input: Float32Array, taps: readonly Tap[], seed: Float32Array, options: RunOptions = {}) {
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

  /** @param input the normalised picture, [height, width, channels] */
  async explain(input: Float32Array, options: ExplainOptions = {}): Promise<Explanation> {
    const { model } = this;
    const started = performance.now();
    const methods = options.methods ?? ["gradcam"];
    if (options.guided) requireGuidable(model.template.graph.nodes, model.name);
    const taps = (options.layers ?? [model.defaultLayer]).map((path) => this.tap(path));
    for (const tap of taps) mapLayout(tap, model.defaultLayer);
    const guided = options.guided ?? false;
    const request = (targets: number, withGuided: boolean): MapRequest => ({
      methods,
      groups: options.layersEach ? taps.map((tap) => [tap]) : [taps],
      targets,
      eigenSmooth: options.eigenSmooth ?? false,
      guided: withGuided,
      size: model.size,
      defaultLayer: model.defaultLayer,
    });
    const forward = await this.forward(wantedBy(this.passes, request(1, guided)).keep);
    const compiled = performance.now();
    const logits = await this.runForward(forward, input, options);
    const ran = performance.now();
    const scores = scoresOf(logits, model.activation);
    const targets = parseTargets(options.targets, { logits, scores, labels: model.labels });

    const collected = new Collected(request(targets.length, guided), targets);
    const chunks = chunksOf(targets, options.batchSize ?? BATCH);
    const variants = options.augSmooth ? INPUT_VARIANTS : [undefined];
    const total = variants.length * chunks.length;
    let done = 0;
    for (const variant of variants) {
      if (variant) {
        const shape = [...model.size, model.channels] as [number, number, number];
        await this.runForward(forward, variantOf(input, shape, variant), options);
      }
      collected.startVariant();
      // Guided backprop is of the plain picture.
      const isPlain = !variant || (!variant.flip && variant.factor === 1);
      for (const chunk of chunks) {
        const plan = await this.mapPlan(forward, request(chunk.length, guided && isPlain));
        collected.add(await plan.run(this.seedFor(chunk), { signal: options.signal }), chunk);
        options.onProgress?.({ done: ++done, total, what: "maps" });
      }
    }
    const maps = await this.withReasons(collected.maps(), forward);
    const finished = performance.now();
    return {
      logits,
      scores,
      maps,
      ...(options.guided ? { guided: collected.guided } : {}),
      timings: {
        compile: compiled - started,
        forward: ran - compiled,
        maps: finished - ran,
        total: finished - started,
      },
    };
  }

  dispose(): void {
    this.mapPlans.clear();
    this.forwards.clear();
  }

  /** What each dispatch of the last forward pass takes, by running it once more. */
  async profile(): Promise<Timing[]> {
    return (await this.last?.plan.profile()) ?? [];
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
    const key = JSON.stringify([forward.kept.map((node) => node.id), layers, rest]);
    return this.mapPlans.get(key, () =>
      MapPlan.compile(this.passes, forward, request, wantedBy(this.passes, request)),
    );
  }

  /** One row a target, 1 at its class. */
  private seedFor(targets: readonly Target[]): Float32Array {
    const classes = this.model.template.logits.shape[1]!;
    const seed = new Float32Array(targets.length * classes);
    targets.forEach((target, i) => (seed[i * classes + target.index] = 1));
    return seed;
  }

  /** Flat maps are told why; the facts are computed only for them. */
  private async withReasons(maps: readonly CamMap[], forward: Forward): Promise<CamMap[]> {
    const reasons = new Map<CamMap, string>();
    const flat = maps.filter((map) => isFlat(map.data));
    for (const first of flat) {
      if (reasons.has(first)) continue;
      const alike = flat.filter((map) => map.method === first.method && map.layers === first.layers);
      const found = await this.reasonsFor(alike, forward);
      alike.forEach((map, i) => reasons.set(map, found[i]!));
    }
    return maps.map((map) => (reasons.has(map) ? { ...map, flat: reasons.get(map)! } : map));
  }

  /** @param maps of one method and layer, for several targets */
  private async reasonsFor(maps: readonly CamMap[], forward: Forward): Promise<string[]> {
    const [first] = maps;
    const method = METHODS[first!.method];
    // Of several layers the last one is looked at: all are flat where the average is.
    const tap = this.tap(first!.layers.at(-1)!);
    const gradients = method.needs === "gradients" ? this.passes.gradients([tap.output]) : [];
    const { graph: b, values } = this.passes.reverse(forward, gradients, [tap.output], maps.length);
    const layout = mapLayout(tap, this.model.defaultLayer);
    const A = toMap(b, forward.savedInput(b, tap.output), layout);
    const G = values[0] && toMap(b, values[0], layout);
    const terms = summands(b, method, A, G);
    const raw = b.reshape(b.sum(terms, [3]), terms.shape.slice(0, 3));
    const plan = await this.model.device.compile(b, [flatFacts(b, raw, A, G)], {
      weights: this.model.weights,
      sources: forward.sourcesOf(b),
    });
    try {
      plan.write("seed", this.seedFor(maps.map((map) => map.target)));
      await plan.run();
      const [facts] = await plan.read(0);
      const perTarget = readFacts(facts!, terms.shape[0]!);
      return maps.map((_, i) => flatReason(perTarget[perTarget.length === 1 ? 0 : i]!, tap.path));
    } finally {
      plan.dispose();
    }
  }
}

/** Gathers maps of chunks of targets, and of input variants. */
class Collected {
  /** By variant: "method group target" to the map. */
  private readonly variants: Map<string, Float32Array>[] = [];
  readonly guided: GuidedMap[] = [];

  constructor(
    private readonly request: MapRequest,
    private readonly targets: readonly Target[],
  ) {}

  startVariant(): void {
    this.variants.push(new Map());
  }

  add(maps: Maps, chunk: readonly Target[]): void {
    const { methods, groups, size } = this.request;
    chunk.forEach((target, t) => {
      methods.forEach((_, m) =>
        groups.forEach((_, g) => this.variants.at(-1)!.set(keyOf(m, g, target), maps.map(m, g, t))),
      );
      const data = maps.guided(t);
      if (data.length > 0) {
        this.guided.push({ target, data, shape: [...size, data.length / (size[0] * size[1])] });
      }
    });
  }

  maps(): CamMap[] {
    const { methods, groups, size } = this.request;
    return methods.flatMap((method, m) =>
      groups.flatMap((group, g) => {
        const layers = group.map((tap) => tap.path);
        return this.targets.map((target): CamMap => {
          const variants = this.variants.map((maps) => maps.get(keyOf(m, g, target))!);
          const data = variants.length === 1 ? variants[0]! : meanOfVariants(variants, size);
          return {
            method,
            layers,
            target,
            data,
            shape: size,
            peak: peak(data, { height: size[0], width: size[1] }),
          };
        });
      }),
    );
  }
}

const keyOf = (method: number, group: number, target: Target): string => `${method} ${group} ${target.index}`;

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  if (!Number.isInteger(size) || size < 1) {
    throw new GradlensError("bad-argument", `batch size ${size}: a whole number from 1 up is needed`);
  }
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
