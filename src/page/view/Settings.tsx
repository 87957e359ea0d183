/** @file Every other option of `gradlens cam` that makes sense in a page, from the command's own table. */

import { useState } from "preact/hooks";
import { readValue } from "../../options/kinds.js";
import { textsOf } from "../../options/command-line.js";
import { specOf, typedName, type OptionName, type OptionValues } from "../../options/table.js";
import { applyValue } from "../state/actions.js";
import { translated } from "../../language/say.js";
import * as store from "../state/store.js";

const GROUPS = {
  Maps: [
    "relu",
    "compareScale",
    "augSmooth",
    "eigenSmooth",
    "topChannels",
    "score",
    "inputHeat",
    "rolloutHeads",
    "discardRatio",
    "seed",
  ],
  Output: ["threshold", "minArea", "overlaySize"],
  Pictures: ["window", "frame", "maxPixels"],
  Model: [
    "arch",
    "spelling",
    "activation",
    "headActivation",
    "size",
    "mean",
    "std",
    "norm",
    "resize",
    "cropPct",
    "bgr",
    "stateDict",
    "strictPickle",
  ],
  Running: ["batchSize", "memory"],
} as const satisfies Partial<Record<string, readonly OptionName[]>>;

export function Settings() {
  const w = store.words.value;
  const names = Object.keys(GROUPS) as (keyof typeof GROUPS)[];
  return (
    <div class="settings">
      {names.map((group) => (
        <details key={group} open={group === "Maps"}>
          <summary>{w.groups[group]}</summary>
          {GROUPS[group].map((name) => (
            <Field key={name} name={name} />
          ))}
        </details>
      ))}
      <ModelNotes />
    </div>
  );
}

function Field({ name }: { readonly name: OptionName }) {
  const spec = specOf(name);
  const value = store.values.value[name];
  const [problem, setProblem] = useState("");
  const set = (next: unknown): void => {
    setProblem("");
    void applyValue(name, next as OptionValues[OptionName]);
  };
  const typed = (text: string): void => {
    if (text.trim() === "") return set(undefined);
    try {
      set(readValue(spec, typedName(name), [text]));
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const id = `option-${name}`;
  const isOn = spec.kind === "flag" && (value ?? spec.default ?? false) === true;
  return (
    <div class="field">
      <label for={id}>
        <code>{typedName(name)}</code>
      </label>
      {spec.kind === "flag" ? (
        <input
          id={id}
          type="checkbox"
          aria-describedby={`${id}-help`}
          checked={spec.default === true ? !isOn : isOn}
          onChange={(event) => {
            const differs = event.currentTarget.checked;
            set(differs ? spec.default !== true : undefined);
          }}
        />
      ) : spec.kind === "choice" ? (
        <select
          id={id}
          aria-describedby={`${id}-help`}
          value={value === undefined ? "" : String(value)}
          onChange={(event) => typed(event.currentTarget.value)}
        >
          <option value="">{translated(String(spec.defaultWords ?? spec.default ?? "–"))}</option>
          {spec.choices.map((choice) => (
            <option key={choice} value={String(choice)}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          aria-describedby={`${id}-help`}
          aria-invalid={problem !== ""}
          placeholder={spec.value ?? ""}
          value={value === undefined ? "" : textsOf(name, value).join(",")}
          onChange={(event) => typed(event.currentTarget.value)}
        />
      )}
      <small id={`${id}-help`}>{translated(spec.help)}</small>
      {problem !== "" && (
        <small class="problem" role="alert">
          {problem}
        </small>
      )}
    </div>
  );
}

/** What the command prints of a model before it explains. */
function ModelNotes() {
  const model = store.model.value;
  if (model === undefined) return null;
  const { said, assumed, notes } = model;
  const shown = (value: unknown): string =>
    Array.isArray(value) && value.length > 8 ? `${value.length}` : String(value);
  return (
    <details open={assumed.length > 0}>
      <summary>{store.words.value.fileNotes}</summary>
      <ul class="notes">
        {said.map(({ what, value, from, note }, i) => (
          <li key={`s${i}`}>
            {what} {shown(value)} <em>({from})</em> {note}
          </li>
        ))}
        {assumed.map(({ what, value, because }, i) => (
          <li key={`a${i}`}>
            {what} {shown(value)}: {because}
          </li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
