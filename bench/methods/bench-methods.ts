/**
 * @file `npm run bench -- methods`: what each method costs, in milliseconds, forward passes and memory, for a model of each
 * kind. A row's runs and forward passes take turns, so that a machine's drift hits both alike.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { GradlensError } from "../../src/errors.js";
import { loadModel, type Arch, type Model } from "../../src/index.js";
import { benchPicture } from "../model-cases.js";
import type { Options } from "../options.js";
import { randomCheckpoint } from "../random-checkpoint.js";
import { openSetting, type Setting } from "../setting.js";
import { cellText, FORWARD, numbersOf, tableText, type Cell } from "./cell.js";
import { costOf, type Cost } from "./cost.js";
import { watchMemory, type GpuMemory } from "./gpu-memory.js";
import { benchPeer } from "./peer.js";
import { plotCells } from "./plot.js";
import { ROWS, type Row } from "./rows.js";
import { runRow, type RowRun } from "./run-row.js";

const MODELS: readonly (readonly [arch: Arch, size: number])[] = [
  ["densenet121", 224],
  ["densenet121", 384],
  ["resnet50", 224],
  ["vit_base_patch16_224", 224],
  ["swin_base_patch4_window7_224", 224],
  ["pvt_v2_b3", 384],
];

/** Runs that take longer than so many forward passes are stopped, if they count their pictures. */
const CUT_FORWARDS = 3;

/** A forward pass is recent for the time of so many. */
const RECENT_FORWARDS = 4;

export async function benchMethods(options: Options): Promise<void> {
  if (options.torch) return benchPeer(options);
  const cells = options.from === undefined ? await measureAll(options) : readCells(options.from);
  if (options.plot !== undefined) writeFileSync(options.plot, plotCells(cells));
  if (!options.json) console.log(tableText(cells));
}

/** The lines of an earlier run; what npm prints around them is skipped. */
const readCells = (file: string): Cell[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Cell);

async function measureAll(options: Options): Promise<Cell[]> {
  const setting = await openSetting(options);
  const memory = watchMemory(setting.gpu.device);
  const cells: Cell[] = [];
  for (const [arch, size] of MODELS) {
    const name = `${arch.replace(/_patch.*$/, "")}@${size}`;
    const rows = ROWS.filter((row) => options.only.test(`${name}/${row.name}`));
    if (rows.length === 0) continue;
    const checkpoint = randomCheckpoint(arch, 14);
    const open = (): Promise<Model> => loadModel(checkpoint, { gpu: setting.gpu, arch, size: [size, size] });
    // A model of its own for forward passes, so that the other's plans can be dropped between rows.
    const bench = new ModelBench(name, await open(), await open(), memory, setting, options);
    try {
      await bench.measure(rows, (cell) => {
        cells.push(cell);
        if (options.json) console.log(JSON.stringify(cell));
        else console.error(`${cell.model}  ${cell.row.padEnd(26)} ${cellText(cell)}`);
      });
    } finally {
      bench.dispose();
    }
  }
  setting.gpu.dispose();
  return cells;
}

class ModelBench {
  private readonly picture = benchPicture();
  private readonly forwards: Cost[] = [];
  private forwardPeak = 0;
  private forwardAt = 0;

  constructor(
    private readonly name: string,
    private readonly plain: Model,
    private readonly model: Model,
    private readonly memory: GpuMemory,
    private readonly setting: Setting,
    private readonly options: Options,
  ) {}

  async measure(rows: readonly Row[], report: (cell: Cell) => void): Promise<void> {
    const empty = this.memory.now;
    await this.forward();
    this.memory.restart();
    await this.forward();
    this.forwardPeak = this.memory.peak - empty;
    this.forwards.length = 0;
    const seconds = this.options.seconds / rows.length;
    for (const row of rows) report(await this.measureRow(row, seconds * 1e3));
    const runs = this.forwards.map((cost): RowRun => ({ cost }));
    report(this.cell(FORWARD, { ...this.numbers(runs, this.forwards), memory: this.forwardPeak }));
  }

  private async measureRow(row: Row, budget: number): Promise<Cell> {
    const base = this.memory.now;
    const forwards = [await this.recentForward()];
    const runs: RowRun[] = [];
    try {
      const warmUp = { ...row, options: row.warmUp ?? row.options };
      const warm = await runRow(this.model, this.picture, warmUp, CUT_FORWARDS * forwards[0]!.ms);
      // Weights were prepared meanwhile, for which memory is taken and given back: counted are the runs after.
      this.memory.restart();
      const cut = warm.part && CUT_FORWARDS * forwards[0]!.ms;
      const start = performance.now();
      do {
        if (runs.length > 0) forwards.push(await this.forward());
        runs.push(await runRow(this.model, this.picture, row, cut));
      } while (runs.length < this.options.rounds && performance.now() - start < budget);
      return this.cell(row.name, { ...this.numbers(runs, forwards), memory: this.memory.peak - base });
    } catch (error) {
      if (!(error instanceof GradlensError) || error.code !== "unsupported") throw error;
      return this.cell(row.name, { refused: error.message });
    } finally {
      await this.model.releasePlans();
    }
  }

  private cell(row: string, rest: Partial<Cell>): Cell {
    const { adapter, commit } = this.setting;
    return { model: this.name, row, ...rest, adapter, commit };
  }

  private numbers(runs: readonly RowRun[], forwards: readonly Cost[]): Partial<Cell> {
    return numbersOf(runs, forwards, this.setting.gpu.adapter.kind !== "gpu");
  }

  private async forward(): Promise<Cost> {
    const cost = await costOf(() => this.plain.run(this.picture));
    this.forwards.push(cost);
    this.forwardAt = performance.now();
    return cost;
  }

  /** The last one, if it is not long ago: cheap rows that follow one another share it. */
  private async recentForward(): Promise<Cost> {
    const last = this.forwards.at(-1);
    if (last && performance.now() - this.forwardAt < RECENT_FORWARDS * last.ms) return last;
    // The first after long other work takes twice as long.
    await this.plain.run(this.picture);
    return this.forward();
  }

  dispose(): void {
    this.plain.dispose();
    this.model.dispose();
  }
}
