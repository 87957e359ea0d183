/** @file Assembles a report: one HTML file that loads nothing else. */

import script from "./client/main.ts?bundled";
import style from "./client/report.css?bundled";
import { INDEX_ID, picturesId, REPORT_MARK, type ReportIndex, type ReportPictures } from "./data.js";

/** JSON for a script element: "</script" and "<!--" are escaped, because they would end or change it. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const dataElement = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${embedded(value)}</script>\n`;

/**
 * The page in pieces, in order. Pictures are requested one entry at a time, so that memory holds those of one.
 * @param picturesOf the pictures of an entry
 */
export async function* reportPage(
  index: ReportIndex,
  picturesOf: (entry: number) => Promise<ReportPictures>,
): AsyncGenerator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${REPORT_MARK}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(index.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report needs JavaScript; it loads nothing from the network.</noscript>
<div id="app"></div>
`;
  yield dataElement(INDEX_ID, index);
  for (const entry of index.entries.keys()) yield dataElement(picturesId(entry), await picturesOf(entry));
  yield `<script>${script.replaceAll("</script", "<\\/script")}</script>\n</body>\n</html>\n`;
}
