/** @file Hook for events of the window. */

import { useEffect } from "preact/hooks";

/** Listens while the component is shown. The first listener stays, so it must not capture values that change. */
export function useListener<K extends keyof WindowEventMap>(
  kind: K,
  listener: (event: WindowEventMap[K]) => void,
): void {
  useEffect(() => {
    window.addEventListener(kind, listener);
    return () => window.removeEventListener(kind, listener);
  }, []);
}
