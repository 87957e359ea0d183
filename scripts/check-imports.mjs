/**
 * Checks the imports of src/ against import-rules.mjs. Exits with 1 and a line for each violation.
 * Usage: node scripts/check-imports.mjs [FOLDER], the folder that holds src/.
 */
import { globSync } from "tinyglobby";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { HOST_ROOMS, ORDERS, PACKAGES_IN_CORE, ROOMS, SHADER_ROOM, STATED_CYCLES } from "./import-rules.mjs";
import { findCycles } from "./find-cycles.mjs";

const root = process.argv[2] ?? ".";
const files = globSync("src/**/*.ts", { cwd: root, ignore: "**/*.d.ts" }).sort();

/** What a file imports, of types too: paths from the root, and names of packages. */
function importsOf(file) {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, target]) =>
    target.startsWith(".") ? normalize(join(dirname(file), target)).replace(/\.js$/, ".ts") : target,
  );
}

/** The first steps of a path below src/, as "cam" or "figure/layout". */
const stepsOf = (path, count) =>
  path
    .replace(/\.ts$/, "")
    .split("/")
    .slice(1, 1 + count)
    .join("/");
const roomOf = (path) => (stepsOf(path, 2) in ROOMS ? stepsOf(path, 2) : stepsOf(path, 1));
const partOf = (path) => stepsOf(path, 2).split("/")[1];
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The rule that an import breaks; undefined where it breaks none. */
function brokenRule(from, to) {
  const room = roomOf(from);
  if (to.startsWith("shaders/"))
    return room === SHADER_ROOM ? undefined : `only src/${SHADER_ROOM} reads shaders/`;
  if (!to.startsWith("src/")) {
    const ok = HOST_ROOMS.includes(room) || PACKAGES_IN_CORE.includes(to);
    return ok ? undefined : `the core may import no package but ${PACKAGES_IN_CORE.join(", ")}`;
  }
  const allowed = ROOMS[room];
  if (allowed === undefined) return `src/${room} is not in the table of rooms`;
  if (roomOf(to) === room) return ORDERS[room] && brokenOrder(room, partOf(from), partOf(to));
  if (allowed === "all" || allowed.includes(roomOf(to))) return undefined;
  return `src/${room} may import ${allowed.join(", ") || "nothing"}`;
}

/** The rule that an import between two parts of a room breaks. */
function brokenOrder(room, from, to) {
  const order = ORDERS[room];
  const unknown = [from, to].find((part) => !order.includes(part));
  if (unknown !== undefined) return `${unknown} is not in the import order of src/${room}`;
  if (order.indexOf(to) <= order.indexOf(from)) return undefined;
  return `src/${room} has the import order ${from} < ${to}`;
}

const isStated = (from, to) => STATED_CYCLES.some((one) => one.from === from && one.to === to);

const problems = [];
for (const [from, targets] of imports) {
  for (const to of targets) {
    const rule = brokenRule(from, to);
    if (rule !== undefined) problems.push(`${from} imports ${to}: ${rule}`);
  }
}
const graph = new Map(
  [...imports].map(([from, targets]) => [from, targets.filter((to) => !isStated(from, to))]),
);
for (const cycle of findCycles(graph))
  problems.push(`${cycle.join(" -> ")}: files may not import each other in a cycle`);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
