/** @file Decides whether a key belongs to the focused element. */

const SLIDERS = "input[type=range]";
const SWITCHES = "input[type=checkbox]";

/** Whether a key edits a field, or moves a slider or a choice. Sliders and switches ignore letters. */
export function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches(SLIDERS)) return key.length > 1;
  return target.matches("input, textarea, select, [contenteditable]") && !target.matches(SWITCHES);
}

/** Whether an arrow key scrolls the focused element. */
export const isScrolling = ({ target, key }: KeyboardEvent): boolean =>
  key.startsWith("Arrow") && target instanceof HTMLElement && target.closest(".scroll, .tab-body") !== null;

/** Whether Space presses the focused element. */
export const isPressable = ({ target }: Event): boolean =>
  target instanceof HTMLElement && target.matches("button, a, summary, input, select, textarea");
