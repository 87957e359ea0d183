/** @file Functions that create elements of the page. */

import type { Box } from "../../image/rle.js";

type Child = Node | string | undefined | false;
type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style" | "children">
>;

/** An element with properties (as `className`) and children; undefined children are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** A select with its label. @param options value and text of each */
export function choice(
  name: string,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
  onChange: (value: string) => void,
): HTMLElement {
  const select = el(
    "select",
    { onchange: () => onChange(select.value) },
    ...options.map(([one, text]) => el("option", { value: one, textContent: text })),
  );
  select.value = value;
  return el("label", {}, el("span", { textContent: name }), select);
}

/** A slider of 0..max with its label and its value in words. */
export function slider(
  name: string,
  { max, step, value }: Readonly<Record<"max" | "step" | "value", number>>,
  words: (value: number) => string,
  onInput: (value: number) => void,
): HTMLElement {
  const output = el("output", { textContent: words(value) });
  const input = el("input", {
    type: "range",
    min: "0",
    max: String(max),
    step: String(step),
    oninput() {
      output.textContent = words(Number(input.value));
      onInput(Number(input.value));
    },
  });
  input.value = String(value);
  return el("label", {}, el("span", { textContent: name }), input, output);
}

/** A check box with its label. */
export function tick(name: string, checked: boolean, onChange: (checked: boolean) => void): HTMLElement {
  const input = el("input", { type: "checkbox", checked, onchange: () => onChange(input.checked) });
  return el("label", {}, el("span", { textContent: name }), input);
}

const percent = (share: number): string => `${100 * share}%`;

/** Draws boxes, given as shares of a picture, over the whole element that holds them. */
export function boxLines(boxes: readonly Box[], name: string): HTMLElement {
  const lines = boxes.map(([x, y, width, height]) => {
    const line = el("i");
    const place = { left: x, top: y, width, height };
    for (const [side, share] of Object.entries(place)) line.style.setProperty(side, percent(share));
    return line;
  });
  return el("div", { className: "truth", role: "img", ariaLabel: name }, ...lines);
}
