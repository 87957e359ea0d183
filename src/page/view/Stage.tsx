/** @file The picture with its map: layers of canvas and lines, to zoom, pan, compare and read values from. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CamMap } from "../../cam/request/types.js";
import { METHODS } from "../../cam/methods/table.js";
import type { ColormapName } from "../../image/colormaps.js";
import { peak } from "../../image/map-range.js";
import type { Size } from "../../image/picture.js";
import { layOver, paintHeat } from "../../web/draw.js";
import { showPeak } from "../state/looks.js";
import * as store from "../state/store.js";
import { Icon } from "./icons.js";
import { isPressable, isTyping } from "./keys.js";
import { outlineOf, type Outline } from "./outline.js";
import { useZoom } from "./zoom.js";

/** The longer side at which maps are laid out; more is not seen, and takes time. */
const MAP_SIDE = 900;

const fitted = ({ width, height }: Size): Size => {
  const scale = Math.min(1, MAP_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};

export function Stage() {
  const w = store.words.value;
  const item = store.picture.value;
  const shown = store.shown.value;
  const [isBare, setBare] = useBareKey();
  const [splitAt, setSplit] = useState(50);
  const [probe, setProbe] = useState<Probe>();
  const frame = useRef<HTMLDivElement>(null);
  const zoom = useZoom(frame, setBare);
  const bitmap = item?.facts.bitmap;
  const size = useMemo(() => bitmap && fitted(bitmap), [bitmap]);
  const map = shown !== undefined && shown.picture === item?.facts.id ? shown.map : undefined;
  const cropPct = store.model.value?.preprocessing.cropPct;
  const laid = useMemo(() => (map && size ? layOver(map, size, cropPct) : undefined), [map, size, cropPct]);
  const { colormap } = store.values.value;
  const isSplit = store.viewMode.value === "split";
  const look = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (!size || !laid || !item) return;
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (x < 0 || y < 0 || x >= 1 || y >= 1) return setProbe(undefined);
    const value = laid[Math.floor(y * size.height) * size.width + Math.floor(x * size.width)]!;
    const { facts } = item;
    setProbe({ x: Math.floor(x * facts.width), y: Math.floor(y * facts.height), value });
  };
  if (item === undefined || size === undefined) return <div class="stage empty" aria-busy="true" />;
  const label = map?.target.label ?? (map && store.labelOf(map.target.index)) ?? "";
  return (
    <div class={`stage${isBare ? " bare" : ""}`}>
      <div
        class="frame"
        ref={frame}
        tabIndex={0}
        role="img"
        aria-label={map ? w.map(METHODS[map.method].title, label) : item.name}
        style={{ "--ratio": `${size.width} / ${size.height}`, "--wide": size.width / size.height }}
        {...zoom.handlers}
      >
        <div
          class="layers"
          style={{ transform: zoom.transform }}
          onPointerMove={look}
          onPointerLeave={() => setProbe(undefined)}
        >
          <PictureCanvas bitmap={item.facts.bitmap} grey={map?.signed === true && !isBare} />
          {laid && map && <HeatLayer map={map} laid={laid} size={size} from={isSplit ? splitAt : 0} />}
          {isSplit && <div class="edge" style={{ left: `${splitAt}%` }} aria-hidden="true" />}
        </div>
      </div>
      {isSplit && (
        <input
          class="splitter"
          type="range"
          min="0"
          max="100"
          value={splitAt}
          aria-label={w.split}
          onInput={(event) => setSplit(Number(event.currentTarget.value))}
        />
      )}
      <Caption
        text={map ? w.map(METHODS[map.method].title, label) : item.name}
        colormap={colormap ?? (map?.signed ? "bwr" : "jet")}
        signed={map?.signed === true}
        probe={probe}
        zoom={zoom}
        setBare={setBare}
      />
      {map?.flat !== undefined && (
        <p class="note">
          {w.flat}: {map.flat}
        </p>
      )}
    </div>
  );
}

interface HeatLayerProps {
  readonly map: CamMap;
  readonly laid: Float32Array;
  readonly size: Size;
  /** Where it begins, in percent of the width. */
  readonly from: number;
}

/** The map over its picture, with its outline, boxes and peak. */
function HeatLayer({ map, laid, size, from }: HeatLayerProps) {
  const { threshold, minArea, drawBoxes, colormap, alpha = 0.5 } = store.values.value;
  const outline = useMemo(
    () => (threshold === undefined ? undefined : outlineOf(laid, size, threshold, minArea)),
    [laid, size, threshold, minArea],
  );
  return (
    <div class="over" style={{ clipPath: from > 0 ? `inset(0 0 0 ${from}%)` : "none" }}>
      <HeatCanvas values={laid} size={size} signed={map.signed === true} colormap={colormap} alpha={alpha} />
      <Marks
        size={size}
        outline={outline}
        boxes={drawBoxes === true}
        at={showPeak.value && map.flat === undefined ? peak(laid, size) : undefined}
      />
    </div>
  );
}

interface CaptionProps {
  readonly text: string;
  readonly colormap: ColormapName;
  readonly signed: boolean;
  readonly probe: Probe | undefined;
  readonly zoom: ReturnType<typeof useZoom>;
  readonly setBare: (bare: boolean) => void;
}

/** What is shown, the value under the pointer, and buttons for who has no wheel. */
function Caption({ text, colormap, signed, probe, zoom, setBare }: CaptionProps) {
  const w = store.words.value;
  const buttons = [
    { icon: "minus", title: w.zoomOut, press: zoom.out },
    { icon: "plus", title: w.zoomIn, press: zoom.in },
    { icon: "whole", title: w.zoomReset, press: zoom.reset },
  ] as const;
  return (
    <div class="caption">
      <span data-testid="caption">{text}</span>
      <ColourBar colormap={colormap} signed={signed} />
      <span class="probe" data-testid="probe">
        {probe ? `${probe.x}, ${probe.y} · ${w.heatHere} ${probe.value.toFixed(3)}` : " "}
      </span>
      <span class="zooms">
        <button
          type="button"
          class="icon-only"
          aria-label={w.bare}
          title={w.bare}
          onPointerDown={() => setBare(true)}
          onPointerUp={() => setBare(false)}
          onPointerLeave={() => setBare(false)}
        >
          <Icon name="eye" />
        </button>
        {buttons.map(({ icon, title, press }) => (
          <button key={icon} type="button" class="icon-only" aria-label={title} title={title} onClick={press}>
            <Icon name={icon} />
          </button>
        ))}
      </span>
    </div>
  );
}

interface Probe {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

function PictureCanvas({ bitmap, grey }: { readonly bitmap: ImageBitmap; readonly grey: boolean }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
  }, [bitmap]);
  return <canvas class={grey ? "picture grey" : "picture"} ref={ref} />;
}

interface HeatProps {
  readonly values: Float32Array;
  readonly size: Size;
  readonly signed: boolean;
  readonly colormap: ColormapName | undefined;
  readonly alpha: number;
}

function HeatCanvas({ values, size, signed, colormap, alpha }: HeatProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    paintHeat(ref.current!, values, size, { signed, ...(colormap && { colormap }) });
  }, [values, size, signed, colormap]);
  return <canvas class="heat" ref={ref} style={{ opacity: alpha }} data-testid="heat" />;
}

interface MarksProps {
  readonly size: Size;
  readonly outline: Outline | undefined;
  readonly boxes: boolean;
  readonly at: readonly [number, number] | undefined;
}

function Marks({ size, outline, boxes, at }: MarksProps) {
  return (
    <svg class="marks" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      {outline && (
        <>
          <path class="dark" d={outline.path} />
          <path class="light" d={outline.path} />
        </>
      )}
      {boxes &&
        outline?.regions.map(({ box: [x, y, width, height] }, i) => (
          <rect key={i} class="light dashed" x={x} y={y} width={width} height={height} />
        ))}
      {at && (
        <g transform={`translate(${at[0] + 0.5} ${at[1] + 0.5})`}>
          <circle class="dark" r={size.width / 60} />
          <circle class="light" r={size.width / 60} />
        </g>
      )}
    </svg>
  );
}

function ColourBar({ colormap, signed }: { readonly colormap: ColormapName; readonly signed: boolean }) {
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

/** Whether the bare picture is looked at: while Space is held. */
function useBareKey(): [boolean, (bare: boolean) => void] {
  const [isBare, setBare] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== " " || isTyping(event) || isPressable(event)) return;
      event.preventDefault();
      setBare(true);
    };
    const release = (event: KeyboardEvent): void => {
      if (event.key === " ") setBare(false);
    };
    window.addEventListener("keydown", press);
    window.addEventListener("keyup", release);
    return () => {
      window.removeEventListener("keydown", press);
      window.removeEventListener("keyup", release);
    };
  }, []);
  return [isBare, setBare];
}
