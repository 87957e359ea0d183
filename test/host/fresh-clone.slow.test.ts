/** @file A fresh clone: the first command installs, builds and runs; later ones only what changed. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute, ROOT } from "./programs.js";

const clone = mkdtempSync(join(tmpdir(), "gradlens-clone-"));
afterAll(() => rmSync(clone, { recursive: true, force: true }));

beforeAll(() => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: ROOT,
  });
  for (const file of files.toString().split("\0")) {
    if (file === "" || file.startsWith("test/") || !existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(ROOT, file), join(clone, file));
  }
});

const npm = (...args: string[]) => execute("npm", args, { cwd: clone, timeoutMs: 300_000 });
const cam = (...args: string[]) => npm("run", "cam", "--", "--out", "maps", ...args);
const INSTALLS = "installing packages from package-lock.json";
const BUILDS = "gradlens: building";

it("npm run cam makes what is missing, once", async () => {
  const first = await cam();
  expect(first, first.stderr).toMatchObject({ code: 0 });
  expect(first.stderr).toContain(INSTALLS);
  expect(first.stderr).toContain(BUILDS);
  expect(existsSync(join(clone, "maps/cat-dog.png/densenet121/manifest.json"))).toBe(true);

  const second = await cam("--json");
  expect(second.stderr).not.toContain(INSTALLS);
  expect(second.stderr).not.toContain(BUILDS);
  expect(JSON.parse(second.stdout)).toHaveProperty("maps");
});

it("a changed source is built again, a changed lock file installed again", async () => {
  const now = new Date();
  utimesSync(join(clone, "src/errors.ts"), now, now);
  const built = await npm("run", "cam", "--", "methods");
  expect(built.stderr).toContain(BUILDS);
  expect(built.stderr).not.toContain(INSTALLS);

  // As if an older checkout had been installed here.
  const lock = join(clone, "node_modules/.package-lock.json");
  const installed = JSON.parse(readFileSync(lock, "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  installed.packages["node_modules/pngjs"]!.version = "6.0.0";
  writeFileSync(lock, JSON.stringify(installed));
  utimesSync(join(clone, "package-lock.json"), now, new Date(now.getTime() + 1000));
  const installedAgain = await npm("run", "cam", "--", "methods");
  expect(installedAgain.stderr).toContain(INSTALLS);
  expect(installedAgain.code).toBe(0);
});

it("an install that fails says why", async () => {
  rmSync(join(clone, "node_modules"), { recursive: true });
  const lock = join(clone, "package-lock.json");
  writeFileSync(
    lock,
    readFileSync(lock, "utf8").replace(
      /"integrity": "sha512-[^"]{20}/,
      '"integrity": "sha512-AAAAAAAAAAAAAAAAAAAA',
    ),
  );
  const { code, stderr } = await cam();
  expect(code).toBe(1);
  expect(stderr).toMatch(/EINTEGRITY/);
  expect(stderr).toContain("failed; what it printed stands above");
});

it("the packed package runs as a dependency, and its bin as a command", async () => {
  const user = join(clone, "user");
  mkdirSync(user);
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { cwd: ROOT });
  const packed = await execute("npm", ["pack", "--ignore-scripts", "--pack-destination", user], {
    timeoutMs: 120_000,
  });
  expect(packed.code).toBe(0);
  writeFileSync(join(user, "package.json"), '{ "name": "user", "type": "module" }');
  const archive = packed.stdout.trim().split("\n").at(-1)!;
  const installed = await execute("npm", ["install", "--no-audit", join(user, archive)], {
    cwd: user,
    timeoutMs: 300_000,
  });
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  const bin = join(user, "node_modules/.bin/gradlens");
  const ran = await execute(bin, ["--out", "maps"], { cwd: user });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(existsSync(join(user, "maps/cat-dog.png/densenet121/manifest.json"))).toBe(true);
  writeFileSync(
    join(user, "use.js"),
    `import { GradlensError } from "gradlens"; import { openDevice } from "gradlens/node";
     const error = await openDevice({ adapter: "cuda" }).catch((thrown) => thrown);
     console.log(error instanceof GradlensError, error.code);`,
  );
  expect((await execute(process.execPath, ["use.js"], { cwd: user })).stdout).toBe("true bad-argument\n");
});
