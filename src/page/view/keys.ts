/** @file Whether a key belongs to what has the focus. */

const SLIDERS = "input[type=range]";
const SWITCHES = "input[type=checkbox]";

/** Keys typed into a field, or those that move a slider or a choice. Letters mean nothing to sliders and switches. */
export function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches(SLIDERS)) return key.length > 1;
  return target.matches("input, textarea, select, [contenteditable]") && !target.matches(SWITCHES);
}

/** Arrow keys in what scrolls. */
export const isScrolling = ({ target, key }: KeyboardEvent): boolean =>
  key.startsWith("Arrow") && target instanceof HTMLElement && target.closest(".scroll, .tab-body") !== null;

/** Whether Space would press what has the focus. */
export const isPressable = ({ target }: Event): boolean =>
  target instanceof HTMLElement && target.matches("button, a, summary, input, select, textarea");
