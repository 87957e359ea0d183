/**
 * @file The calls of a loaded model, one after the other: explanations (explanation.ts), plain runs, gradients. Forward passes,
 * and the plans behind them, are compiled once for each kind of request and kept.
 */

import { GradlensError } from "../errors.js";
import type { Node } from "../graph/types.js";
import { findTap, type Tap } from "../models/taps.js";
import type { Timing } from "../runtime/plan.js";
import { resolveOptions, type ResolvedOptions } from "./request/resolve-options.js";
import { explain } from "./explanation.js";
import { runsOften } from "./request/availability.js";
import type { MethodName } from "./methods/table.js";
import type { ForwardPass } from "./passes/forward-pass.js";
import type { ExplainerModel } from "./model.js";
import { SymbolicModel } from "./passes/symbolic-model.js";
import { PlanCache } from "./passes/plan-cache.js";
import type { ExplainOptions, Explanation, Refusal } from "./request/types.js";

/** Forward passes kept, with the plans behind them. */
const KEPT_PASSES = 4;

type RunOptions = Pick<ExplainOptions, "signal">;

export class Explainer {
  private readonly symbolic: SymbolicModel;
  private last: ForwardPass | undefined;
  /** The forward pass that the call which runs works with. */
  private current: ForwardPass | undefined;
  /**
   * The kind of the last explanation, undefined after another call. One with a bound on memory finds what its like left, or
   * nothing: plans of others would take of its memory.
   */
  private lastKind: string | undefined;
  private readonly forwards = new PlanCache<ForwardPass>(KEPT_PASSES, (forward) => forward.dispose());
  /** The call that runs: plans are shared, so one follows the other. */
  private running: Promise<unknown> = Promise.resolve();
  /** Calls that are not done. */
  private calls = 0;
  private disposed = false;

  constructor(private readonly model: ExplainerModel) {
    this.symbolic = new SymbolicModel(model);
    model.device.makeRoom = () => this.makeRoom();
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
    return [...this.resolve(options).refused];
  }

  /** Which of the methods asked for run the model, or much of it, many times. */
  manyRuns(options: ExplainOptions): MethodName[] {
    const { methods, groups } = this.resolve(options);
    return methods.filter((name) => runsOften(name, groups.flat(), this.model.template));
  }

  /** @param input the normalised picture, [height, width, channels] */
  explain(input: Float32Array, options: ExplainOptions = {}): Promise<Explanation> {
    return this.inTurn(() => this.explainNow(input, options));
  }

  private resolve(options: ExplainOptions): ResolvedOptions {
    return resolveOptions(options, this.model, (path) => this.tap(path));
  }

  /** @throws GradlensError "bad-argument" where it is disposed of */
  checkOpen(): void {
    if (this.disposed) throw gone();
  }

  private inTurn<T>(call: () => Promise<T>): Promise<T> {
    if (this.disposed) return Promise.reject(gone());
    this.calls++;
    const result = this.running.then(() => this.unlessDisposed(call));
    this.running = result.catch(() => undefined);
    return result;
  }

  /** What a call gave, or threw, while memory was taken from it means nothing. */
  private async unlessDisposed<T>(call: () => Promise<T>): Promise<T> {
    try {
      if (!this.disposed) {
        const value = await call();
        if (!this.disposed) return value;
      }
    } catch (error) {
      if (!this.disposed) throw error;
    } finally {
      this.current = undefined;
      this.calls--;
    }
    throw stopped();
  }

  private async runNow(input: Float32Array, taps: readonly Tap[], options: RunOptions) {
    this.lastKind = undefined;
    const forward = await this.forward(taps.map((tap) => tap.output));
    const logits = await this.runForward(forward, input, options);
    const values = await forward.plan.read(...taps.map((tap) => forward.indexOf(tap.output)));
    const shape = (tap: Tap): number[] => [...forward.plan.outputs[forward.indexOf(tap.output)]!.shape];
    return { logits, taps: taps.map((tap, i) => ({ path: tap.path, data: values[i]!, shape: shape(tap) })) };
  }

  private async gradNow(input: Float32Array, taps: readonly Tap[], seed: Float32Array, options: RunOptions) {
    const outputs = taps.map((tap) => tap.output);
    const wanted = this.symbolic.gradients(outputs);
    this.lastKind = undefined;
    const forward = await this.forward(this.symbolic.savedFor(wanted, []));
    await this.runForward(forward, input, options);
    const { graph, values } = this.symbolic.reverse(forward, wanted, [], 1);
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

  private explainNow(input: Float32Array, options: ExplainOptions): Promise<Explanation> {
    return explain(
      {
        model: this.model,
        symbolic: this.symbolic,
        tapOf: (path) => this.tap(path),
        forwardOf: async (keep) => {
          const kind = kindOf(options);
          if (options.memory !== undefined && kind !== this.lastKind) await this.dropPlans();
          this.lastKind = kind;
          return this.forward(keep);
        },
        run: (forward, shown) => this.runForward(forward, shown, options),
      },
      input,
      options,
    );
  }

  /** Frees the plans that are kept for further calls, once the calls made so far are done. */
  releasePlans(): Promise<unknown> {
    return this.inTurn(() => this.dropPlans());
  }

  private dropPlans(): Promise<unknown> {
    this.last = undefined;
    return this.forwards.clear();
  }

  /** Frees all that is kept but what the call that runs works with. @returns whether that was anything */
  private async makeRoom(): Promise<boolean> {
    const { current, model } = this;
    if (this.last !== current) this.last = undefined;
    const before = model.device.memory.now;
    await this.forwards.clearMade(current);
    await current?.releaseMade();
    model.weights.dropUnused();
    return model.device.memory.now < before;
  }

  /**
   * Ends the calls that are not done with the code "aborted"; later ones are a "bad-argument".
   * @param free what they work with: called at once where there are none
   */
  dispose(free: () => void): void {
    if (this.disposed) return;
    this.disposed = true;
    if (this.calls > 0) this.model.device.errors.stop(stopped());
    const end = (): void => {
      this.last = undefined;
      void this.forwards.clear();
      free();
    };
    if (this.calls === 0) end();
    else void this.running.then(end);
  }

  /** What each dispatch of the last forward pass takes, by running it once more. */
  profile(): Promise<Timing[]> {
    return this.inTurn(async () => (await this.last?.plan.profile()) ?? []);
  }

  private async runForward(
    forward: ForwardPass,
    input: Float32Array,
    options: RunOptions,
  ): Promise<Float32Array> {
    this.last = forward;
    forward.plan.write("picture", input);
    await forward.plan.run({ signal: options.signal });
    const [logits] = await forward.plan.read(0);
    return logits!;
  }

  private async forward(keep: readonly Node[]): Promise<ForwardPass> {
    const ids = [...new Set(keep.map((node) => node.id))].sort((a, b) => a - b);
    this.current = undefined;
    this.current = await this.forwards.get(ids.join(), () => this.symbolic.compileForward(keep));
    return this.current;
  }
}

const gone = (): GradlensError =>
  new GradlensError("bad-argument", "the model was disposed of; load it again to use it");

const stopped = (): GradlensError =>
  new GradlensError("aborted", "the model was disposed of before this call was done");

/** Calls of the same kind take the same plans, apart from the number of targets. */
const kindOf = (options: ExplainOptions): string =>
  JSON.stringify({
    ...options,
    targets: undefined,
    top: undefined,
    minProbability: undefined,
    seed: undefined,
    signal: undefined,
  });
