/** @file Whether the bare picture is looked at: while Space is held, or as a button says. */

import { useEffect, useState } from "preact/hooks";
import { isPressable, isTyping } from "./keys.js";

export interface Bare {
  readonly isBare: boolean;
  readonly setBare: (bare: boolean) => void;
}

export function useBare(): Bare {
  const [isBare, setBare] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== " " || isTyping(event) || isPressable(event)) return;
      event.preventDefault();
      setBare(true);
    };
    const release = (event: KeyboardEvent): void => {
      if (event.key === " " && !isPressable(event)) setBare(false);
    };
    window.addEventListener("keydown", press);
    window.addEventListener("keyup", release);
    return () => {
      window.removeEventListener("keydown", press);
      window.removeEventListener("keyup", release);
    };
  }, []);
  return { isBare, setBare };
}
