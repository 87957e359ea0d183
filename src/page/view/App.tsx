/** @file The page: a strip of pictures above three columns for labels, the picture with its map, and the tabs. */

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { setViewMode } from "../state/actions.js";
import { openDropped } from "../state/files.js";
import { stepPicture } from "../state/pictures.js";
import * as store from "../state/store.js";
import { cancel, part } from "../state/current-task.js";
import { Deferred } from "./Deferred.js";
import { Footer } from "./Footer.js";
import { Header } from "./Header.js";
import { Labels } from "./Labels.js";
import { Notices } from "./Notices.js";
import { Panel } from "./Panel.js";
import { Stage } from "./Stage.js";
import { Strip } from "./Strip.js";
import { Toolbar } from "./Toolbar.js";
import { isScrolling, isTyping } from "./keys.js";
import { lazy } from "./lazy.js";
import { useListener } from "./listener.js";

const Grid = lazy(async () => (await import("./Grid.js")).Grid);
const Guided = lazy(async () => (await import("./Guided.js")).Guided);
const NoGpu = lazy(async () => (await import("./NoGpu.js")).NoGpu);

const VIEWS: Readonly<Record<store.ViewMode, FunctionComponent>> = {
  overlay: Stage,
  split: Stage,
  grid: Grid,
  guided: Guided,
};

export function App() {
  const isOver = useDrop();
  useListener("keydown", press);
  const w = store.words.value;
  useEffect(() => {
    document.documentElement.lang = store.language.value === "zh" ? "zh-CN" : "en";
    const name = store.model.value?.name;
    document.title = name === undefined ? `${w.title} · ${w.tagline}` : `${name} · ${w.title}`;
  });
  if (store.noGpu.value !== undefined) return <NoGpu />;
  const View = VIEWS[store.viewMode.value];
  return (
    <div class="app column">
      <Header />
      <Strip />
      <main class="work">
        <Deferred frames={1} box="labels card column">
          <Labels />
        </Deferred>
        <section class="centre column" aria-label={w.picture}>
          <View />
          <Deferred frames={1}>
            <Toolbar />
            {store.isDemo.value && View === Stage && <Invitation />}
          </Deferred>
        </section>
        <Deferred frames={2}>
          <Panel />
        </Deferred>
      </main>
      <Deferred frames={2}>
        <Footer />
      </Deferred>
      <Notices />
      {isOver && (
        <div class="drop" aria-hidden="true">
          <Invitation />
        </div>
      )}
    </div>
  );
}

/** The hint on files to drop. It is shown with the demo, and while files are dragged over the page. */
const Invitation = () => (
  <div class="invitation">
    <strong>{store.words.value.drop}</strong>
    <span>{store.words.value.dropHint}</span>
  </div>
);

async function compareWith(file: File): Promise<void> {
  const compare = await part(import("../state/compare.js"));
  await compare?.compareWith(file);
}

/** Opens dropped files. One dropped on the compared picture replaces it. @returns whether files are over the page */
function useDrop(): boolean {
  const [isOver, setOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  useListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(true);
  });
  useListener("dragleave", (event) => {
    if (event.relatedTarget === null) setOver(false);
  });
  useListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(false);
    const isOther = event.target instanceof Element && event.target.closest(".compare") !== null;
    const [first] = event.dataTransfer!.files;
    if (isOther && first) void compareWith(first);
    else openDropped(event.dataTransfer!);
  });
  return isOver;
}

function press(event: KeyboardEvent): void {
  if (event.key === "Escape") return cancel();
  if (isTyping(event) || isScrolling(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

const KEYS: Readonly<Record<string, () => void>> = {
  g: () => void setViewMode(store.viewMode.value === "grid" ? "overlay" : "grid"),
  o: () => document.querySelector<HTMLInputElement>("#files")?.click(),
  "/": () => document.querySelector<HTMLInputElement>("#label-search")?.focus(),
  ArrowLeft: () => void stepPicture(-1),
  ArrowRight: () => void stepPicture(1),
};
