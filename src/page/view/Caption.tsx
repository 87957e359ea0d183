/** @file The caption: map name, value under the pointer, zoom buttons. */

import { useEffect, useRef } from "preact/hooks";
import type { CamMap } from "../../cam/request/types.js";
import { paintHeat } from "../../web/draw.js";
import * as store from "../state/store.js";
import { IconButton } from "./icons.js";
import type { Bare } from "./bare-picture.js";
import type { Zoom } from "./zoom.js";

/** A pixel of the picture, and the heat there. */
export interface PointerValue {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

interface CaptionProps {
  readonly text: string;
  /** Undefined until it is computed. */
  readonly map: CamMap | undefined;
  readonly probe: PointerValue | undefined;
  readonly zoom: Zoom;
  readonly bare: Bare;
}

export function Caption({ text, map, probe, zoom, bare }: CaptionProps) {
  return (
    <div class="caption hint">
      <span data-testid="caption">{text}</span>
      {map && <ColourBar signed={map.signed === true} />}
      <span class="probe" data-testid="probe">
        {probe ? `${probe.x}, ${probe.y} · ${store.words.value.heatHere} ${probe.value.toFixed(3)}` : " "}
      </span>
      <span class="zooms">
        <BareButton bare={bare} />
        <ZoomButtons zoom={zoom} />
      </span>
    </div>
  );
}

/** A pointer holds it. Keys and screen readers toggle it. */
function BareButton({ bare: { isBare, setBare } }: { readonly bare: Bare }) {
  const title = store.words.value.bare;
  return (
    <IconButton
      icon="eye"
      aria-label={title}
      aria-pressed={isBare}
      title={title}
      onPointerDown={() => setBare(true)}
      onPointerUp={() => setBare(false)}
      onPointerLeave={() => setBare(false)}
      onClick={({ detail }) => detail === 0 && setBare(!isBare)}
    />
  );
}

function ZoomButtons({ zoom }: { readonly zoom: Zoom }) {
  const w = store.words.value;
  const buttons = [
    { icon: "minus", title: w.zoomOut, press: zoom.out },
    { icon: "plus", title: w.zoomIn, press: zoom.in },
    { icon: "whole", title: w.zoomReset, press: zoom.reset },
  ] as const;
  return (
    <>
      {buttons.map(({ icon, title, press }) => (
        <IconButton key={icon} icon={icon} aria-label={title} title={title} onClick={press} />
      ))}
    </>
  );
}

function ColourBar({ signed }: { readonly signed: boolean }) {
  const colormap = store.values.value.colormap ?? (signed ? "bwr" : "jet");
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const values = Float32Array.from({ length: 256 }, (_, i) => i / 255);
    paintHeat(ref.current!, values, { width: 256, height: 1 }, { colormap });
  }, [colormap]);
  return (
    <span class="colours" aria-hidden="true">
      {signed ? "−1" : "0"}
      <canvas ref={ref} />1
    </span>
  );
}
