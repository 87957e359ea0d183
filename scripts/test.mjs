/**
 * `npm test`: types, lint, import rules, then the tests. `--all` adds the slow ones, `--quick` runs a few that notice most
 * mistakes, `--browser` runs those in Chromium instead; `--adapter` chooses where kernels run (GRADLENS_ADAPTER);
 * anything else goes to vitest, and then only the tests that it selects run. Ends with a line of counts; GRADLENS_TEST_REPORT names a file that gets them as a line of JSON.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { refuseLostOptions } from "./start/npm-options.mjs";
import { prepare } from "./start/prepare.mjs";
import { run } from "./start/run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (path) => join(root, "node_modules", path);

/** The graph, one kernel file and small whole models. */
const QUICK = ["test/graph", "test/kernels/ops", "test/models/families.test"];

/** vitest's projects of the tests that run by default. */
const MAIN = ["shared", "parallel", "serial"];

/** The checks that run no test, each a Node program with its arguments. */
const CHECKS = {
  types: [bin("typescript/bin/tsc"), "-p", "tsconfig.json"],
  "types of the core without a host": [bin("typescript/bin/tsc"), "-p", "tsconfig.core.json"],
  lint: [bin("eslint/bin/eslint.js"), "."],
  format: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  "import rules": [join(root, "scripts/check-imports.mjs")],
};

const args = process.argv.slice(2);
await refuseLostOptions("test", args, () => ({ adapter: true }));
await prepare(root);

const { values, tokens } = parseArgs({
  args,
  options: {
    all: { type: "boolean" },
    quick: { type: "boolean" },
    browser: { type: "boolean" },
    adapter: { type: "string" },
  },
  strict: false,
  allowPositionals: true,
  tokens: true,
});
const known = new Set(["all", "quick", "browser", "adapter"]);
const others = tokens.filter(({ kind, name }) => kind !== "option" || !known.has(name));
const forVitest = others.map(({ index }) => args[index]);
if (values.quick) forVitest.push(...QUICK);
const projects = values.browser ? ["browser"] : values.all ? [...MAIN, "slow"] : MAIN;
const env = typeof values.adapter === "string" ? { GRADLENS_ADAPTER: values.adapter } : {};

const { types, "import rules": rules } = CHECKS;
const some = values.quick ? { types, "import rules": rules } : {};
const checks = values.browser || forVitest.length > 0 ? some : CHECKS;
process.stderr.write(`gradlens: checking ${Object.keys(checks).join(", ")} ...\n`);
// Tests on the adapter run first, one file at a time, and leave a core to the checks.
const [failedChecks, tests] = await Promise.all([runChecks(), runTests()]);
// A failed check counts as a failed test.
const counts = {
  ...tests,
  passed: tests.passed + Object.keys(checks).length - failedChecks.length,
  failed: tests.failed + failedChecks.length,
};
for (const name of failedChecks) console.log(`${name}: failed, see above`);
if (counts.passed === 0) console.log("no test passed");
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
const report = process.env.GRADLENS_TEST_REPORT;
if (report) appendFileSync(report, `${JSON.stringify(counts)}\n`);
process.exitCode = counts.status === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;

/** The names of the checks that fail. They run side by side, so each prints as a whole. */
async function runChecks() {
  return (await Promise.all(Object.keys(checks).map(fails))).filter((name) => name !== undefined);
}

/** The check's name if it fails, after what it printed. */
async function fails(name) {
  const child = spawn(process.execPath, checks[name], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, "close");
  if (status === 0) return undefined;
  process.stderr.write(`${name}:\n${(await printed).join("")}`);
  return name;
}

/** Counts as vitest reports them. */
async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-test-"));
  const file = join(folder, "report.json");
  const options = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const selected = projects.flatMap((name) => ["--project", name]);
  try {
    const status = await run(bin("vitest/vitest.mjs"), ["run", ...selected, ...options, ...forVitest], env);
    const found = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = found;
    // A file that cannot even be loaded has no tests that could fail.
    const brokenFiles = (found.testResults ?? []).filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    return {
      suite: projects.join("+"),
      status,
      passed: numPassedTests,
      failed: numFailedTests + brokenFiles.length,
      skipped: numPendingTests + numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
