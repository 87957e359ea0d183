/**
 * @file The explain plan: gradients of some targets at the layers, then the maps of all methods asked for, in one graph
 * behind one forward pass. Eigen maps take a second, small plan: between the two the host finds principal directions.
 */

import { Builder } from "../../graph/builder.js";
import { split } from "../../graph/split.js";
import type { Node, Pair } from "../../graph/types.js";
import type { Tap } from "../../models/taps.js";
import type { Plan, PlanRunOptions } from "../../runtime/plan.js";
import { gram, gramSide, principalDirections, projectOnto, type Kernel } from "./eigen.js";
import { isPerMap } from "../scaling/scale-together.js";
import { GUIDED_RULES } from "../methods/guided-rules.js";
import { rawMap, summands } from "./raw-map.js";
import { averageLayers, scaleMap } from "../scaling/scale-maps.js";
import { gradientsAt, methodInputs, weightsName, type TapGradients } from "./method-inputs.js";
import { isMeasured } from "../methods/method.js";
import { layersOf, type MapRequest, type Maps, type WeightsOf } from "./map-request.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";

/** Nodes of a request in the template: what a forward pass must keep for it follows from these. */
export interface Wanted {
  readonly taps: readonly Tap[];
  /** Of each tap, where a method needs them. */
  readonly gradients: readonly TapGradients[];
  /** The guided gradient at the picture. */
  readonly guided: readonly Node[];
  readonly keep: readonly Node[];
}

const isEigen = (request: MapRequest, method: LayerMethodName): boolean =>
  request.eigenSmooth || METHODS[method].eigen === true;

const listed = ({ gradients, guided }: Pick<Wanted, "gradients" | "guided">): Node[] => [
  ...gradients.flatMap(({ gradient, curvature }) => [gradient ?? [], curvature ?? []].flat()),
  ...guided,
];

export function wantedBy(symbolic: SymbolicModel, request: MapRequest): Wanted {
  const taps = layersOf(request);
  const outputs = taps.map((tap) => tap.output);
  const { logits, picture } = symbolic.model.template;
  const gradients = gradientsAt(symbolic, taps, request.methods);
  const guided = request.guided ? symbolic.gradients([picture], GUIDED_RULES) : [];
  const ablates = request.methods.some((name) => METHODS[name].needs === "ablation");
  const crossing = ablates ? outputs.flatMap((tap) => split([logits], [tap]).meeting) : [];
  const shaken = request.methods.some((name) => METHODS[name].needs === "noise");
  const measuredAt = shaken ? symbolic.gradients(outputs) : [];
  const saved = symbolic.savedFor([...listed({ gradients, guided }), ...measuredAt], outputs);
  return { taps, gradients, guided, keep: [...outputs, ...crossing, ...saved] };
}

/** Maps of one kind, stacked along the first axis: which rows belong to which method and layer. */
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

  /** Rows of every value of `finish`. */
  private get total(): number {
    return Math.max(...[...this.perTap.values()].map(({ rows }) => rows));
  }

  get isEmpty(): boolean {
    return this.perTap.size === 0;
  }

  /** One value [rows, H, W] for each group, or [rows, h, w] for each layer where the host finishes. */
  finish(b: Builder, request: MapRequest): Node[] {
    if (!isPerMap(request.scaling))
      return layersOf(request).map((tap) => b.concat(this.perTap.get(tap)!.maps, 0));
    const finished = new Map<Tap, Node>();
    for (const [tap, { maps }] of this.perTap)
      finished.set(tap, scaleMap(b, b.concat(maps, 0), request.size));
    return request.groups.map((group) =>
      averageLayers(
        b,
        group.map((tap) => finished.get(tap)!),
      ),
    );
  }

  /** [h, w] of a layer's raw maps. */
  shapeAt(tap: Tap): Pair {
    const [, h, w] = this.perTap.get(tap)!.maps[0]!.shape;
    return [h!, w!];
  }

  /** The part of a value of `finish` that is one map. Methods that need no gradients have one for all targets. */
  part(values: Float32Array, method: number, target: number): Float32Array {
    const { start, count } = this.rows.get(`${method}`)!;
    const row = start + (count === 1 ? 0 : target);
    const pixels = values.length / this.total;
    return values.subarray(row * pixels, (row + 1) * pixels);
  }
}

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
    private readonly plan: Plan,
    private readonly eigenPlan: Plan | undefined,
    private readonly tasks: readonly EigenTask[],
    private readonly sums: Stack,
    private readonly projections: Stack,
    private readonly outputs: readonly Node[],
  ) {}

  static async compile(
    symbolic: SymbolicModel,
    forward: ForwardPass,
    request: MapRequest,
    wanted: Wanted,
  ): Promise<MapPlan> {
    const { device, weights } = symbolic.model;
    const { taps } = wanted;
    const nodes = listed(wanted);
    const outputsOf = taps.map((tap) => tap.output);
    const reverse = symbolic.reverse(forward, nodes, outputsOf, request.targets);
    const b = reverse.graph;
    const copyOf = (node: Node | undefined): Node | undefined => node && reverse.values[nodes.indexOf(node)];
    const sums = new Stack();
    const tasks: EigenTask[] = [];
    const plain = { b, symbolic, forward, ...request };
    taps.forEach((tap, i) => {
      const gradient = copyOf(wanted.gradients[i]!.gradient);
      const curvature = copyOf(wanted.gradients[i]!.curvature);
      const found = { ...(gradient && { gradient }), ...(curvature && { curvature }) };
      request.methods.forEach((name, method) => {
        const def = METHODS[name];
        const { A, given } = methodInputs(plain, name, tap, found);
        if (isEigen(request, name)) {
          const terms = summands(b, def, A, given);
          tasks.push({ method, tap, summands: terms, kernel: def.kernel, gram: gram(b, terms, def.kernel) });
        } else sums.add(method, tap, rawMap(b, def, A, given));
      });
    });
    const outputs = [
      ...(sums.isEmpty ? [] : sums.finish(b, request)),
      ...(request.guided ? [reverse.values.at(-1)!] : []),
      ...tasks.map((task) => task.gram),
    ];
    // Summands are kept where the second plan multiplies with them.
    const kept = tasks
      .filter((t) => gramSide(t.summands.shape, t.kernel).side === "channels")
      .map((t) => t.summands);
    const plan = await device.compile(b, [...outputs, ...kept], { weights, sources: forward.sourcesOf(b) });
    const projections = new Stack();
    const eigenPlan =
      tasks.length > 0
        ? await compileProjections(symbolic, request, tasks, projections, (node) => {
            const at = kept.indexOf(node);
            return at < 0 ? undefined : plan.outputs[outputs.length + at];
          })
        : undefined;
    return new MapPlan(request, plan, eigenPlan, tasks, sums, projections, outputs);
  }

  /**
   * Runs behind the forward pass.
   * @param seed the gradient of the logits for each target, [targets, classes]
   */
  async run(seed: Float32Array, weightsOf: WeightsOf, options: PlanRunOptions): Promise<Maps> {
    const { request, plan, tasks } = this;
    plan.write("seed", seed);
    for (const name of request.methods.filter((m) => isMeasured(METHODS[m]))) {
      for (const tap of layersOf(request)) plan.write(weightsName(name, tap), weightsOf(name, tap));
    }
    await plan.run(options);
    const values = await plan.read(...this.outputs.keys());
    const places = isPerMap(request.scaling) ? request.groups.length : layersOf(request).length;
    const sums = this.sums.isEmpty ? [] : values.slice(0, places);
    const guided = request.guided ? values[sums.length]! : new Float32Array();
    const projected = await this.project(values.slice(values.length - tasks.length), options);
    const stackOf = (method: number): Stack =>
      isEigen(request, request.methods[method]!) ? this.projections : this.sums;
    const guidedSize = guided.length / request.targets;
    return {
      map: (method, place, target) => {
        const stack = stackOf(method);
        return stack.part((stack === this.sums ? sums : projected)[place]!, method, target);
      },
      rawShape: (method, place) => stackOf(method).shapeAt(layersOf(request)[place]!),
      guided: (target) => guided.subarray(target * guidedSize, (target + 1) * guidedSize),
    };
  }

  private async project(grams: readonly Float32Array[], options: PlanRunOptions): Promise<Float32Array[]> {
    if (!this.eigenPlan) return [];
    this.tasks.forEach((task, i) => {
      this.eigenPlan!.write(
        `directions${i}`,
        principalDirections(grams[i]!, task.summands.shape, task.kernel),
      );
    });
    await this.eigenPlan.run(options);
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
  keptAt: (node: Node) => Plan["outputs"][number] | undefined,
): Promise<Plan> {
  const b = new Builder(request.targets);
  const sources = new Map<Node, Plan["outputs"][number]>();
  tasks.forEach((task, i) => {
    const { shape } = task.summands;
    const terms = b.input(`summands${i}`, shape);
    const place = keptAt(task.summands);
    if (place) sources.set(terms, place);
    const directions = b.input(`directions${i}`, [shape[0]!, gramSide(shape, task.kernel).size]);
    stack.add(task.method, task.tap, projectOnto(b, terms, directions, task.kernel));
  });
  return symbolic.model.device.compile(b, stack.finish(b, request), { sources });
}
