/** @file The methods, with what each answers and costs; those that the model lacks, with the reason. */

import { METHOD_NAMES, METHODS, type MethodName } from "../../cam/methods/table.js";
import { chooseMethod } from "../state/actions.js";
import * as store from "../state/store.js";
import { COSTS } from "../text/methods.js";

export function Methods() {
  const w = store.words.value;
  const { refused } = store.availability.value;
  const reasonOf = (name: MethodName): string | undefined =>
    refused.find(({ method }) => method === name)?.reason;
  const defined = METHOD_NAMES.filter((name) => reasonOf(name) === undefined);
  const others = METHOD_NAMES.filter((name) => reasonOf(name) !== undefined);
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
            {others.map((name) => (
              <li key={name} aria-disabled="true">
                <strong>{METHODS[name].title}</strong>
                <span>{reasonOf(name)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function MethodRow({ name }: { readonly name: MethodName }) {
  const w = store.words.value;
  const isMany = store.availability.value.manyRuns.includes(name);
  const isGrid = store.viewMode.value === "grid";
  const cost = isMany ? "many" : COSTS[name] === "many" ? "few" : COSTS[name];
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
        aria-pressed={!isGrid && name === store.method.value}
        data-method={name}
        onClick={() => (isGrid ? toggle() : void chooseMethod(name))}
      >
        <strong>{METHODS[name].title}</strong>
        <span class={`cost ${cost}`}>{w.costs[cost]}</span>
        <span class="asks">{w.asks[name]}</span>
      </button>
    </li>
  );
}
