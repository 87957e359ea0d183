/** @file The settings: options of `gradlens cam` without another control in the page, from the tables of options. */

import { useState } from "preact/hooks";
import { MAP_OPTION_NAMES } from "../../cam/map-options.js";
import { readValue } from "../../options/kinds.js";
import { textsOf } from "../../options/command-line.js";
import { groupOf, OPTION_NAMES, specOf, typedName } from "../../options/table.js";
import type { OptionGroup, OptionName, OptionValues } from "../../options/table.js";
import { translated } from "../../language/say.js";
import { assumptionText, fileWordText } from "../../results/model-words.js";
import { applyValue } from "../state/apply.js";
import * as store from "../state/store.js";
import { messageOf } from "../state/current-task.js";

/** The options of a group that a settings file may hold. Files of labels are opened instead. */
const settable = (group: OptionGroup): readonly OptionName[] =>
  OPTION_NAMES.filter((name) => groupOf(name) === group && !specOf(name).typedOnly && name !== "labels");

/** The toolbar and the other tabs have the options that these leave out. */
const GROUPS = {
  Maps: MAP_OPTION_NAMES,
  Output: ["threshold", "minArea", "overlaySize"],
  Pictures: settable("Pictures"),
  Model: settable("Model"),
  Running: ["batchSize", "memory"],
} as const satisfies Partial<Record<OptionGroup, readonly OptionName[]>>;

export function Settings() {
  const w = store.words.value;
  const names = Object.keys(GROUPS) as (keyof typeof GROUPS)[];
  return (
    <div class="settings column">
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
  const [problem, setProblem] = useState("");
  const set = (next: unknown): void => {
    setProblem("");
    void applyValue(name, next as OptionValues[OptionName]);
  };
  const type = (text: string): void => {
    if (text.trim() === "") return set(undefined);
    try {
      set(readValue(spec, typedName(name), [text]));
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  const id = `option-${name}`;
  return (
    <div class="field">
      <label for={id}>
        <code>{typedName(name)}</code>
      </label>
      <Control id={id} name={name} isInvalid={problem !== ""} set={set} type={type} />
      <small id={`${id}-help`}>{translated(spec.help)}</small>
      {problem !== "" && (
        <small class="problem" role="alert">
          {problem}
        </small>
      )}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly name: OptionName;
  readonly isInvalid: boolean;
  /** Sets a value; undefined: the default. */
  readonly set: (value: unknown) => void;
  /** Parses a text and sets its value. */
  readonly type: (text: string) => void;
}

/** The input element for the option's kind. */
function Control({ id, name, isInvalid, set, type }: ControlProps) {
  const spec = specOf(name);
  const value = store.values.value[name];
  const described = { id, "aria-describedby": `${id}-help` };
  if (spec.kind === "flag") {
    const isOnByDefault = spec.default === true;
    // A switch that is on by default is typed as --no-...: ticked means off.
    const isTicked = (value ?? isOnByDefault) !== isOnByDefault;
    return (
      <input
        {...described}
        type="checkbox"
        checked={isTicked}
        onChange={(event) => set(event.currentTarget.checked ? !isOnByDefault : undefined)}
      />
    );
  }
  if (spec.kind === "choice") {
    return (
      <select
        {...described}
        value={value === undefined ? "" : String(value)}
        onChange={(event) => type(event.currentTarget.value)}
      >
        <option value="">{translated(String(spec.defaultWords ?? spec.default ?? "–"))}</option>
        {spec.choices.map((choice) => (
          <option key={choice} value={String(choice)}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...described}
      type="text"
      aria-invalid={isInvalid}
      placeholder={spec.value ?? ""}
      value={value === undefined ? "" : textsOf(name, value).join(",")}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

/** The notes on the model, as the command prints them. */
function ModelNotes() {
  const model = store.model.value;
  if (model === undefined) return null;
  const { said, assumed, notes } = model;
  return (
    <details open={assumed.length > 0}>
      <summary>{store.words.value.fileNotes}</summary>
      <ul class="notes">
        {[...said.map(fileWordText), ...assumed.map(assumptionText), ...notes].map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
