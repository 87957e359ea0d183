/** @file The picture to compare with, for models without a classifier: chosen, or dropped here. */

import { SIMILARITIES } from "../../cam/vectors.js";
import { applyValue } from "../state/apply.js";
import { compareNoMore, compareWith } from "../state/compare.js";
import * as store from "../state/store.js";
import { IconButton } from "./icons.js";
import { PictureCanvas } from "./PictureCanvas.js";

export function Compare() {
  const w = store.words.value;
  const other = store.other.value;
  return (
    <div class="compare" data-testid="compare">
      {other && (
        <div class="other">
          <PictureCanvas bitmap={other.facts.bitmap} side={128} />
          <span class="cut">{other.file.name}</span>
          <IconButton icon="close" aria-label={w.removePicture} onClick={() => void compareNoMore()} />
        </div>
      )}
      <label class="button">
        {other ? w.compareOther : w.compareWith}
        <input
          id="other-picture"
          type="file"
          accept="image/*,.dcm"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            currentTarget.value = "";
            if (file) void compareWith(file);
          }}
        />
      </label>
      {other && (
        <label class="similarity">
          <span>{w.similarity}</span>
          <select
            value={store.values.value.similarity ?? "cosine"}
            onChange={({ currentTarget: { value } }) =>
              void applyValue(
                "similarity",
                SIMILARITIES.find((one) => one === value && one !== "cosine"),
              )
            }
          >
            {SIMILARITIES.map((name) => (
              <option key={name} value={name}>
                {w.similarities[name]}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
