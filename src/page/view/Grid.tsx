/** @file The grid: maps of labels, methods and layers side by side. */

import { useEffect, useRef } from "preact/hooks";
import { METHODS } from "../../cam/methods/table.js";
import { drawOverlay } from "../../web/draw.js";
import { chooseCell, makeGrid } from "../state/grid.js";
import * as store from "../state/store.js";
import { scoreText } from "./score-text.js";

/** The longer side of a cell in pixels, for screens of two pixels a point. */
const CELL = 320;
const MOST_LABELS = 6;

export function Grid() {
  return (
    <div class="grid-view column">
      <GridBar />
      <div class="scroll" tabIndex={0} role="region" aria-label={store.words.value.views.grid}>
        <GridTable />
      </div>
    </div>
  );
}

/** The number of labels, and the button that computes the maps. */
function GridBar() {
  const w = store.words.value;
  const most = Math.min(MOST_LABELS, store.ranking.value.length);
  const count = Math.min(most, store.gridLabelCount.value);
  return (
    <div class="grid-bar">
      {most > 1 && (
        <label class="slider">
          <span>{w.gridLabels}</span>
          <input
            type="range"
            min="1"
            max={most}
            value={count}
            onInput={(event) => (store.gridLabelCount.value = Number(event.currentTarget.value))}
          />
          <output class="hint">{count}</output>
        </label>
      )}
      <button type="button" class="primary" onClick={() => void makeGrid()}>
        {w.gridRun}
      </button>
      <span class="hint">{w.gridHint}</span>
    </div>
  );
}

const rowKey = ({ map }: store.ShownMap): string => JSON.stringify([map.method, map.layers]);

function GridTable() {
  const cells = store.grid.value;
  const labels = [...new Map(cells.map(({ map }) => [map.target.index, map.target])).values()];
  const rows = [...new Map(cells.map((cell) => [rowKey(cell), cell])).values()];
  const layers = new Set(rows.flatMap(({ map }) => map.layers));
  return (
    <table class="grid" data-testid="grid">
      <thead>
        <tr>
          <td />
          {labels.map(({ index, score }) => (
            <th key={index} scope="col">
              {store.labelOf(index)}
              <small>{scoreText(score)}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            <th scope="row">
              {METHODS[row.map.method].title}
              {layers.size > 1 && <small>{row.map.layers.join(", ")}</small>}
            </th>
            {labels.map(({ index }) => (
              <td key={index}>
                <CellOf
                  cell={cells.find((one) => rowKey(one) === rowKey(row) && one.map.target.index === index)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CellOf({ cell }: { readonly cell: store.ShownMap | undefined }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const bitmap = store.picture.value?.facts.bitmap;
  const { alpha = 0.5, colormap } = store.values.value;
  const cropPct = store.model.value?.preprocessing.cropPct;
  useEffect(() => {
    // The bitmap of a removed picture is closed: its size is 0.
    if (cell === undefined || bitmap === undefined || bitmap.width === 0) return;
    drawOverlay(ref.current!, { bitmap }, cell.map, {
      alpha,
      cropPct,
      side: CELL,
      ...(colormap && { colormap }),
    });
  }, [cell, bitmap, alpha, colormap, cropPct]);
  if (cell === undefined) return null;
  const w = store.words.value;
  const { method, target, layers, flat } = cell.map;
  const title = w.map(METHODS[method].title, store.labelOf(target.index));
  return (
    <>
      <button
        type="button"
        aria-label={[title, ...layers].join(", ")}
        data-layer={layers.join()}
        onClick={() => void chooseCell(cell)}
      >
        <canvas ref={ref} />
      </button>
      {flat !== undefined && <small>{w.flat(flat)}</small>}
    </>
  );
}
