/** @file Guided backprop, and its product with the map. */

import { useEffect, useRef } from "preact/hooks";
import { isInputMethod, METHODS } from "../../cam/methods/table.js";
import { guidedPicture, type GuidedOptions } from "../../image/guided-picture.js";
import { sizeOf, toRgb, type Picture } from "../../image/picture.js";
import * as store from "../state/store.js";

export function Guided() {
  const w = store.words.value;
  const shown = store.shown.value;
  const bgr = store.model.value?.preprocessing.bgr;
  const refusal = store.guidedRefusal.value;
  if (refusal !== undefined) return <p class="note">{refusal}</p>;
  if (shown?.guided === undefined)
    return <div class="stage column empty" aria-busy={store.task.value !== undefined} />;
  const { guided, map } = shown;
  const size = sizeOf(guided.shape);
  const draw = (name: string, options: GuidedOptions) => ({
    title: w.map(name, store.labelOf(map.target.index)),
    picture: guidedPicture(guided.data, size, { ...options, ...(bgr && { bgr }) }),
  });
  const pictures = [draw(w.guidedBackprop, {})];
  if (!isInputMethod(map.method))
    pictures.push(draw(w.guidedProduct(METHODS[map.method].title), { map: map.data }));
  return (
    <div class="stage column guided">
      <div class="pair">
        {pictures.map(({ title, picture }) => (
          <figure key={title}>
            <SamplesCanvas picture={picture} title={title} />
            <figcaption data-testid="caption">{title}</figcaption>
          </figure>
        ))}
      </div>
      <p class="hint">{w.guidedHint}</p>
    </div>
  );
}

function SamplesCanvas({ picture, title }: { readonly picture: Picture; readonly title: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { data, width, height } = toRgb(picture);
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++)
      image.data.set([data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!, 255], 4 * i);
    const canvas = ref.current!;
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")!.putImageData(image, 0, 0);
  }, [picture]);
  return <canvas ref={ref} role="img" aria-label={title} data-testid="guided" />;
}
