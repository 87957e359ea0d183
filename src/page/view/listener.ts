/** @file Listens to the window. */

import { useEffect } from "preact/hooks";

/** Listens while the component is shown. The listener of the first rendering stays: what it reads must not change. */
export function useListener<K extends keyof WindowEventMap>(
  kind: K,
  listener: (event: WindowEventMap[K]) => void,
): void {
  useEffect(() => {
    window.addEventListener(kind, listener);
    return () => window.removeEventListener(kind, listener);
  }, []);
}
