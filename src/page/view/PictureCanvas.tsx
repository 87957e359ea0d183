/** @file A picture on a canvas. */

import { useEffect, useRef } from "preact/hooks";
import { fittedSize } from "../../image/picture.js";

interface PictureProps {
  readonly bitmap: ImageBitmap;
  /** The largest longer side: more pixels look the same. */
  readonly side?: number;
  readonly class?: string;
}

export function PictureCanvas({ bitmap, side = Infinity, class: name = "" }: PictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    // The bitmap of a removed picture is closed: its size is 0.
    if (bitmap.width === 0) return;
    const canvas = ref.current!;
    const { width, height } = fittedSize(bitmap, side);
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0, width, height);
  }, [bitmap, side]);
  return <canvas class={name} ref={ref} />;
}
