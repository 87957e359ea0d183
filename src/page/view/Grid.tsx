/** @file Maps of labels, methods and layers side by side. */

import { useEffect, useRef } from "preact/hooks";
import { METHODS } from "../../cam/methods/table.js";
import { layOver, paintHeat } from "../../web/draw.js";
import { chooseLabel, setValue } from "../state/actions.js";
import { makeGrid } from "../state/explain.js";
import * as store from "../state/store.js";

const CELL = 320;

export function Grid() {
  const w = store.words.value;
  const cells = store.grid.value;
  const labels = [...new Map(cells.map(({ map }) => [map.target.index, map.target])).keys()];
  const rows = [...new Map(cells.map((cell) => [rowKey(cell), cell])).values()];
  const severalLayers = new Set(rows.map(({ layer }) => layer)).size > 1;
  return (
    <div class="grid-view">
      <div class="grid-bar">
        <label class="slider">
          <span>{w.gridLabels}</span>
          <input
            type="range"
            min="1"
            max={Math.max(1, Math.min(6, store.ranking.value.length))}
            value={store.gridLabelCount.value}
            onInput={(event) => (store.gridLabelCount.value = Number(event.currentTarget.value))}
          />
          <output>{store.gridLabelCount.value}</output>
        </label>
        <button type="button" class="primary" onClick={() => void makeGrid()}>
          {w.gridRun}
        </button>
        <span class="hint">{w.gridHint}</span>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={w.gridView}>
        <table class="grid" data-testid="grid">
          <thead>
            <tr>
              <td />
              {labels.map((index) => (
                <th key={index} scope="col">
                  {store.labelOf(index)}
                  <small>{(100 * store.scores.value!.scores[index]!).toFixed(1)} %</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                <th scope="row">
                  {METHODS[row.method].title}
                  {severalLayers && row.layer !== undefined && <small>{row.layer}</small>}
                </th>
                {labels.map((index) => (
                  <td key={index}>
                    <CellOf
                      cell={cells.find(
                        (one) => rowKey(one) === rowKey(row) && one.map.target.index === index,
                      )}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const rowKey = ({ method, layer }: store.GridCell): string => JSON.stringify([method, layer]);

function CellOf({ cell }: { readonly cell: store.GridCell | undefined }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const bitmap = store.picture.value?.facts.bitmap;
  const { alpha = 0.5, colormap } = store.values.value;
  const cropPct = store.model.value?.preprocessing.cropPct;
  useEffect(() => {
    if (cell === undefined || bitmap === undefined) return;
    const scale = Math.min(1, CELL / Math.max(bitmap.width, bitmap.height));
    const size = { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) };
    const heat = new OffscreenCanvas(size.width, size.height);
    const signed = cell.map.signed === true;
    paintHeat(heat, layOver(cell.map, size, cropPct), size, { signed, ...(colormap && { colormap }) });
    const canvas = ref.current!;
    canvas.width = size.width;
    canvas.height = size.height;
    const context = canvas.getContext("2d")!;
    context.drawImage(bitmap, 0, 0, size.width, size.height);
    context.globalAlpha = alpha;
    context.drawImage(heat, 0, 0);
  }, [cell, bitmap, alpha, colormap, cropPct]);
  if (cell === undefined) return null;
  const look = (): void => {
    setValue("method", [cell.method]);
    if (cell.layer !== undefined && cell.layer !== store.model.value?.defaultLayer)
      setValue("layer", [cell.layer]);
    void chooseLabel(cell.map.target.index);
  };
  return (
    <button
      type="button"
      aria-label={store.words.value.map(METHODS[cell.method].title, store.labelOf(cell.map.target.index))}
      onClick={look}
    >
      <canvas ref={ref} />
    </button>
  );
}
