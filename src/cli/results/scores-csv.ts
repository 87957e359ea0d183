/** @file Writes scores.csv in the output folder: a row for each picture and model, a column for each label. */

import { dirname, join } from "node:path";
import { writeFileAtomically } from "../../node/atomic.js";
import { makeFolders } from "../../node/folders.js";
import { withLock } from "../../node/lock.js";
import { csvFile, csvText, parseCsv, safeCell } from "../text/csv.js";
import { fileError } from "../terminal/file-errors.js";
import type { Manifest, MapRecord } from "../../results/manifest.js";
import { suffixesOf } from "../../results/variation.js";
import { repeatedIn } from "../../text/repeated.js";
import { notWritten, OUT_HINT, readOutputText } from "./store.js";
import { say, translated } from "../../language/say.js";

export const SCORES_NAME = "scores.csv";

/** The columns before the labels: the names of the picture's and the model's folders of results. */
const KEYS = ["picture", "model"] as const;

/** One picture's scores as CSV; all rows of a model share `columns`, because a run keeps every row. */
interface Row {
  readonly columns: readonly string[];
  readonly text: string;
}

/** Adds scores to a folder's table, and keeps the other rows. */
export class ScoresTable {
  private readonly new = new Map<string, Row>();
  private columns: readonly string[] = [];

  private constructor(
    private readonly path: string,
    private readonly force: boolean,
  ) {}

  /**
   * @throws GradlensError "bad-file" for a table that gradlens did not write, unless `force` allows replacing it
   */
  static open(out: string, force: boolean): ScoresTable {
    const table = new ScoresTable(join(out, SCORES_NAME), force);
    table.read();
    return table;
  }

  /** The picture's folder below the output folder, and the model's folder within. */
  add(
    picture: readonly string[],
    model: string,
    { labels, scores, maps }: Pick<Manifest, "labels" | "scores" | "maps">,
  ): void {
    const key = [picture.join("/"), model].map(safeCell);
    const truth = truthCells(maps);
    const columns = [...columnsOf(labels ?? [], scores.length), ...truth.map(([name]) => name)];
    if (JSON.stringify(columns) !== JSON.stringify(this.columns)) this.columns = columns;
    const text = [...scores, ...truth.map(([, value]) => value)].join(",");
    this.new.set(JSON.stringify(key), { columns: this.columns, text });
  }

  /**
   * Writes the added rows to the file atomically, beside the rows of other runs.
   * @throws GradlensError "bad-file"
   */
  async write(): Promise<void> {
    if (this.new.size === 0) return;
    const folder = dirname(this.path);
    try {
      makeFolders(folder);
      await withLock(folder, () => this.merge());
    } catch (error) {
      throw fileError(error, say`table of scores`, this.path, translated(OUT_HINT));
    }
  }

  private merge(): void {
    const before = this.read();
    const rows = new Map([...before.rows, ...this.new]);
    const tables = new Set([before.columns, ...[...this.new.values()].map((row) => row.columns)]);
    const columns = [...new Set([...tables].flat())];
    const cells = cellsBelow(columns);
    const lines = [...rows].map(([key, row]) => csvText([[...(JSON.parse(key) as string[]), ...cells(row)]]));
    const text = csvFile(csvText([[...KEYS, ...columns]]) + lines.join(""));
    if (text !== before.text) writeFileAtomically(this.path, text, translated(OUT_HINT));
    this.new.clear();
  }

  private read(): { columns: readonly string[]; rows: ReadonlyMap<string, Row>; text?: string } {
    const text = readOutputText(this.path, say`table of scores`);
    if (text === undefined) return { columns: [], rows: new Map() };
    const [head, ...lines] = parseCsv(text) ?? [];
    if (head === undefined || !KEYS.every((name, i) => head[i] === name)) {
      if (this.force) return { columns: [], rows: new Map() };
      throw notWritten(this.path);
    }
    const columns = head.slice(KEYS.length);
    const rows = lines.map((line): [string, Row] => [
      JSON.stringify(KEYS.map((_, i) => line[i] ?? "")),
      { columns, text: csvText([line.slice(KEYS.length)]) },
    ]);
    return { columns, rows: new Map(rows), text };
  }
}

/** Reorders a row's cells to `columns`; missing ones are empty. */
function cellsBelow(columns: readonly string[]): (row: Row) => string[] {
  const known = new Map<readonly string[], readonly number[]>();
  const placesOf = (own: readonly string[]): readonly number[] => {
    const found = known.get(own);
    if (found) return found;
    const at = new Map(own.map((column, i) => [column, i]));
    const places = columns.map((column) => at.get(column) ?? -1);
    known.set(own, places);
    return places;
  };
  return ({ columns: own, text }) => {
    const [cells = []] = parseCsv(text) ?? [];
    return placesOf(own).map((i) => cells[i] ?? "");
  };
}

/** The name of each class's column: its label, with its index if another class has the label, or `class 8` without labels. */
function columnsOf(labels: readonly string[], classes: number): string[] {
  const names = Array.from({ length: classes }, (_, i) => safeCell(labels[i] || `class ${i}`));
  const repeated = repeatedIn(names);
  return names.map((name, i) => (repeated.has(name) ? `${name} (${i})` : name));
}

/** How maps agree with boxes that people drew: `hit: gradcam dog` is 1 or 0, `IoU: gradcam dog` 0 to 1. */
function truthCells(maps: Manifest["maps"]): [column: string, value: number][] {
  const compared = maps.filter(({ truth }) => truth !== undefined);
  const nameOf = ({ method, target, ...map }: MapRecord): string =>
    [method, ...suffixesOf(map), target.label ?? `class ${target.index}`].join(" ");
  const repeated = repeatedIn(compared.map(nameOf));
  return compared.flatMap((map): [string, number][] => {
    const plain = nameOf(map);
    const name = safeCell(repeated.has(plain) ? `${plain} ${map.layers.join("+")}` : plain);
    const { hit, iou } = map.truth!;
    return [
      [`hit: ${name}`, Number(hit)],
      ...(iou === undefined ? [] : [[`IoU: ${name}`, iou] as [string, number]]),
    ];
  });
}
