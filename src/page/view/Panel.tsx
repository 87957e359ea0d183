/** @file The tabs for method, layer, settings and saving. */

import { useState } from "preact/hooks";
import * as store from "../state/store.js";
import { lazy } from "./lazy.js";
import { Methods } from "./Methods.js";

const Layers = lazy(async () => (await import("./Layers.js")).Layers);
const Settings = lazy(async () => (await import("./Settings.js")).Settings);
const Save = lazy(async () => (await import("./Save.js")).Save);

/** The keys are those of the tabs' titles in PageWords. */
const TABS = { method: Methods, layer: Layers, settings: Settings, save: Save };
type Tab = keyof typeof TABS;
const NAMES = Object.keys(TABS) as Tab[];

export function Panel() {
  const [tab, setTab] = useState<Tab>("method");
  const Body = TABS[tab];
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = NAMES[(NAMES.indexOf(tab) + by + NAMES.length) % NAMES.length]!;
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="panel card column">
      <div class="tabs" role="tablist" onKeyDown={step}>
        {NAMES.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === tab}
            aria-controls="tab-body"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {store.words.value[name]}
          </button>
        ))}
      </div>
      <div id="tab-body" class="tab-body column" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        <Body />
      </div>
    </section>
  );
}
