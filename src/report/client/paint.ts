/** @file Draws an entry's pictures while they are near the window, and frees them afterwards. */

import { colormapTable, type ColormapName } from "../../image/colormaps.js";
import { boxLines } from "./elements.js";
import { picturesId, type ReportMap, type ReportPicture, type ReportPictures } from "../data.js";

/** Pictures within this distance of the window are drawn. */
const AHEAD = "800px";

/** "saved": each map in the colours of its saved overlay. */
export type Colors = ColormapName | "saved";

export interface PaintedMap {
  readonly box: HTMLElement;
  readonly map: ReportMap;
  readonly picture: number;
}

const tables = new Map<ColormapName, Uint8Array>();

function tableOf(name: ColormapName): Uint8Array {
  const table = tables.get(name) ?? colormapTable(name);
  tables.set(name, table);
  return table;
}

/** Signed maps keep their own colours, because others do not show zero. */
const colorsOf = (map: ReportMap, colors: Colors): ColormapName =>
  colors === "saved" || map.signed ? map.colormap : colors;

const readPictures = (entry: number): ReportPictures =>
  JSON.parse(document.getElementById(picturesId(entry))!.textContent) as ReportPictures;

async function decoded(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** The values 0..255 of a grey picture, in its canvas's red channel. */
async function paintMap(canvas: HTMLCanvasElement, url: string, colormap: ColormapName): Promise<void> {
  const image = await decoded(url);
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d")!;
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const table = tableOf(colormap);
  for (let i = 0; i < pixels.data.length; i += 4) {
    pixels.data.set(table.subarray(3 * pixels.data[i]!, 3 * pixels.data[i]! + 3), i);
  }
  context.putImageData(pixels, 0, 0);
}

/** Fills a figure's box with the ground and the coloured map. */
async function paintBox(
  { box, map }: PaintedMap,
  picture: ReportPicture,
  grounds: readonly string[],
  colors: Colors,
): Promise<void> {
  const layers: HTMLElement[] = [];
  const ground = picture.ground === undefined ? undefined : grounds[picture.ground];
  const url = picture.kind === "overlay" ? picture.url : ground;
  if (url !== undefined) {
    const image = await decoded(url);
    image.alt = "";
    // Colours of the ground would look like signs. The ground of a saved overlay is grey already.
    image.classList.toggle("grey", map.signed && picture.kind === "map");
    layers.push(image);
  }
  if (picture.kind === "map") {
    const canvas = document.createElement("canvas");
    canvas.classList.toggle("alone", url === undefined);
    await paintMap(canvas, picture.url, colorsOf(map, colors));
    layers.push(canvas);
    // A saved overlay has the boxes already.
    if (map.truth !== undefined) layers.push(boxLines(map.truth.boxes, map.label));
  }
  box.replaceChildren(...layers);
}

/** A picture's card, and the figures in it. */
export interface Card {
  readonly element: HTMLElement;
  readonly entry: number;
  readonly shown: readonly PaintedMap[];
}

/** Paints the boxes of cards when they come near the window. */
export class Painter {
  private readonly cards = new Map<Element, Card>();
  private readonly near = new Set<Element>();
  private colors: Colors = "saved";
  private readonly observer = new IntersectionObserver((changes) => this.changed(changes), {
    rootMargin: AHEAD,
  });

  /** Watches these cards instead of the previous ones. */
  watch(cards: readonly Card[]): void {
    this.observer.disconnect();
    this.cards.clear();
    this.near.clear();
    for (const card of cards) {
      this.cards.set(card.element, card);
      this.observer.observe(card.element);
    }
  }

  async setColors(colors: Colors): Promise<void> {
    this.colors = colors;
    await Promise.all([...this.near].map((card) => this.paint(card)));
  }

  /** For printing. */
  async paintAll(): Promise<void> {
    for (const card of this.cards.keys()) {
      this.near.add(card);
      await this.paint(card);
    }
  }

  /** Paints figures outside cards. */
  async paintEntry(entry: number, shown: readonly PaintedMap[]): Promise<void> {
    const { grounds, maps } = readPictures(entry);
    await Promise.all(shown.map((one) => paintBox(one, maps[one.picture]!, grounds, this.colors)));
  }

  private changed(changes: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) {
        this.near.add(target);
        void this.paint(target);
      } else if (this.near.delete(target)) {
        for (const { box } of this.cards.get(target)?.shown ?? []) box.replaceChildren();
      }
    }
  }

  private async paint(card: Element): Promise<void> {
    const known = this.cards.get(card);
    if (!known) return;
    await this.paintEntry(known.entry, known.shown);
    // The card may have left the window meanwhile.
    if (!this.near.has(card)) for (const { box } of known.shown) box.replaceChildren();
  }
}
