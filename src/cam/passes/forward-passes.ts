/** @file The forward passes of a model: compiled once for each set of kept values, cached with the plans behind them. */

import type { Node } from "../../graph/types.js";
import type { PlanRunOptions, Timing } from "../../runtime/plan.js";
import type { ExplainerModel } from "../model.js";
import type { ForwardPass } from "./forward-pass.js";
import { PlanCache } from "./plan-cache.js";
import { SymbolicModel } from "./symbolic-model.js";

const CAPACITY = 4;

export class ForwardPasses {
  readonly symbolic: SymbolicModel;
  private readonly cache = new PlanCache<ForwardPass>(CAPACITY, (forward) => forward.dispose());
  private last: ForwardPass | undefined;
  /** How often a pass of one picture has run. */
  runs = 0;
  /** The pass that the running call uses. It is not freed to make room. */
  private current: ForwardPass | undefined;

  constructor(readonly model: ExplainerModel) {
    this.symbolic = new SymbolicModel(model);
  }

  /** The pass that keeps some values of the template. */
  async keeping(nodes: readonly Node[]): Promise<ForwardPass> {
    const ids = [...new Set(nodes.map((node) => node.id))].sort((a, b) => a - b);
    this.current = undefined;
    this.current = await this.cache.get(ids.join(), () => this.symbolic.compileForward(nodes));
    return this.current;
  }

  /** @param input the normalised picture @returns the logits */
  async run(forward: ForwardPass, input: Float32Array, { signal }: PlanRunOptions): Promise<Float32Array> {
    this.last = forward;
    forward.holds = undefined;
    forward.plan.write("picture", input);
    await forward.plan.run({ signal });
    this.runs++;
    const [logits] = await forward.plan.read(0);
    forward.holds = { input: input.slice(), logits: logits!.slice() };
    return logits!;
  }

  /** As `run`, without running where the pass holds the values of this very input. */
  async runOnce(forward: ForwardPass, input: Float32Array, options: PlanRunOptions): Promise<Float32Array> {
    const { holds } = forward;
    if (holds === undefined || !isEqual(holds.input, input)) return this.run(forward, input, options);
    this.last = forward;
    return holds.logits.slice();
  }

  endCall(): void {
    this.current = undefined;
  }

  /** The time of each dispatch of the last pass, which runs once more. */
  async profile(): Promise<Timing[]> {
    return (await this.last?.plan.profile()) ?? [];
  }

  clear(): Promise<unknown> {
    this.last = undefined;
    return this.cache.clear();
  }

  /** Frees everything that the running call does not use. */
  async makeRoom(): Promise<void> {
    const { current } = this;
    if (this.last !== current) this.last = undefined;
    await this.cache.clearMade(current);
    await current?.releaseMade();
  }
}

const isEqual = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
