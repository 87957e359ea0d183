/**
 * Builds the page: a folder of static files for any host, under any path. `node scripts/build-page.mjs [FOLDER]`, by default
 * dist-page. Prints the size of each part.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Files that are copied as they are: [from the project, in the page]. */
const COPIED = [
  ["weights/efficientnet_lite0-imagenet.safetensors", "demo/efficientnet_lite0-imagenet.safetensors"],
  ["pictures/cat-coffee.png", "demo/cat-coffee.png"],
  ["node_modules/@cornerstonejs/codec-charls/dist/charlswasm_decode.wasm", "codecs/charlswasm_decode.wasm"],
  [
    "node_modules/@cornerstonejs/codec-openjpeg/dist/openjpegwasm_decode.wasm",
    "codecs/openjpegwasm_decode.wasm",
  ],
];

/** Node's modules, which the decoders ask for in Node alone. */
const NODES = ["fs", "path", "url", "crypto", "module", "worker_threads"];

/** WGSL without comments and indents: a third of its bytes. */
const wgsl = {
  name: "wgsl",
  setup(builder) {
    builder.onLoad({ filter: /\.wgsl$/ }, ({ path }) => ({
      loader: "text",
      contents: readFileSync(path, "utf8")
        .replace(/^[ \t]*\/\/(?!@).*\n/gm, "")
        .replace(/^[ \t]+/gm, ""),
    }));
  },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: "browser",
  target: ["chrome113", "safari26", "firefox141"],
  external: NODES,
  define: { __VERSION__: JSON.stringify(version) },
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [wgsl],
  logLevel: "warning",
};

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** @returns the sizes of the page's code in bytes, packed by gzip: at the first visit, and on demand */
export async function buildPage(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const statics = join(root, "src/page/static");
  for (const [from, to] of [
    ...COPIED,
    ...filesIn(statics).map((name) => [join("src/page/static", name), name]),
  ]) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(join(root, from), join(folder, to));
  }
  const { metafile } = await build({
    ...shared,
    entryPoints: {
      page: "src/page/main.tsx",
      worker: "src/page/worker.ts",
      style: "src/page/style.css",
      later: "src/page/later.css",
    },
    outdir: folder,
    format: "esm",
    splitting: true,
    chunkNames: "parts/[name]-[hash]",
    metafile: true,
  });
  const files = filesIn(folder);
  const hash = createHash("sha256");
  for (const name of files) hash.update(name).update(readFileSync(join(folder, name)));
  await build({
    ...shared,
    entryPoints: { "service-worker": "src/page/service-worker.ts" },
    outdir: folder,
    format: "iife",
    define: {
      ...shared.define,
      __FILES__: JSON.stringify(files),
      __BUILD__: JSON.stringify(hash.digest("hex").slice(0, 16)),
    },
  });
  return sizesOf(folder, metafile);
}

/** What the first visit loads is reached from the entries by static imports. */
function sizesOf(folder, { outputs }) {
  const nameOf = (path) => relative(folder, resolve(root, path)).replaceAll("\\", "/");
  const parts = new Map(Object.entries(outputs).map(([path, output]) => [nameOf(path), output]));
  const reached = (names) => {
    const found = new Set();
    const visit = (name) => {
      if (found.has(name) || !parts.has(name)) return;
      found.add(name);
      for (const { path, kind } of parts.get(name).imports)
        if (kind === "import-statement") visit(nameOf(path));
    };
    names.forEach(visit);
    return found;
  };
  const first = reached(["page.js", "worker.js", "style.css"]);
  const packed = (name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
  const later = [...parts.keys()].filter((name) => !first.has(name));
  const sum = (names) => names.reduce((total, name) => total + packed(name), 0);
  return {
    parts: Object.fromEntries([...parts.keys()].map((name) => [name, packed(name)])),
    page: sum([...reached(["page.js", "style.css"]), "index.html"]),
    first: sum([...first, "index.html"]),
    later: sum(later),
    all: filesIn(folder).reduce((total, name) => total + statSync(join(folder, name)).size, 0),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, "dist-page"));
  const { parts, first, later, all } = await buildPage(folder);
  for (const [name, bytes] of Object.entries(parts)) console.log(`${String(bytes).padStart(8)}  ${name}`);
  console.log(
    `${folder}: ${first} bytes of code at the first visit, ${later} on demand (gzip); ${all} in all`,
  );
  writeFileSync(join(folder, ".nojekyll"), "");
}
