/** @file The methods with their questions and costs, and the refused ones with their reasons. */

import { METHOD_NAMES, METHODS, type MethodName } from "../../cam/methods/table.js";
import type { Refusal } from "../../cam/request/types.js";
import { translated } from "../../language/say.js";
import { chooseMethod } from "../state/actions.js";
import * as store from "../state/store.js";

export function Methods() {
  const w = store.words.value;
  const { refused } = store.availability.value;
  const defined = METHOD_NAMES.filter((name) => refused.every(({ method }) => method !== name));
  const others = byReason(refused);
  return (
    <>
      <ul class="methods">
        {defined.map((name) => (
          <MethodRow key={name} name={name} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3>{w.notHere}</h3>
          <ul class="methods refused">
            {others.map(([reason, titles]) => (
              <li key={reason} class="hint" aria-disabled="true">
                <strong>{titles.join(", ")}</strong>
                <span>{reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** Groups refused methods by reason. A reason may begin with the method's name, which is cut off. */
function byReason(refused: readonly Refusal[]): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { method, reason } of refused) {
    const { title } = METHODS[method];
    const why = reason.startsWith(`${title} `) ? reason.slice(title.length + 1) : reason;
    groups.set(why, [...(groups.get(why) ?? []), title]);
  }
  return [...groups];
}

function MethodRow({ name }: { readonly name: MethodName }) {
  const w = store.words.value;
  const isGrid = store.viewMode.value === "grid";
  const cost = store.availability.value.manyRuns.includes(name) ? "many" : METHODS[name].cost;
  const inGrid = store.gridMethods.value.includes(name);
  const toggle = (): void => {
    const others = store.gridMethods.value.filter((one) => one !== name);
    store.gridMethods.value = inGrid ? others : [...others, name];
  };
  return (
    <li>
      {isGrid && (
        <input type="checkbox" checked={inGrid} aria-label={METHODS[name].title} onChange={toggle} />
      )}
      <button
        type="button"
        class="row"
        aria-pressed={!isGrid && name === store.method.value}
        data-method={name}
        onClick={() => (isGrid ? toggle() : void chooseMethod(name))}
      >
        <strong>{METHODS[name].title}</strong>
        <span class={`cost ${cost}`}>{w.costs[cost]}</span>
        <span class="asks hint">{translated(METHODS[name].question)}</span>
      </button>
    </li>
  );
}
