/** @file Hides the map while Space is held or the button is on. */

import { useState } from "preact/hooks";
import { isPressable, isTyping } from "./keys.js";
import { useListener } from "./listener.js";

export interface Bare {
  readonly isBare: boolean;
  readonly setBare: (bare: boolean) => void;
}

export function useBare(): Bare {
  const [isBare, setBare] = useState(false);
  useListener("keydown", (event) => {
    if (event.key !== " " || isTyping(event) || isPressable(event)) return;
    event.preventDefault();
    setBare(true);
  });
  useListener("keyup", (event) => {
    if (event.key === " " && !isPressable(event)) setBare(false);
  });
  return { isBare, setBare };
}
