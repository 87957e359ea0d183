/** @file The card of a picture: its maps with labels, scores and notes. */

import type { ReportEntry, ReportMap } from "../data.js";
import { el } from "./elements.js";
import type { Found } from "./filter.js";
import type { Card, PaintedMap } from "./paint.js";
import type { Texts } from "./texts.js";

export const scoreText = (score: number): string =>
  Math.abs(score) >= 100 ? score.toFixed(0) : score.toFixed(3);

/** A figure of a map, with an empty box for its pictures. */
export function figureOf(
  map: ReportMap,
  picture: number,
  { width, height }: Pick<ReportEntry, "width" | "height">,
  texts: Texts,
): { readonly figure: HTMLElement; readonly shown: PaintedMap } {
  const box = el("div", { className: "box" });
  box.style.aspectRatio = `${width} / ${height}`;
  // Fits a tall picture into the height of its box.
  box.style.setProperty("--ratio", String(width / height));
  const notes = map.flat ? [texts.flat, ...map.notes] : map.notes;
  const figure = el(
    "figure",
    {},
    box,
    el(
      "figcaption",
      {},
      el(
        "span",
        { className: "target" },
        el("b", { textContent: map.label }),
        el("span", { className: "score", textContent: scoreText(map.score) }),
      ),
      el("span", { className: "method", textContent: [map.method, map.layers].filter(Boolean).join(" · ") }),
      map.truth && el("span", { className: "agreement", textContent: texts.agreement(map.truth) }),
      ...notes.map((note) => el("span", { className: "note", textContent: note })),
    ),
  );
  return { figure, shown: { box, map, picture } };
}

export function cardOf(
  entry: ReportEntry,
  { entry: index, maps }: Found,
  modelName: string,
  texts: Texts,
  onOpen: () => void,
): Card {
  const made = maps.map((i) => figureOf(entry.maps[i]!, i, entry, texts));
  const element = el(
    "article",
    { className: maps.length === 1 ? "card" : "card wide" },
    el(
      "button",
      { type: "button", className: "name", title: texts.details(entry.name), onclick: onOpen },
      el("span", { textContent: entry.name }),
      modelName !== "" && el("small", { textContent: modelName }),
    ),
    el("div", { className: "figures" }, ...made.map(({ figure }) => figure)),
  );
  return { element, entry: index, shown: made.map(({ shown }) => shown) };
}
