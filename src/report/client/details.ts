/** @file The dialog of a picture: its maps, scores, settings, assumptions and files. */

import type { ReportEntry, ReportIndex, ReportModel } from "../data.js";
import { figureOf, scoreText } from "./cards.js";
import { el } from "./elements.js";
import type { Found } from "./filter.js";
import type { Painter } from "./paint.js";
import type { Texts } from "./texts.js";

const pairs = (rows: readonly (readonly [string, string])[]): HTMLElement =>
  el(
    "dl",
    {},
    ...rows.flatMap(([name, text]) => [el("dt", { textContent: name }), el("dd", { textContent: text })]),
  );

function scoreList({ scores }: ReportEntry): HTMLElement {
  return el(
    "ol",
    { className: "scores" },
    ...scores.map(({ label, score }) => {
      const bar = el("i");
      bar.style.width = `${100 * Math.min(Math.max(score, 0), 1)}%`;
      return el(
        "li",
        {},
        el("span", { textContent: label }),
        el("span", { className: "share" }, bar),
        el("span", { textContent: scoreText(score) }),
      );
    }),
  );
}

/** A path as an address relative to the report. */
const address = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

function fileList({ maps, files: further, manifest }: ReportEntry, texts: Texts): HTMLElement {
  const link = (path: string, name: string): HTMLElement =>
    el("li", {}, el("a", { href: address(path), target: "_blank", rel: "noopener", textContent: name }));
  const files = [...new Set([...maps.flatMap((map) => map.files), ...further])];
  return el(
    "ul",
    { className: "files" },
    link(manifest, texts.manifest),
    ...files.map((path) => link(path, path.split("/").at(-1)!)),
  );
}

const section = (title: string, content: HTMLElement): HTMLElement =>
  el("section", {}, el("h3", { textContent: title }), content);

function factsOf(entry: ReportEntry, { settings, assumed }: ReportModel, texts: Texts): HTMLElement[] {
  const { file, name, width, height } = entry;
  const picture = [texts.picture, `${file ?? name}, ${width}x${height}`] as const;
  return [
    section(texts.scores, scoreList(entry)),
    section(texts.settings, pairs([picture, ...settings])),
    ...(assumed.length > 0 ? [section(texts.assumed, pairs(assumed))] : []),
    ...(entry.refused.length > 0 ? [section(texts.refused, pairs(entry.refused))] : []),
    section(texts.files, fileList(entry, texts)),
  ];
}

/** Opens the dialog at one of the found entries. Arrow keys show the neighbours. */
export function openDetails(
  { entries, models }: ReportIndex,
  found: readonly Found[],
  start: number,
  painter: Painter,
  texts: Texts,
): void {
  const dialog = el("dialog");
  let at = start;
  const go = (step: number): void => {
    if (found[at + step] === undefined) return;
    at += step;
    show();
  };
  const button = (text: string, label: string, onclick: () => void): HTMLButtonElement =>
    el("button", { type: "button", textContent: text, title: label, ariaLabel: label, onclick });
  const show = (): void => {
    const { entry: i, maps } = found[at]!;
    const entry = entries[i]!;
    const figures = maps.map((map) => figureOf(entry.maps[map]!, map, entry, texts));
    const back = button("‹", texts.previous, () => go(-1));
    const forth = button("›", texts.next, () => go(1));
    back.disabled = at === 0;
    forth.disabled = at === found.length - 1;
    dialog.replaceChildren(
      el(
        "header",
        {},
        el("h2", { textContent: entry.name }),
        back,
        forth,
        button("×", texts.close, () => dialog.close()),
      ),
      el(
        "div",
        { className: "details" },
        el("div", { className: "figures" }, ...figures.map(({ figure }) => figure)),
        el("div", { className: "facts" }, ...factsOf(entry, models[entry.model]!, texts)),
      ),
    );
    void painter.paintEntry(
      i,
      figures.map(({ shown }) => shown),
    );
  };
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft" || key === "ArrowRight") go(key === "ArrowLeft" ? -1 : 1);
  });
  dialog.addEventListener("close", () => dialog.remove());
  show();
  document.body.append(dialog);
  dialog.showModal();
}
