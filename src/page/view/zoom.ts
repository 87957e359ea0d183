/** @file Zoom and pan by wheel, pinch, drag and keys. A press without a drag shows the bare picture. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import { isTyping } from "./keys.js";
import { useListener } from "./listener.js";

const MOST = 32;
const STEP = 1.4;
/** A press becomes a drag after this many pixels. */
const DRAG = 4;

interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const WHOLE: View = { scale: 1, x: 0, y: 0 };

/** Keeps the picture inside its frame. `x` and `y` are its upper left corner, as shares of the frame. */
const bounded = ({ scale, x, y }: View): View => {
  const inside = (at: number): number => Math.min(0, Math.max(1 - scale, at));
  return { scale, x: inside(x), y: inside(y) };
};

export type Zoom = ReturnType<typeof useZoom>;

type ZoomAt = (factor: number, px?: number, py?: number) => void;
type Frame = RefObject<HTMLDivElement | null>;

export function useZoom(frame: Frame, setBare: (bare: boolean) => void) {
  const [view, setView] = useState(WHOLE);
  const zoomAt: ZoomAt = (factor, px = 0.5, py = 0.5) =>
    setView(({ scale, x, y }) => {
      const zoomed = Math.min(Math.max(scale * factor, 1), MOST);
      const by = zoomed / scale;
      return bounded({ scale: zoomed, x: px - (px - x) * by, y: py - (py - y) * by });
    });
  const reset = (): void => setView(WHOLE);
  const pan = (dx: number, dy: number): void =>
    setView(({ scale, x, y }) => bounded({ scale, x: x + dx, y: y + dy }));
  useWheel(frame, zoomAt);
  useListener("keydown", (event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") zoomAt(STEP);
    if (event.key === "-") zoomAt(1 / STEP);
    if (event.key === "0") reset();
  });
  return {
    transform: `translate(${100 * view.x}%, ${100 * view.y}%) scale(${view.scale})`,
    in: () => zoomAt(STEP),
    out: () => zoomAt(1 / STEP),
    reset,
    handlers: usePointers(frame, { zoomAt, pan, setBare }),
  };
}

/** A pointer's position, as shares of an element. */
export function shareOf(element: Element, event: Pick<PointerEvent, "clientX" | "clientY">) {
  const box = element.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] as const;
}

function useWheel(frame: Frame, zoomAt: ZoomAt): void {
  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoomAt(Math.exp(-event.deltaY / 400), ...shareOf(frame.current!, event));
    };
    // A passive listener could not keep the page from scrolling.
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  });
}

interface PointerActs {
  readonly zoomAt: ZoomAt;
  readonly pan: (dx: number, dy: number) => void;
  readonly setBare: (bare: boolean) => void;
}

/** One pointer drags or hides the map; two pinch. */
function usePointers(frame: Frame, { zoomAt, pan, setBare }: PointerActs) {
  const pointers = useRef(new Map<number, PointerEvent>());
  const begin = useRef<{ readonly x: number; readonly y: number; dragged: boolean } | undefined>(undefined);
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    frame.current!.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, event);
    begin.current = { x: event.clientX, y: event.clientY, dragged: pointers.current.size > 1 };
    setBare(pointers.current.size === 1);
  };
  const move = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined || begin.current === undefined) return;
    const other = [...pointers.current.values()].find((one) => one.pointerId !== event.pointerId);
    pointers.current.set(event.pointerId, event);
    if (other !== undefined) {
      const distance = (one: PointerEvent): number =>
        Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoomAt(distance(event) / Math.max(distance(before), 1), ...shareOf(frame.current!, other));
      return;
    }
    const moved = Math.hypot(event.clientX - begin.current.x, event.clientY - begin.current.y);
    if (moved < DRAG && !begin.current.dragged) return;
    begin.current.dragged = true;
    setBare(false);
    const [x, y] = shareOf(frame.current!, event);
    const [beforeX, beforeY] = shareOf(frame.current!, before);
    pan(x - beforeX, y - beforeY);
  };
  const up = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    setBare(false);
  };
  return { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up };
}
