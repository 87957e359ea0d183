/** @file The calls of a loaded model, one after the other: explanations (explanation.ts), plain runs, gradients. */

import { badArgument, GradlensError } from "../errors.js";
import type { Tap } from "../models/taps.js";
import type { PlanRunOptions, Timing } from "../runtime/plan.js";
import { VectorPasses } from "./vector-passes.js";
import { explain } from "./explanation.js";
import type { CamMethod } from "./methods/method.js";
import { METHODS, type MethodName } from "./methods/table.js";
import { layerAt, type ExplainerModel } from "./model.js";
import { ForwardPasses } from "./passes/forward-passes.js";
import { ReversePlan } from "./passes/reverse-plan.js";
import { resolveOptions } from "./request/resolve-options.js";
import type { ExplainOptions, Explanation, Refusal } from "./request/types.js";
import { say } from "../language/say.js";

export class Explainer {
  private readonly passes: ForwardPasses;
  /** For the vectors of the last call that had any. */
  private compared: VectorPasses | undefined;
  /** Forward passes with vectors of earlier calls. */
  private earlierRuns = 0;
  /** The passes of the last call. */
  private last: ForwardPasses;
  /**
   * The kind of the last explain() call; undefined after run or grad. A call with a memory budget may reuse the plans of a call
   * of its kind. Plans of other kinds are dropped, because they would count against its budget.
   */
  private lastKind: string | undefined;
  /** The call that runs. Calls share plans, so each waits for the one before. */
  private running: Promise<unknown> = Promise.resolve();
  private unfinished = 0;
  private disposed = false;

  constructor(private readonly model: ExplainerModel) {
    this.passes = this.last = new ForwardPasses(model);
    model.device.makeRoom = () => this.makeRoom();
  }

  tap(path: string): Tap {
    return layerAt(this.model, path);
  }

  /** Runs the model: the logits, and the values of some layers in their own layout. */
  run(input: Float32Array, taps: readonly Tap[], options: PlanRunOptions = {}) {
    return this.inTurn(() => this.runNow(input, taps, options));
  }

  /** The gradients of one class's logit at some layers, in their own layout. */
  grad(input: Float32Array, taps: readonly Tap[], target: number, options: PlanRunOptions = {}) {
    return this.inTurn(() => this.gradNow(input, taps, target, options));
  }

  /** The requested methods that are not defined here. @throws the reasons of all, if none is defined */
  refusals(options: ExplainOptions): Refusal[] {
    return [...resolveOptions(options, this.passesOf(options).model).refused];
  }

  /** The requested methods that run the model, or much of it, many times. */
  manyRuns(options: ExplainOptions): MethodName[] {
    const { model } = this.passesOf(options);
    const { methods, groups } = resolveOptions(options, model);
    const runsOften = ({ runsOften }: CamMethod): boolean | undefined =>
      runsOften?.(model.template, groups.flat());
    return methods.filter((name) => runsOften(METHODS[name]));
  }

  /** @param input the normalised picture, [height, width, channels] */
  explain(input: Float32Array, options: ExplainOptions = {}): Promise<Explanation> {
    return this.inTurn(async () => {
      const passes = (this.last = this.passesOf(options));
      const resolved = resolveOptions(options, passes.model);
      const kind = kindOf(options);
      if (options.memory !== undefined && kind !== this.lastKind) await this.clear();
      this.lastKind = kind;
      return explain(passes, input, options, resolved);
    });
  }

  /** How often the forward pass of a picture has run; runs of perturbed pictures do not count. */
  get forwardRuns(): number {
    return this.passes.runs + this.earlierRuns + (this.compared?.passes.runs ?? 0);
  }

  /** The passes of the model, or of its comparison with a call's vectors. @throws GradlensError "bad-argument", "unsupported" */
  private passesOf(options: ExplainOptions): ForwardPasses {
    this.checkOpen();
    if (options?.vectors === undefined) return this.passes;
    if (this.compared?.isOf(options)) return this.compared.passes;
    const before = this.compared;
    this.earlierRuns += before?.passes.runs ?? 0;
    this.compared = new VectorPasses(this.model, options);
    // A call that is not done may still run on them. inTurn sees to its rejection.
    if (before) void this.inTurn(() => before.clear());
    return this.compared.passes;
  }

  private async clear(): Promise<void> {
    await this.passes.clear();
    await this.compared?.passes.clear();
  }

  /** Frees everything that the running call does not use. @returns whether any memory was freed */
  private async makeRoom(): Promise<boolean> {
    const { device, weights } = this.model;
    const before = device.memory.now;
    await this.passes.makeRoom();
    await this.compared?.passes.makeRoom();
    weights.dropUnused();
    return device.memory.now < before;
  }

  /** Frees the plans that are kept for later calls, once the calls made so far have ended. */
  releasePlans(): Promise<unknown> {
    return this.inTurn(() => this.clear());
  }

  /** The time of each dispatch of the last forward pass, which runs once more. */
  profile(): Promise<Timing[]> {
    return this.inTurn(() => this.last.profile());
  }

  /** @throws GradlensError "bad-argument" after dispose() */
  checkOpen(): void {
    if (this.disposed) throw gone();
  }

  /**
   * Ends unfinished calls with the code "aborted"; later ones are a "bad-argument".
   * @param free frees what the calls use; called once none of them runs
   */
  dispose(free: () => void): void {
    if (this.disposed) return;
    this.disposed = true;
    const end = (): void => {
      void this.clear();
      free();
    };
    if (this.unfinished === 0) return end();
    this.model.device.errors.stop(stopped());
    void this.running.then(end);
  }

  private inTurn<T>(call: () => Promise<T>): Promise<T> {
    if (this.disposed) return Promise.reject(gone());
    this.unfinished++;
    const result = this.running.then(() => this.unlessDisposed(call));
    this.running = result.catch(() => undefined);
    return result;
  }

  /** Ignores what a call returns or throws after dispose(), which takes its memory away. */
  private async unlessDisposed<T>(call: () => Promise<T>): Promise<T> {
    try {
      if (!this.disposed) {
        const value = await call();
        if (!this.disposed) return value;
      }
    } catch (error) {
      if (!this.disposed) throw error;
    } finally {
      this.passes.endCall();
      this.compared?.passes.endCall();
      this.unfinished--;
    }
    throw stopped();
  }

  private async runNow(input: Float32Array, taps: readonly Tap[], options: PlanRunOptions) {
    this.lastKind = undefined;
    this.last = this.passes;
    const forward = await this.passes.keeping(taps.map((tap) => tap.output));
    const logits = await this.passes.run(forward, input, options);
    const { plan } = forward;
    const places = taps.map((tap) => forward.indexOf(tap.output));
    const values = await plan.read(...places);
    const shapes = places.map((place) => [...plan.outputs[place]!.shape]);
    return { logits, taps: taps.map(({ path }, i) => ({ path, data: values[i]!, shape: shapes[i]! })) };
  }

  private async gradNow(input: Float32Array, taps: readonly Tap[], target: number, options: PlanRunOptions) {
    const { symbolic } = this.passes;
    const gradients = symbolic.gradients(taps.map((tap) => tap.output));
    this.lastKind = undefined;
    this.last = this.passes;
    const forward = await this.passes.keeping(symbolic.savedFor(gradients, []));
    await this.passes.run(forward, input, options);
    const { graph, values } = symbolic.reverse(forward, gradients, [], 1);
    const plan = await ReversePlan.compile(symbolic, forward, graph, values);
    try {
      const data = await plan.run(symbolic.seedRows([target]), options);
      return taps.map(({ path }, i) => ({ path, data: data[i]!, shape: [...values[i]!.shape] }));
    } finally {
      plan.dispose();
    }
  }
}

const gone = (): GradlensError => badArgument(say`the model was disposed of; load it again to use it`);

const stopped = (): GradlensError =>
  new GradlensError("aborted", say`the model was disposed of before this call was done`);

/** Calls of one kind use the same plans, apart from the number of targets. */
const kindOf = (options: ExplainOptions): string =>
  JSON.stringify({
    ...options,
    // Passes of other vectors are cleared with them.
    vectors: undefined,
    targets: undefined,
    top: undefined,
    minProbability: undefined,
    seed: undefined,
    signal: undefined,
  });
