/** @file A page of a PDF as pdf.js reads it. */

import { extractImages, getDocumentProxy } from "unpdf";

/** A piece of text. */
export interface Piece {
  readonly str: string;
  readonly transform: readonly [number, number, number, number, x: number, y: number];
  readonly width: number;
  readonly height: number;
}

/** The part of pdf.js that is used here; unpdf has no types of it. */
interface PdfDocument {
  getPage(number: number): Promise<{
    readonly view: readonly number[];
    getTextContent(options: {
      readonly disableNormalization: true;
    }): Promise<{ readonly items: readonly Piece[] }>;
  }>;
}

/** The first page: its box in points, its text and its images in their order. */
export async function readPdf(bytes: Uint8Array) {
  const document: unknown = await getDocumentProxy(Uint8Array.from(bytes));
  const page = await (document as PdfDocument).getPage(1);
  const { items } = await page.getTextContent({ disableNormalization: true });
  const images = await extractImages(document, 1);
  return { view: page.view, pieces: items.filter(({ str }) => str !== ""), images };
}
