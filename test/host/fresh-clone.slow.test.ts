/** @file A fresh clone: the first command installs, builds and runs; later ones only what changed. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { execute, ROOT } from "./programs.js";

vi.setConfig({ testTimeout: 600_000 });

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
  expect(existsSync(join(clone, "maps/cat-coffee/efficientnet_lite0/manifest.json"))).toBe(true);

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

const tool = (path: string, ...args: string[]) =>
  execute(process.execPath, [join(ROOT, "node_modules", path), ...args], { cwd: clone, timeoutMs: 120_000 });

it("the package is well made for every way of resolving it that ESM has", async () => {
  const packed = await npm("pack", "--loglevel=error");
  expect(packed, packed.stderr).toMatchObject({ code: 0 });
  const checks: [string, ...string[]][] = [
    ["publint/src/cli.js", "--strict", archive()],
    ["@arethetypeswrong/cli/dist/index.js", archive(), "--profile", "esm-only"],
  ];
  for (const check of checks) {
    const { code, stdout, stderr } = await tool(...check);
    expect(code, stdout + stderr).toBe(0);
  }
});

const archive = () =>
  join(
    clone,
    readdirSync(clone).find((file) => file.endsWith(".tgz"))!,
  );

it("the package works as a dependency: its command, its entries, its types", async () => {
  const user = join(clone, "user");
  mkdirSync(user);
  writeFileSync(join(user, "package.json"), '{ "name": "user", "type": "module" }');
  const installed = await execute("npm", ["install", "--no-audit", archive()], {
    cwd: user,
    timeoutMs: 300_000,
  });
  expect(installed, installed.stderr).toMatchObject({ code: 0 });

  const ran = await execute(join(user, "node_modules/.bin/gradlens"), ["--out", "maps"], { cwd: user });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(existsSync(join(user, "maps/cat-coffee/efficientnet_lite0/manifest.json"))).toBe(true);

  const use = `import { GradlensError, loadModel } from "gradlens";
    import { openDevice, readPicture } from "gradlens/node";
    import { openFile } from "gradlens/node";
    const gpu = await openDevice();
    const model = await loadModel(await openFile("node_modules/gradlens/weights/densenet121-scenes14.safetensors"), { gpu });
    const { maps } = await model.explain(await readPicture("node_modules/gradlens/pictures/cat-dog.png"));
    const data: Float32Array | undefined = maps[0]?.data;
    model.dispose();
    gpu.dispose();
    const refused: unknown = await openDevice({ adapter: "gpu:nonesuch" }).catch((error: unknown) => error);
    globalThis.console.log(maps[0]?.target.label, data?.length, refused instanceof GradlensError);`;
  writeFileSync(join(user, "use.ts"), use);
  const options = {
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2023", "DOM"],
    strict: true,
    types: [],
    skipLibCheck: true,
  };
  writeFileSync(join(user, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["use.ts"] }));
  const compiled = await tool("typescript/bin/tsc", "-p", user);
  expect(compiled, compiled.stdout).toMatchObject({ code: 0 });
  const used = await execute(process.execPath, ["use.js"], { cwd: user });
  expect(used.stdout, used.stderr).toBe(`dog ${192 * 192} true\n`);
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
