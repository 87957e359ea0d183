/** @file The picture with its map. It can be zoomed, panned, compared and probed. */

import { useMemo, useRef, useState } from "preact/hooks";
import type { CamMap } from "../../cam/request/types.js";
import { METHODS } from "../../cam/methods/table.js";
import { fittedSize, type Size } from "../../image/picture.js";
import { layOver } from "../../web/draw.js";
import { DEMO_RATIO } from "../state/demo.js";
import * as store from "../state/store.js";
import { useBare } from "./bare-picture.js";
import { Caption, type PointerValue } from "./Caption.js";
import { HeatLayer } from "./HeatLayer.js";
import { PictureCanvas } from "./PictureCanvas.js";
import { shareOf, useZoom } from "./zoom.js";

/** The largest longer side of a map. Larger maps look the same and cost time. */
const MAP_SIDE = 900;

export function Stage() {
  const item = store.picture.value;
  if (item === undefined) return <Place />;
  const { shown } = store;
  const map = shown.value?.call.picture === item.facts.id ? shown.value.map : undefined;
  return <Shown item={item} map={map} />;
}

/** Keeps the place of the demo's picture and its caption, so that nothing moves when they appear. */
const Place = () => (
  <div class="stage column" aria-busy="true">
    <div class="frame" style={{ "--ratio": DEMO_RATIO }} />
    <div class="caption hint" />
  </div>
);

interface ShownProps {
  readonly item: store.PictureItem;
  /** Undefined until it is computed. */
  readonly map: CamMap | undefined;
}

function Shown({ item, map }: ShownProps) {
  const w = store.words.value;
  const bare = useBare();
  /** The edge between picture and map, in percent of the width. */
  const [splitAt, setSplit] = useState(50);
  const [probe, setProbe] = useState<PointerValue>();
  const frame = useRef<HTMLDivElement>(null);
  const zoom = useZoom(frame, bare.setBare);
  const { bitmap } = item.facts;
  const size = useMemo(() => fittedSize(item.facts, MAP_SIDE), [item.facts]);
  const cropPct = store.model.value?.preprocessing.cropPct;
  const laid = useMemo(() => map && layOver(map, size, cropPct), [map, size, cropPct]);
  const isSplit = store.viewMode.value === "split";
  const text = map ? w.map(METHODS[map.method].title, store.labelOf(map.target.index)) : item.name;
  return (
    <div class={`stage column${bare.isBare ? " bare" : ""}`}>
      <div
        class="frame"
        ref={frame}
        tabIndex={0}
        role="img"
        aria-label={text}
        style={{ "--ratio": `${size.width} / ${size.height}`, "--wide": size.width / size.height }}
        {...zoom.handlers}
      >
        <div
          class="layers"
          style={{ transform: zoom.transform }}
          onPointerMove={(event) => laid && setProbe(probeAt(event, item.facts, laid, size))}
          onPointerLeave={() => setProbe(undefined)}
        >
          <PictureCanvas bitmap={bitmap} class={map?.signed && !bare.isBare ? "picture grey" : "picture"} />
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
      <Caption text={text} map={map} probe={probe} zoom={zoom} bare={bare} />
      {map?.flat !== undefined && <p class="note">{w.flat(map.flat)}</p>}
    </div>
  );
}

/** The pixel under the pointer; undefined outside the picture. */
function probeAt(
  event: PointerEvent,
  picture: Size,
  laid: Float32Array,
  { width, height }: Size,
): PointerValue | undefined {
  const [x, y] = shareOf(event.currentTarget as Element, event);
  if (x < 0 || y < 0 || x >= 1 || y >= 1) return undefined;
  const value = laid[Math.floor(y * height) * width + Math.floor(x * width)]!;
  return { x: Math.floor(x * picture.width), y: Math.floor(y * picture.height), value };
}
