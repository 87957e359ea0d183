/** @file Zoom and pan by wheel, pinch, drag and keys. A press without a drag shows the bare picture. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import { isTyping } from "./keys.js";

const MOST = 32;
const STEP = 1.4;
/** Pixels that a pointer moves before a press is a drag. */
const DRAG = 4;

interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const WHOLE: View = { scale: 1, x: 0, y: 0 };

/** The picture never leaves its frame. `x`, `y`: of its upper left corner, as shares of the frame. */
const bounded = ({ scale, x, y }: View): View => {
  const by = Math.min(Math.max(scale, 1), MOST);
  const inside = (at: number): number => Math.min(0, Math.max(1 - by, at));
  return { scale: by, x: inside(x), y: inside(y) };
};

export type Zoom = ReturnType<typeof useZoom>;

export function useZoom(frame: RefObject<HTMLDivElement | null>, setBare: (bare: boolean) => void) {
  const [view, setView] = useState(WHOLE);
  const pointers = useRef(new Map<number, PointerEvent>());
  const begin = useRef<{ readonly x: number; readonly y: number; dragged: boolean } | undefined>(undefined);
  const zoomAt = (factor: number, px = 0.5, py = 0.5): void =>
    setView(({ scale, x, y }) => {
      const by = Math.min(Math.max(scale * factor, 1), MOST) / scale;
      return bounded({ scale: scale * by, x: px - (px - x) * by, y: py - (py - y) * by });
    });
  const shareOf = (event: { readonly clientX: number; readonly clientY: number }): [number, number] => {
    const box = frame.current!.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoomAt(Math.exp(-event.deltaY / 400), ...shareOf(event));
    };
    // Not passive: the page would scroll.
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey) return;
      if (event.key === "+" || event.key === "=") zoomAt(STEP);
      if (event.key === "-") zoomAt(1 / STEP);
      if (event.key === "0") setView(WHOLE);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
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
    const others = [...pointers.current.values()].filter((one) => one.pointerId !== event.pointerId);
    const [other] = others;
    pointers.current.set(event.pointerId, event);
    if (other !== undefined) {
      const distance = (one: PointerEvent): number =>
        Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoomAt(distance(event) / Math.max(distance(before), 1), ...shareOf(other));
      return;
    }
    const moved = Math.hypot(event.clientX - begin.current.x, event.clientY - begin.current.y);
    if (moved < DRAG && !begin.current.dragged) return;
    begin.current.dragged = true;
    setBare(false);
    const box = frame.current!.getBoundingClientRect();
    const [dx, dy] = [
      (event.clientX - before.clientX) / box.width,
      (event.clientY - before.clientY) / box.height,
    ];
    setView(({ scale, x, y }) => bounded({ scale, x: x + dx, y: y + dy }));
  };
  const up = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    setBare(false);
  };
  return {
    transform: `translate(${100 * view.x}%, ${100 * view.y}%) scale(${view.scale})`,
    in: () => zoomAt(STEP),
    out: () => zoomAt(1 / STEP),
    reset: () => setView(WHOLE),
    handlers: { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up },
  };
}
