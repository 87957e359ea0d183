/** @file How many columns of a terminal a text needs: Chinese letters and full-width signs have two. */

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/gu;

export const columnsOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

/** Filled up with spaces to `columns`. */
export const filledTo = (text: string, columns: number): string => text + spaces(columns - columnsOf(text));

export const filledToRight = (text: string, columns: number): string =>
  spaces(columns - columnsOf(text)) + text;

const spaces = (count: number): string => " ".repeat(Math.max(count, 0));
