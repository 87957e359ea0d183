/** The import rules of src/ as data; docs/ARCHITECTURE.md shows them, scripts/check-imports.mjs checks them. */

/** Which other rooms a room may import. A room is a folder of src/, or a file beside the folders; of figure each folder is one. */
export const ROOMS = {
  language: ["errors"],
  errors: [],
  graph: ["errors"],
  kernels: ["errors", "graph"],
  runtime: ["errors", "graph", "kernels"],
  checkpoint: ["errors"],
  models: ["errors", "graph", "checkpoint"],
  image: ["errors"],
  dicom: ["errors", "image"],
  "figure/layout": ["errors", "image"],
  "figure/grid": ["errors", "image", "figure/layout", "cam"],
  cam: ["errors", "graph", "runtime", "models", "image"],
  library: ["errors", "graph", "runtime", "models", "checkpoint", "image", "cam"],
  "picture-file": ["errors", "image", "dicom"],
  text: ["errors", "models", "checkpoint"],
  options: ["errors", "text", "models", "checkpoint", "image", "dicom", "figure/layout", "cam", "library"],
  results: [
    "errors",
    "text",
    "options",
    "models",
    "checkpoint",
    "image",
    "dicom",
    "picture-file",
    "cam",
    "library",
  ],
  index: ["errors", "runtime", "models", "checkpoint", "image", "cam", "library"],
  internal: [
    "errors",
    "graph",
    "models",
    "checkpoint",
    "image",
    "dicom",
    "figure/layout",
    "figure/grid",
    "cam",
    "library",
  ],
  report: ["errors", "image"],
  node: "all",
  "figure/drawing": "all",
  web: "all",
  page: "all",
  cli: "all",
};

/** Every room may import these beside its own list: they say its messages. */
export const EVERYWHERE = ["language"];

/** Inside a room: its folders and files in import order. Each may import those before it. */
export const ORDERS = {
  cam: [
    "split-lists",
    "scores",
    "map-options",
    "vectors",
    "scaling",
    "model",
    "passes",
    "methods",
    "request",
    "fit-targets",
    "cam-maps",
    "layer-maps",
    "whole-model-maps",
    "flat",
    "picture-maps",
    "explain-per-method",
    "explanation",
    "vector-passes",
    "explainer",
  ],
  library: ["file", "settings", "network", "modules", "identify", "fit", "model"],
  page: ["text", "decoders", "hashes", "results", "worker", "state", "view", "main", "service-worker"],
  cli: [
    "engine",
    "text",
    "terminal",
    "inputs",
    "results",
    "options",
    "grid",
    "html-report",
    "explain",
    "commands",
    "help",
    "program",
    "main",
  ],
};

/** Rooms that may import any package. The others are the core. */
export const HOST_ROOMS = ["report", "node", "figure/drawing", "web", "page", "cli"];
export const PACKAGES_IN_CORE = [
  "dicom-parser",
  "fflate",
  "fastest-levenshtein",
  "@noble/hashes",
  "fast-png",
];

/** A client takes of the core what these files export, or what clients share, and nothing else. */
export const CLIENTS = ["cli"];
export const SHARED_ROOMS = ["text", "options", "results", "picture-file"];
/** The entry for clients alone: each of its exports has a client that uses it. */
export const INTERNAL_ENTRY = "src/internal.ts";
export const ENTRIES = ["src/index.ts", "src/node/index.ts", "src/checkpoint/index.ts", INTERNAL_ENTRY];

/** Only this room reads shaders/. */
export const SHADER_ROOM = "kernels";

/** Imports of types that may close a cycle, each with the reason. */
export const STATED_CYCLES = [
  {
    from: "src/graph/ops/op-def.ts",
    to: "src/graph/builder.ts",
    because: "a gradient is built by the builder that takes shapes from the table of ops",
  },
];
