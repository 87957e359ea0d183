/**
 * Enforces docs/ARCHITECTURE.md's import column: which room of src/ may import from which.
 * Exits with 1 and a line for each import that breaks it.
 */
import { globSync } from "tinyglobby";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const MAY_IMPORT = {
  errors: [],
  graph: ["errors"],
  kernels: ["errors", "graph"],
  runtime: ["errors", "graph", "kernels"],
  models: ["errors", "graph"],
  checkpoint: ["errors"],
  image: ["errors"],
  dicom: ["errors", "image"],
  cam: ["errors", "graph", "runtime", "models", "image"],
  library: ["errors", "graph", "runtime", "models", "checkpoint", "image", "cam"],
  index: ["errors", "runtime", "models", "checkpoint", "image", "cam", "library"],
  node: "any",
  web: "any",
  cli: "any",
};
const HOST_ROOMS = new Set(["node", "web", "cli"]);
const PACKAGES_IN_CORE = new Set(["dicom-parser", "fflate", "fastest-levenshtein"]);

const roomOf = (path) => path.split("/")[1].replace(/\.ts$/, "");
const problems = [];
for (const file of globSync("src/**/*.ts").sort()) {
  if (file.endsWith(".d.ts")) continue;
  const room = roomOf(file);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) {
    problems.push(`${file}: src/${room} is not in the import table of scripts/check-imports.mjs`);
    continue;
  }
  for (const [, target] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    if (!target.startsWith(".")) {
      const ok = HOST_ROOMS.has(room) || PACKAGES_IN_CORE.has(target);
      if (!ok) problems.push(`${file}: the core may not import the package "${target}"`);
      continue;
    }
    const to = normalize(join(dirname(file), target));
    if (to.startsWith("shaders/")) {
      if (room !== "kernels") problems.push(`${file}: only src/kernels reads shaders/`);
      continue;
    }
    const toRoom = roomOf(to.replace(/\.js$/, ".ts"));
    if (allowed !== "any" && toRoom !== room && !allowed.includes(toRoom)) {
      problems.push(`${file}: src/${room} may not import src/${toRoom} (${target})`);
    }
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
