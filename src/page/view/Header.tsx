/** @file The header: name, model, and the sources of files. */

import { openDemo } from "../state/actions.js";
import { openFiles } from "../state/files.js";
import { toggleLanguage } from "../state/language.js";
import * as store from "../state/store.js";
import { CameraButton } from "./Camera.js";
import { Icon } from "./icons.js";

export function Header() {
  const w = store.words.value;
  return (
    <header class="header">
      <h1 class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle class="ring" cx="14" cy="14" r="10" />
          <circle class="spot" cx="14" cy="14" r="4.5" />
          <path class="handle" d="M21.5 21.5 29 29" />
        </svg>
        <span>{w.title}</span>
      </h1>
      <p class="tagline">{w.tagline}</p>
      <ModelChip />
      <div class="actions">
        <FileButton />
        <CameraButton />
        {!store.isDemo.value && (
          <button type="button" class="quiet" onClick={() => void openDemo()}>
            {w.demo}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          lang={store.language.value === "en" ? "zh-CN" : "en"}
          onClick={() => void toggleLanguage()}
        >
          {w.language}
        </button>
      </div>
    </header>
  );
}

function ModelChip() {
  const model = store.model.value;
  if (model === undefined) return <p class="chip column" />;
  const [height, width] = model.preprocessing.size;
  const w = store.words.value;
  const output = model.embedding ? w.embeddingValues(model.embedding.length) : w.classes(model.classes);
  return (
    <p class="chip column" data-testid="model">
      <strong class="cut" title={model.name}>
        {model.name}
      </strong>
      <span class="hint">
        {model.arch} · {output} · {height}×{width}
      </span>
    </p>
  );
}

function FileButton() {
  const w = store.words.value;
  const chosen = (input: HTMLInputElement): void => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) void openFiles(files);
  };
  return (
    <label class="button primary">
      <Icon name="open" />
      <span>{w.open}</span>
      <input id="files" type="file" multiple onChange={(event) => chosen(event.currentTarget)} />
    </label>
  );
}
