/** @file Thumbnails of the pictures, where there are several. */

import { useEffect, useRef } from "preact/hooks";
import { choosePicture, removePicture } from "../state/actions.js";
import * as store from "../state/store.js";
import { Icon } from "./icons.js";

/** The longer side of a thumbnail, for screens of two pixels a point. */
const SIDE = 144;

export function Strip() {
  const { pictures, current, words } = store;
  if (pictures.value.length < 2) return null;
  return (
    <nav class="strip" aria-label={words.value.pictures}>
      {pictures.value.map((item) => (
        <div class="thumb" key={item.key}>
          <button
            type="button"
            aria-current={item.key === current.value}
            title={item.name}
            onClick={() => void choosePicture(item.key)}
          >
            <Thumbnail bitmap={item.facts.bitmap} />
            <span>{item.name}</span>
          </button>
          <button
            type="button"
            class="remove"
            aria-label={`${words.value.removePicture}: ${item.name}`}
            onClick={() => removePicture(item.key)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </nav>
  );
}

function Thumbnail({ bitmap }: { readonly bitmap: ImageBitmap }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  }, [bitmap]);
  return <canvas ref={ref} />;
}
