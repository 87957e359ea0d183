/** @file The thumbnails of several pictures. */

import { choosePicture, removePicture } from "../state/pictures.js";
import * as store from "../state/store.js";
import { IconButton } from "./icons.js";
import { PictureCanvas } from "./PictureCanvas.js";

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
            class="column"
            aria-current={item.key === current.value}
            title={item.name}
            onClick={() => void choosePicture(item.key)}
          >
            <PictureCanvas bitmap={item.facts.bitmap} side={SIDE} />
            <span class="cut">{item.name}</span>
          </button>
          <IconButton
            icon="close"
            class="remove"
            aria-label={`${words.value.removePicture}: ${item.name}`}
            onClick={() => removePicture(item.key)}
          />
        </div>
      ))}
    </nav>
  );
}
