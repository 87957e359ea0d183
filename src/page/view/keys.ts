/** @file Whether a key belongs to what has the focus. */

/** Keys typed into a field, or those that move a slider or a choice. */
export function isTyping({ target }: Event): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/** Arrow keys in what scrolls. */
export const isScrolling = ({ target, key }: KeyboardEvent): boolean =>
  key.startsWith("Arrow") && target instanceof HTMLElement && target.closest(".scroll, .tab-body") !== null;

/** Whether Space would press what has the focus. */
export const isPressable = ({ target }: Event): boolean =>
  target instanceof HTMLElement && target.matches("button, a, summary, input, select, textarea");
