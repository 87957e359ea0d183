/**
 * Checks the imports of src/ against import-rules.mjs, and that no two exported types share a name. Exits with 1 and a line for
 * each violation.
 * Usage: node scripts/check-imports.mjs [FOLDER], the folder that holds src/.
 */
import { globSync } from "tinyglobby";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import {
  CLIENTS,
  ENTRIES,
  EVERYWHERE,
  HOST_ROOMS,
  INTERNAL_ENTRY,
  ORDERS,
  PACKAGES_IN_CORE,
  ROOMS,
  SHADER_ROOM,
  SHARED_ROOMS,
  STATED_CYCLES,
} from "./import-rules.mjs";
import { findCycles } from "./find-cycles.mjs";

const root = process.argv[2] ?? ".";
const files = globSync("src/**/*.{ts,tsx}", { cwd: root, ignore: "**/*.d.ts" }).sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));

/** The source of a module that is imported as `.js`. */
function sourceOf(path) {
  const source = path.replace(/\.js$/, ".ts");
  return files.includes(`${source}x`) ? `${source}x` : source;
}

/** What a file imports, of types too: paths from the root and names of packages, each with the names in braces. */
function importsOf(file) {
  const found = texts.get(file).matchAll(/(?:\{([^{}]*)\}\s*)?(?:from\s|import\s*\(?)\s*"([^"]+)"/g);
  return [...found].map(([, names = "", target]) => ({
    to: target.startsWith(".") ? sourceOf(normalize(join(dirname(file), target))) : target,
    names: names.split(",").flatMap((name) => name.trim().replace(/^type /, "") || []),
  }));
}

/** The first steps of a path below src/, as "cam" or "figure/layout". */
const stepsOf = (path, count) =>
  path
    .replace(/\.tsx?$/, "")
    .split("/")
    .slice(1, 1 + count)
    .join("/");
const roomOf = (path) => (stepsOf(path, 2) in ROOMS ? stepsOf(path, 2) : stepsOf(path, 1));
const partOf = (path) => stepsOf(path, 2).split("/")[1];
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const exported = new Set(
  ENTRIES.flatMap((entry) => imports.get(entry) ?? []).flatMap(({ to, names }) =>
    names.map((name) => `${to} ${name}`),
  ),
);

/** The rule that an import breaks; undefined where it breaks none. */
function brokenRule(from, { to, names }) {
  const room = roomOf(from);
  if (to.startsWith("shaders/"))
    return room === SHADER_ROOM ? undefined : `only src/${SHADER_ROOM} reads shaders/`;
  if (!to.startsWith("src/")) {
    const ok = HOST_ROOMS.includes(room) || PACKAGES_IN_CORE.some((name) => `${to}/`.startsWith(`${name}/`));
    return ok ? undefined : `the core may import no package but ${PACKAGES_IN_CORE.join(", ")}`;
  }
  const allowed = ROOMS[room];
  if (allowed === undefined) return `src/${room} is not in the table of rooms`;
  if (roomOf(to) === room) return ORDERS[room] && brokenOrder(room, partOf(from), partOf(to));
  if (EVERYWHERE.includes(roomOf(to))) return undefined;
  const isOpen = [...HOST_ROOMS, ...SHARED_ROOMS].includes(roomOf(to));
  if (CLIENTS.includes(room) && !isOpen) return brokenEntry(to, names);
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

/** The rule that a client of the library breaks by importing these names of a file. */
function brokenEntry(to, names) {
  if (ENTRIES.includes(to)) return undefined;
  const hidden = names.filter((name) => !exported.has(`${to} ${name}`));
  if (names.length > 0 && hidden.length === 0) return undefined;
  return `no entry (${ENTRIES.join(", ")}) exports ${hidden.join(", ") || "all of it"}`;
}

/** The names that the internal entry exports and no client imports. */
function unusedExports() {
  const used = new Set(
    files
      .filter((file) => CLIENTS.includes(roomOf(file)))
      .flatMap((file) => imports.get(file))
      .flatMap(({ to, names }) => names.map((name) => `${to} ${name}`)),
  );
  const all = imports.get(INTERNAL_ENTRY) ?? [];
  return all.flatMap(({ to, names }) =>
    names.filter((name) => !used.has(`${to} ${name}`)).map((name) => `${name} of ${to}`),
  );
}

/** A line for each name that types of several files have. */
function sharedTypeNames() {
  const owners = new Map();
  for (const [file, text] of texts) {
    const found = text.matchAll(/^export (?:declare |abstract )*(?:interface|type|class|enum) (\w+)/gm);
    for (const name of new Set([...found].map(([, name]) => name)))
      owners.set(name, [...(owners.get(name) ?? []), file]);
  }
  return [...owners]
    .filter(([, of]) => of.length > 1)
    .map(([name, of]) => `${of.join(" and ")} export a type ${name}: no two exported types share a name`);
}

const isStated = (from, to) => STATED_CYCLES.some((one) => one.from === from && one.to === to);

const problems = [];
for (const [from, targets] of imports) {
  for (const target of targets) {
    const rule = brokenRule(from, target);
    if (rule !== undefined) problems.push(`${from} imports ${target.to}: ${rule}`);
  }
}
for (const unused of unusedExports())
  problems.push(`${INTERNAL_ENTRY} exports ${unused}: no client (${CLIENTS.join(", ")}) imports it`);
const graph = new Map(
  [...imports].map(([from, targets]) => [
    from,
    targets.map(({ to }) => to).filter((to) => !isStated(from, to)),
  ]),
);
for (const cycle of findCycles(graph))
  problems.push(`${cycle.join(" -> ")}: files may not import each other in a cycle`);

problems.push(...sharedTypeNames());

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
