/** @file The footer: adapter, timings, caution, privacy note. */

import * as store from "../state/store.js";
import { Icon } from "./icons.js";

const time = (ms: number | undefined): string =>
  ms === undefined ? "–" : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

export function Footer() {
  const w = store.words.value;
  const adapter = store.adapter.value;
  const timings = store.shown.value?.prediction.timings;
  return (
    <footer class="footer hint">
      <p class="private">
        <Icon name="lock" />
        {w.privacy}
      </p>
      <p>{w.notDiagnosis}</p>
      <p class="facts" data-testid="facts" data-forward-runs={store.forwardRuns.value}>
        {adapter?.name}
        {timings && (
          <>
            {" · "}
            {w.modelTimes(
              time(store.model.value?.milliseconds),
              time(timings["forward"]),
              time(timings["maps"]),
            )}
          </>
        )}
        {adapter !== undefined && adapter.kind !== "gpu" && (
          <details class="software">
            <summary>{w.software}</summary>
            <span>{w.gpuHow}</span>
          </details>
        )}
      </p>
    </footer>
  );
}
