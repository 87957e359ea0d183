/** `import text from "./file.ts?bundled"`: a browser's script or style, bundled and minified, as text. */
import { dirname, resolve } from "node:path";
import { build } from "esbuild";

const SUFFIX = /\?bundled$/;

/** The text of a bundle. @param {string} file */
export async function bundledText(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** For esbuild. @type {import("esbuild").Plugin} */
export const bundledTextPlugin = {
  name: "bundled-text",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: SUFFIX }, ({ path, importer }) => ({
      path: resolve(dirname(importer), path.replace(SUFFIX, "")),
      namespace: "bundled-text",
    }));
    onLoad({ filter: /.*/, namespace: "bundled-text" }, async ({ path }) => ({
      contents: await bundledText(path),
      loader: "text",
    }));
  },
};
