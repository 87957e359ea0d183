/** @file The report's page: filters above a card for each picture. */

import { COLORMAPS } from "../../image/colormaps.js";
import { INDEX_ID, type ReportIndex } from "../data.js";
import { cardOf, scoreText } from "./cards.js";
import { openDetails } from "./details.js";
import { choice, el, slider, tick } from "./elements.js";
import { findMaps, mostOf, NO_FILTER, SHOWN, SORTS, valuesOf, type Filter } from "./filter.js";
import { Painter, type Colors } from "./paint.js";
import { LANGUAGES, preferredLanguage, type ReportLanguage, type Texts } from "./texts.js";

const index = JSON.parse(document.getElementById(INDEX_ID)!.textContent) as ReportIndex;
const app = document.getElementById("app")!;
const painter = new Painter();
const results = el("main");
const count = el("p", { className: "count", role: "status" });
let filter = NO_FILTER;
let language: ReportLanguage = preferredLanguage();
let opacity = index.entries.flatMap(({ maps }) => maps)[0]?.alpha ?? 0.5;
let colors: Colors = "saved";

const texts = (): Texts => LANGUAGES[language];

function change(part: Partial<Filter>): void {
  filter = { ...filter, ...part };
  showResults();
}

function setOpacity(value: number): void {
  opacity = value;
  document.documentElement.style.setProperty("--opacity", String(value));
}

const hasTruth = index.entries.some(({ maps }) => maps.some(({ truth }) => truth !== undefined));
let showsTruth = true;

function setTruth(shown: boolean): void {
  showsTruth = shown;
  document.documentElement.classList.toggle("without-truth", !shown);
}

type Choices = Parameters<typeof choice>[1];

/** A select for one field of the filter. */
const partChoice = (part: "label" | "method" | "model" | "sort" | "show", options: Choices): HTMLElement =>
  choice(texts()[part], options, filter[part], (value) => change({ [part]: value }));

/** A select for one field of the filter; undefined if all maps agree in it. */
const filterChoice = (part: "label" | "method" | "model", options: Choices): HTMLElement | undefined =>
  options.length < 2 ? undefined : partChoice(part, [["", texts().all], ...options]);

const same = (values: readonly string[]): Choices => values.map((value) => [value, value]);

function filterBar(): HTMLElement {
  const t = texts();
  const find = el("input", {
    type: "search",
    value: filter.find,
    oninput: () => change({ find: find.value }),
  });
  const highest = mostOf(index.entries.flatMap(({ maps }) => maps.map((map) => map.score)));
  return el(
    "form",
    { className: "bar", onsubmit: () => false },
    el("label", {}, el("span", { textContent: t.find }), find),
    filterChoice("label", same(valuesOf(index, "label"))),
    filterChoice("method", same(valuesOf(index, "method"))),
    filterChoice(
      "model",
      index.models.map(({ arch, weights }, i) => [String(i), `${arch} · ${weights}`]),
    ),
    slider(
      t.leastScore,
      { max: highest, step: highest / 100 || 1, value: filter.leastScore },
      scoreText,
      (leastScore) => change({ leastScore }),
    ),
    partChoice(
      "sort",
      SORTS.map((sort) => [sort, t[sort]]),
    ),
    partChoice(
      "show",
      SHOWN.map((one) => [one, t[one]]),
    ),
    slider(
      t.opacity,
      { max: 1, step: 0.05, value: opacity },
      (value) => `${Math.round(100 * value)} %`,
      setOpacity,
    ),
    choice(t.colors, [["saved", t.asSaved], ...same(COLORMAPS)], colors, (value) => {
      colors = value as Colors;
      void painter.setColors(colors);
    }),
    hasTruth && tick(t.truth, showsTruth, setTruth),
  );
}

async function printPage(): Promise<void> {
  await painter.paintAll();
  print();
}

function header(): HTMLElement {
  const t = texts();
  const { entries, models, title, made, version } = index;
  const pictures = new Set(entries.map(({ name }) => name)).size;
  const maps = entries.reduce((sum, entry) => sum + entry.maps.length, 0);
  const date = new Date(made).toLocaleString(language);
  const switchLanguage = (): void => {
    language = language === "en" ? "zh" : "en";
    showPage();
  };
  return el(
    "header",
    { className: "top" },
    el(
      "div",
      {},
      el("h1", { textContent: title }),
      el("p", { textContent: `${t.summary(pictures, maps, models.length)} · ${t.made(date, version)}` }),
    ),
    el("button", { type: "button", textContent: t.print, onclick: () => void printPage() }),
    el("button", {
      type: "button",
      textContent: t.language,
      lang: language === "en" ? "zh" : "en",
      onclick: switchLanguage,
    }),
  );
}

function showResults(): void {
  const found = findMaps(index, filter);
  const nameOf = (model: number): string => (index.models.length > 1 ? index.models[model]!.arch : "");
  const cards = found.map((one, at) => {
    const entry = index.entries[one.entry]!;
    return cardOf(entry, one, nameOf(entry.model), texts(), () =>
      openDetails(index, found, at, painter, texts()),
    );
  });
  const maps = found.reduce((sum, one) => sum + one.maps.length, 0);
  count.textContent = found.length === 0 ? texts().nothing : texts().shown(maps, found.length);
  results.replaceChildren(...cards.map(({ element }) => element));
  painter.watch(cards);
}

function showPage(): void {
  document.documentElement.lang = language;
  app.replaceChildren(header(), filterBar(), count, results, el("footer", { textContent: texts().caution }));
  showResults();
}

setOpacity(opacity);
showPage();
