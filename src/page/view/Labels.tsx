/** @file The labels, by score. A click on a label shows its map. */

import { useState } from "preact/hooks";
import { chooseLabel } from "../state/actions.js";
import * as store from "../state/store.js";
import { lazy } from "./lazy.js";
import { areShares, scoreText } from "./score-text.js";

const Compare = lazy(async () => (await import("./Compare.js")).Compare);

/** The most labels listed; a search finds the others. */
const LISTED = 60;
/** The most labels without a search field. */
const MOST_SEEN = 12;

export function Labels() {
  const [query, setQuery] = useState("");
  const w = store.words.value;
  const model = store.model.value;
  const scores = store.scores.value?.scores;
  const wanted = query.trim().toLowerCase();
  const found = store.ranking.value.filter(
    (index) =>
      wanted === "" || store.labelOf(index).toLowerCase().includes(wanted) || String(index) === wanted,
  );
  const chosen = store.shown.value?.map.target.index;
  const largest = Math.max(...(scores ?? [1]), 1e-9);
  const shareOf = (score: number): number =>
    areShares() || store.other.value !== undefined
      ? Math.min(1, Math.max(0, score))
      : Math.max(0, score / largest);
  return (
    <section class="labels card column" aria-labelledby="labels-title">
      <h2 id="labels-title">{w.labels}</h2>
      <p class="hint">{model?.embedding ? w.noClassifier : w.labelsHint}</p>
      {model?.embedding && <Compare />}
      {(model === undefined || (!model.embedding && model.classes > MOST_SEEN)) && (
        <input
          id="label-search"
          type="search"
          value={query}
          placeholder={w.search}
          aria-label={`${w.search}: ${w.labels}`}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      <ol class="scores">
        {found.slice(0, LISTED).map((index) => (
          <li key={index}>
            <button
              type="button"
              class="row"
              aria-pressed={index === chosen}
              data-index={index}
              onClick={() => void chooseLabel(index)}
            >
              <span class="name cut">{store.labelOf(index)}</span>
              <span class="score hint">{scoreText(scores![index]!)}</span>
              <Bar share={shareOf(scores![index]!)} />
            </button>
          </li>
        ))}
        {scores === undefined && Array.from({ length: 8 }, (_, i) => <li key={-1 - i} class="ghost" />)}
      </ol>
      {found.length === 0 && scores !== undefined && <p class="hint">{w.noMatch}</p>}
      {found.length > LISTED && <p class="hint">{w.more(found.length - LISTED)}</p>}
    </section>
  );
}

function Bar({ share }: { readonly share: number }) {
  const width = `${(100 * Math.min(Math.max(share, 0), 1)).toFixed(2)}%`;
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ width }} />
    </span>
  );
}
