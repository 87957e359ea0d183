/** @file The map over its picture, with its outline, boxes and peak. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CamMap } from "../../cam/request/types.js";
import { peak } from "../../image/map-range.js";
import type { Size } from "../../image/picture.js";
import type { Threshold } from "../../image/threshold.js";
import { paintHeat } from "../../web/draw.js";
import * as store from "../state/store.js";
import { part } from "../state/current-task.js";
import type { Outline } from "./outline.js";

interface HeatLayerProps {
  readonly map: CamMap;
  readonly laid: Float32Array;
  readonly size: Size;
  /** The left edge of the visible part, in percent of the width. */
  readonly from: number;
}

export function HeatLayer({ map, laid, size, from }: HeatLayerProps) {
  const { threshold, minArea, drawBoxes, colormap, alpha = 0.5 } = store.values.value;
  const ref = useRef<HTMLCanvasElement>(null);
  const signed = map.signed === true;
  useEffect(() => {
    paintHeat(ref.current!, laid, size, { signed, ...(colormap && { colormap }) });
  }, [laid, size, signed, colormap]);
  const outline = useOutline(laid, size, threshold, minArea);
  const hasPeak = store.showPeak.value && map.flat === undefined;
  const at = useMemo(() => (hasPeak ? peak(laid, size) : undefined), [laid, size, hasPeak]);
  return (
    <div class="over" style={{ clipPath: from > 0 ? `inset(0 0 0 ${from}%)` : "none" }}>
      <canvas ref={ref} style={{ opacity: alpha }} data-testid="heat" />
      <Marks size={size} outline={outline} boxes={drawBoxes === true} at={at} />
    </div>
  );
}

/** The outline's code loads after the map is drawn. If values change quickly, only the last one is drawn. */
function useOutline(
  laid: Float32Array,
  size: Size,
  threshold: Threshold | undefined,
  minArea: number | undefined,
): Outline | undefined {
  const [outline, setOutline] = useState<Outline>();
  useEffect(() => {
    let isWanted = true;
    if (threshold === undefined) setOutline(undefined);
    else
      void part(import("./outline.js")).then((found) => {
        if (isWanted) setOutline(found?.outlineOf(laid, size, threshold, minArea));
      });
    return () => void (isWanted = false);
  }, [laid, size, threshold, minArea]);
  return threshold === undefined ? undefined : outline;
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
