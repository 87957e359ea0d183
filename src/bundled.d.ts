/** A browser's script or style with all that it imports, bundled and minified as text (scripts/bundled-text.mjs). */
declare module "*?bundled" {
  const text: string;
  export default text;
}
