/** @file Listens to the window. */

import { useEffect } from "preact/hooks";

/** Listens while the component is shown, with the listener that it was first drawn with. */
export function useListener<K extends keyof WindowEventMap>(
  kind: K,
  listener: (event: WindowEventMap[K]) => void,
): void {
  useEffect(() => {
    window.addEventListener(kind, listener);
    return () => window.removeEventListener(kind, listener);
  }, []);
}
