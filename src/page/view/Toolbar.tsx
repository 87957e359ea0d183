/** @file Controls of the view, and the progress of the running task. No control recomputes a map. */

import { COLORMAPS, type ColormapName } from "../../image/colormaps.js";
import { setViewMode } from "../state/actions.js";
import { setValue } from "../state/options.js";
import * as store from "../state/store.js";
import { cancel } from "../state/current-task.js";

export function Toolbar() {
  const mode = store.viewMode.value;
  const isStage = mode === "overlay" || mode === "split";
  return (
    <div class="toolbar">
      <Work />
      <ViewModes />
      {mode !== "guided" && <OpacitySlider />}
      {isStage && <OutlineControls />}
      {isStage && <PeakCheck />}
      {mode !== "guided" && <Colours />}
    </div>
  );
}

function PeakCheck() {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={store.showPeak.value}
        onChange={(event) => (store.showPeak.value = event.currentTarget.checked)}
      />
      <span>{store.words.value.peak}</span>
    </label>
  );
}

function Colours() {
  return (
    <label class="select">
      <span>{store.words.value.colours}</span>
      <select
        value={store.values.value.colormap ?? "jet"}
        onChange={(event) => setValue("colormap", event.currentTarget.value as ColormapName)}
      >
        {COLORMAPS.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function ViewModes() {
  const refusal = store.guidedRefusal.value;
  const w = store.words.value;
  return (
    <div class="segments" role="group" aria-label={w.view}>
      {(Object.keys(w.views) as store.ViewMode[]).map((mode) => (
        <button
          key={mode}
          type="button"
          aria-pressed={store.viewMode.value === mode}
          disabled={(mode === "grid" && store.live.value) || (mode === "guided" && refusal !== undefined)}
          title={mode === "guided" ? refusal : undefined}
          onClick={() => void setViewMode(mode)}
        >
          {w.views[mode]}
        </button>
      ))}
    </div>
  );
}

function OpacitySlider() {
  const { alpha = 0.5 } = store.values.value;
  return (
    <label class="slider">
      <span>{store.words.value.opacity}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        value={alpha}
        onInput={(event) => setValue("alpha", Number(event.currentTarget.value))}
      />
      <output class="hint">{Math.round(alpha * 100)} %</output>
    </label>
  );
}

/** The threshold of the outlined regions, and the switch of their boxes. */
function OutlineControls() {
  const w = store.words.value;
  const { threshold, drawBoxes = false } = store.values.value;
  const isOn = threshold !== undefined;
  const level = typeof threshold === "number" ? threshold : 0.5;
  return (
    <>
      <label class="slider">
        <span>{w.threshold}</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.01"
          value={isOn ? level : 0}
          onInput={(event) => {
            const value = Number(event.currentTarget.value);
            setValue("threshold", value === 0 ? undefined : value);
            if (value === 0) setValue("drawBoxes", undefined);
          }}
        />
        <output class="hint">
          {isOn ? (typeof threshold === "number" ? threshold.toFixed(2) : threshold) : w.off}
        </output>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={drawBoxes}
          disabled={!isOn}
          onChange={(event) => setValue("drawBoxes", event.currentTarget.checked || undefined)}
        />
        <span>{w.boxes}</span>
      </label>
    </>
  );
}

/** The running task, its progress, and the button that cancels it. */
function Work() {
  const w = store.words.value;
  const task = store.live.value ? undefined : store.task.value;
  const share = task?.total ? (task.done ?? 0) / task.total : undefined;
  return (
    <div class={`task${task ? "" : " idle"}`} role="status" aria-live="polite">
      {task && (
        <>
          <span>
            {task.what}
            {task.total !== undefined && task.total > 1 ? ` ${task.done ?? 0} / ${task.total}` : "…"}
          </span>
          <progress aria-label={task.what} {...(share === undefined ? {} : { value: share })} />
          {task.canCancel && (
            <button type="button" onClick={cancel}>
              {w.cancel}
            </button>
          )}
        </>
      )}
    </div>
  );
}
