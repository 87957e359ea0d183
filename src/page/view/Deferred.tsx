/** @file Draws a part of the page some frames later, so that no frame lays out the whole page. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

interface DeferredProps {
  readonly frames: number;
  /** The class of a box that keeps the part's place until then. */
  readonly box?: string;
  readonly children: ComponentChildren;
}

export function Deferred({ frames, box, children }: DeferredProps) {
  const [left, setLeft] = useState(frames);
  // An effect runs after the rendered frame.
  useEffect(() => {
    if (left > 0) setLeft(left - 1);
  }, [left]);
  if (left === 0) return <>{children}</>;
  return box === undefined ? null : <div class={box} />;
}
