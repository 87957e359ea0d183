/**
 * @file The plan of layer maps: gradients of some targets at the layers, then the maps of all methods, in one graph behind
 * one forward pass. Eigen maps need a second, small plan; between the two the CPU finds principal directions.
 */

import { Builder } from "../../graph/builder.js";
import type { Node, Pair } from "../../graph/types.js";
import type { Tap } from "../../models/taps.js";
import type { Plan, PlanRunOptions } from "../../runtime/plan.js";
import { GUIDED_RULES } from "../methods/guided-rules.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { ReversePlan } from "../passes/reverse-plan.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import { rowsOf } from "../split-lists.js";
import { averageLayers, scaleMap } from "../scaling/scale-maps.js";
import { isPerMap } from "../scaling/scale-together.js";
import { gram, gramSide, principalDirections, projectOnto, type Kernel } from "./eigen.js";
import { layersOf, type MapRequest, type Maps, type WeightsOf } from "./map-request.js";
import { gradientsAt, methodInputs, nodesOf, weightInputs, type LayerGradients } from "./method-inputs.js";
import { rawMap } from "./raw-map.js";

/** A request's nodes in the template. */
export interface RequestNodes {
  readonly taps: readonly Tap[];
  /** Of each tap. */
  readonly gradients: readonly LayerGradients[];
  /** The guided gradient at the picture. */
  readonly guided: readonly Node[];
  /** The values that the forward pass must keep. */
  readonly keep: readonly Node[];
}

const isEigen = (request: MapRequest, method: LayerMethodName): boolean =>
  request.mapOptions.eigenSmooth || METHODS[method].eigen === true;

export function requestNodes(symbolic: SymbolicModel, request: MapRequest): RequestNodes {
  const { methods } = request;
  const taps = layersOf(request);
  const outputs = taps.map((tap) => tap.output);
  const gradients = gradientsAt(symbolic, taps, methods);
  const guided = request.guided ? symbolic.gradients([symbolic.template.picture], GUIDED_RULES) : [];
  const saved = symbolic.savedFor([...gradients.flatMap(nodesOf), ...guided], outputs);
  const forWeights = methods.flatMap(
    (name) => METHODS[name].channelWeights?.keeps?.(symbolic, outputs) ?? [],
  );
  return { taps, gradients, guided, keep: [...outputs, ...forWeights, ...saved] };
}

/** Maps stacked along the first axis, and which rows belong to which method. */
class Stack {
  private readonly rows = new Map<string, { start: number; count: number }>();
  private readonly perTap = new Map<Tap, { maps: Node[]; rows: number }>();

  add(method: number, tap: Tap, raw: Node): void {
    const entry = this.perTap.get(tap) ?? { maps: [], rows: 0 };
    this.rows.set(`${method}`, { start: entry.rows, count: raw.shape[0]! });
    entry.maps.push(raw);
    entry.rows += raw.shape[0]!;
    this.perTap.set(tap, entry);
  }

  /** Rows of every value of `scaled`. */
  private get total(): number {
    return Math.max(...[...this.perTap.values()].map(({ rows }) => rows));
  }

  get isEmpty(): boolean {
    return this.perTap.size === 0;
  }

  /** One value [rows, H, W] for each group; where the CPU scales, one [rows, h, w] for each layer. */
  scaled(b: Builder, request: MapRequest): Node[] {
    if (!isPerMap(request.mapOptions))
      return layersOf(request).map((tap) => b.concat(this.perTap.get(tap)!.maps, 0));
    const scaled = new Map(
      [...this.perTap].map(([tap, { maps }]) => [tap, scaleMap(b, b.concat(maps, 0), request.size)]),
    );
    return request.groups.map((group) =>
      averageLayers(
        b,
        group.map((tap) => scaled.get(tap)!),
      ),
    );
  }

  /** [h, w] of a layer's raw maps. */
  shapeAt(tap: Tap): Pair {
    const [, h, w] = this.perTap.get(tap)!.maps[0]!.shape;
    return [h!, w!];
  }

  /** One map of a value of `scaled`. Class-agnostic methods have one for all targets. */
  part(values: Float32Array, method: number, target: number): Float32Array {
    const { start, count } = this.rows.get(`${method}`)!;
    const row = start + (count === 1 ? 0 : target);
    const pixels = values.length / this.total;
    return values.subarray(row * pixels, (row + 1) * pixels);
  }
}

type View = Plan["outputs"][number];

interface EigenTask {
  readonly method: number;
  readonly tap: Tap;
  readonly summands: Node;
  readonly kernel: Kernel;
  readonly gram: Node;
}

export class MapPlan {
  private constructor(
    private readonly request: MapRequest,
    private readonly plan: ReversePlan,
    private readonly eigenPlan: Plan | undefined,
    private readonly tasks: readonly EigenTask[],
    private readonly sums: Stack,
    private readonly projections: Stack,
  ) {}

  static async compile(
    symbolic: SymbolicModel,
    forward: ForwardPass,
    request: MapRequest,
    { taps, gradients, guided }: RequestNodes,
  ): Promise<MapPlan> {
    const { targets, methods } = request;
    const nodes = [...gradients.flatMap(nodesOf), ...guided];
    const outputsOf = taps.map((tap) => tap.output);
    const { graph: b, values } = symbolic.reverse(forward, nodes, outputsOf, targets);
    const copyOf = (node: Node | undefined): Node | undefined => node && values[nodes.indexOf(node)];
    const sums = new Stack();
    const tasks: EigenTask[] = [];
    taps.forEach((tap, i) => {
      const { gradient, curvature } = gradients[i]!;
      const copies = { gradient: copyOf(gradient), curvature: copyOf(curvature) };
      methods.forEach((name, method) => {
        const def = METHODS[name];
        const { A, X } = methodInputs({ b, symbolic, forward, ...request }, name, tap, copies);
        if (isEigen(request, name)) {
          const summands = def.summands(b, A, X, request.mapOptions);
          tasks.push({ method, tap, summands, kernel: def.kernel, gram: gram(b, summands, def.kernel) });
        } else sums.add(method, tap, rawMap(b, def, A, X, request.mapOptions));
      });
    });
    const outputs = [
      ...(sums.isEmpty ? [] : sums.scaled(b, request)),
      ...(request.guided ? [values.at(-1)!] : []),
      ...tasks.map((task) => task.gram),
    ];
    // The second plan multiplies with these summands.
    const kept = tasks
      .filter((t) => gramSide(t.summands.shape, t.kernel).side === "channels")
      .map((t) => t.summands);
    const plan = await ReversePlan.compile(symbolic, forward, b, outputs, kept);
    const projections = new Stack();
    const viewOf = (node: Node): View | undefined =>
      kept.includes(node) ? plan.plan.outputs[outputs.length + kept.indexOf(node)] : undefined;
    const eigenPlan =
      tasks.length > 0 ? await compileProjections(symbolic, request, tasks, projections, viewOf) : undefined;
    return new MapPlan(request, plan, eigenPlan, tasks, sums, projections);
  }

  /**
   * Runs behind the forward pass.
   * @param seed SymbolicModel.seedRows of the targets
   */
  async run(seed: Float32Array, weightsOf: WeightsOf, { signal }: PlanRunOptions): Promise<Maps> {
    const { request, plan, tasks } = this;
    const layers = layersOf(request);
    const values = await plan.run(seed, { signal, inputs: weightInputs(request.methods, layers, weightsOf) });
    const places = isPerMap(request.mapOptions) ? request.groups.length : layers.length;
    const sums = this.sums.isEmpty ? [] : values.slice(0, places);
    const guided = request.guided ? values[sums.length]! : new Float32Array();
    const projected = await this.project(values.slice(values.length - tasks.length), signal);
    const stackOf = (method: number): Stack =>
      isEigen(request, request.methods[method]!) ? this.projections : this.sums;
    const guidedRows = rowsOf(guided, request.targets);
    return {
      map: (method, place, target) => {
        const stack = stackOf(method);
        return stack.part((stack === this.sums ? sums : projected)[place]!, method, target);
      },
      rawShape: (method, place) => stackOf(method).shapeAt(layers[place]!),
      guided: (target) => guidedRows[target]!,
    };
  }

  private async project(
    grams: readonly Float32Array[],
    signal: PlanRunOptions["signal"],
  ): Promise<Float32Array[]> {
    if (!this.eigenPlan) return [];
    this.tasks.forEach((task, i) => {
      this.eigenPlan!.write(
        `directions${i}`,
        principalDirections(grams[i]!, task.summands.shape, task.kernel),
      );
    });
    await this.eigenPlan.run({ signal });
    return this.eigenPlan.read(...this.eigenPlan.outputs.keys());
  }

  dispose(): void {
    this.eigenPlan?.dispose();
    this.plan.dispose();
  }
}

function compileProjections(
  symbolic: SymbolicModel,
  request: MapRequest,
  tasks: readonly EigenTask[],
  stack: Stack,
  viewOf: (node: Node) => View | undefined,
): Promise<Plan> {
  const b = new Builder(request.targets);
  const sources = new Map<Node, View>();
  tasks.forEach((task, i) => {
    const { shape } = task.summands;
    const terms = b.input(`summands${i}`, shape);
    const view = viewOf(task.summands);
    if (view) sources.set(terms, view);
    const directions = b.input(`directions${i}`, [shape[0]!, gramSide(shape, task.kernel).size]);
    stack.add(task.method, task.tap, projectOnto(b, terms, directions, task.kernel));
  });
  return symbolic.model.device.compile(b, stack.scaled(b, request), { sources });
}
