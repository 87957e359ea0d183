/** @file What a run of cases came to: a table of changes by families, and each case that failed. */

import type { Case } from "./case.js";
import { OUTCOMES, type Outcome, type Verdict } from "./judge.js";

export interface Judged extends Verdict {
  readonly one: Case;
}

const SIGNS: { readonly [O in Outcome]: string } = {
  right: "r",
  refused: "f",
  WRONG: "W",
  "not read": "N",
  internal: "I",
  message: "M",
};

export const isFailure = ({ outcome }: Verdict): boolean => outcome !== "right" && outcome !== "refused";

/** A line a change, a column a family: `3r 1f` are three that are right and one that is refused. */
export function table(judged: readonly Judged[]): string {
  const families = [...new Set(judged.map(({ one }) => one.family))].sort();
  const changes = [...new Set(judged.map(({ one }) => one.change))].sort();
  const cell = (of: readonly Judged[]): string =>
    OUTCOMES.map((outcome) => [of.filter((j) => j.outcome === outcome).length, SIGNS[outcome]] as const)
      .flatMap(([count, sign]) => (count === 0 ? [] : [`${count}${sign}`]))
      .join(" ");
  const rows = [
    ["change", ...families, "all"],
    ...changes.map((change) => {
      const row = judged.filter(({ one }) => one.change === change);
      return [change, ...families.map((f) => cell(row.filter(({ one }) => one.family === f))), cell(row)];
    }),
    ["all", ...families.map((f) => cell(judged.filter(({ one }) => one.family === f))), cell(judged)],
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const legend = OUTCOMES.map((outcome) => `${SIGNS[outcome]} ${outcome}`).join(", ");
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  return [...rows.map(line), "", legend].join("\n");
}

export function caseLine({ one, outcome, words }: Judged): string {
  const options = [
    one.args.arch && `--arch ${one.args.arch}`,
    one.args.spelling && `--spelling ${one.args.spelling}`,
  ];
  const how = [one.container, ...options.filter(Boolean)].join(" ");
  return `${outcome} [--seed ${one.seed} --case ${one.case}] ${one.family} ${one.arch} (${one.spelling}) ${one.change}: ${one.said || "-"}, ${how}, ${one.expect}: ${words}`;
}
