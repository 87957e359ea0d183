/** @file The embedded adapter: fetched once by the user's npm, checked, shared by processes, working beside any other. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheFolders, exposure, writableCacheFolder } from "../../src/node/adapter/cache-folder.js";
import { hasEmbedded } from "../../src/node/adapter/embedded.js";
import { fetchPackage } from "../../src/node/adapter/npm-pack.js";
import { tarFiles } from "../../src/node/adapter/tar.js";
import { openDevice } from "../../src/node/open-device.js";
import { execute, makeProgram, programFolder } from "./programs.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gradlens-host-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `body` with a program called npm that does `script` before all others on the PATH. */
async function withNpm<T>(script: string, body: () => Promise<T>): Promise<T> {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "npm"), 0o755);
  const path = process.env["PATH"];
  process.env["PATH"] = `${bin}${delimiter}${path}`;
  try {
    return await body();
  } finally {
    process.env["PATH"] = path;
  }
}

describe.runIf(hasEmbedded())("on Linux x64", () => {
  it("the embedded adapter opens, and beside a device of another driver in the same process", async () => {
    const first = await openDevice({ adapter: "auto" });
    const gpu = await openDevice({ adapter: "embedded" });
    expect(gpu.adapter).toMatchObject({ kind: "swiftshader", subgroupSize: 4, boundsChecks: false });
    expect(process.env["VK_DRIVER_FILES"]).toBeUndefined();
    await gpu.wait(gpu.device.queue.onSubmittedWorkDone());
    await first.wait(first.device.queue.onSubmittedWorkDone());
    gpu.dispose();
    first.dispose();
  });

  it("auto opens the embedded adapter where no driver is found, and says so where nothing can be fetched", async () => {
    const { folder: programs, remove } = programFolder();
    try {
      const source = `import { openDevice } from "./src/node/open-device.js";
        const gpu = await openDevice({ onMessage: (line) => console.error(line) }).catch((error) => error);
        console.log(gpu.adapter?.kind ?? gpu.code + ": " + gpu.message);`;
      const program = await makeProgram(programs, "auto", source);
      const none: NodeJS.ProcessEnv = { ...process.env, VK_DRIVER_FILES: "/nonexistent.json" };
      const taken = await execute(process.execPath, [program], { env: none });
      expect(taken, taken.stderr).toMatchObject({ code: 0, stdout: "swiftshader\n" });

      mkdirSync(join(folder, "bin"));
      writeFileSync(join(folder, "bin", "npm"), "#!/bin/sh\necho 'npm error network is down' >&2; exit 1\n", {
        mode: 0o755,
      });
      const offline = {
        ...none,
        GRADLENS_CACHE: folder,
        PATH: `${join(folder, "bin")}${delimiter}${none["PATH"]}`,
      };
      const refused = await execute(process.execPath, [program], { env: offline });
      expect(refused.stdout).toMatch(/^no-adapter: no WebGPU adapter: .*network is down/);
      expect(readdirSync(folder)).toEqual(["bin"]);
    } finally {
      remove();
    }
  });
});

describe("fetching a package", () => {
  const packed = Buffer.from("as if packed");
  const integrity = `sha512-${createHash("sha512").update(packed).digest("base64")}`;
  const npm = `[ "$1 $2 $3" = "pack a@1.0.0 --pack-destination" ] && printf 'as if packed' > "$4/a-1.0.0.tgz"`;

  it("the fetch downloads the pinned package and no other", async () => {
    await withNpm(npm, async () => {
      const pinned = { name: "a", version: "1.0.0", integrity };
      expect(Buffer.from(await fetchPackage(pinned, folder))).toEqual(packed);
      const other = fetchPackage({ ...pinned, integrity: `sha512-${"A".repeat(86)}==` }, folder);
      await expect(other).rejects.toMatchObject({
        code: "bad-file",
        message: expect.stringContaining(integrity) as string,
      });
    });
  });

  it("the fetch prints npm's own reason where it fails, and stops by the signal", async () => {
    const pinned = { name: "a", version: "1.0.0", integrity };
    await withNpm("echo 'npm error code E404\nnpm error 404 Not Found' >&2; exit 1", async () => {
      await expect(fetchPackage(pinned, folder)).rejects.toThrow(
        "npm could not fetch a@1.0.0: 404 Not Found",
      );
    });
    rmSync(join(folder, "bin"), { recursive: true });
    await withNpm("exec sleep 20", async () => {
      const signal = AbortSignal.timeout(100);
      await expect(fetchPackage(pinned, folder, signal)).rejects.toMatchObject({ code: "aborted" });
    });
  });
});

describe("the cache folder", () => {
  it("the cache folder follows GRADLENS_CACHE, then XDG_CACHE_HOME where it is absolute", () => {
    expect(cacheFolders({ GRADLENS_CACHE: "/here", XDG_CACHE_HOME: "/there" })).toEqual(["/here"]);
    expect(cacheFolders({ XDG_CACHE_HOME: "/there" })[0]).toBe(join("/there", "gradlens"));
    expect(cacheFolders({ XDG_CACHE_HOME: "there" })[0]).toMatch(/\.cache[\\/]gradlens$/);
  });

  it("the cache folder is the first writable one, made private", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const made = writableCacheFolder([join(file, "below"), join(folder, "a", "b")]);
    expect(made).toBe(join(folder, "a", "b"));
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(() => writableCacheFolder([join(file, "below")])).toThrow(/GRADLENS_CACHE/);
  });

  it("the cache folder never belongs to another user, or lies below such a folder", () => {
    const inside = join(folder, "a", "b");
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    expect(exposure(inside)).toBeUndefined();
    const other = statSync(folder).uid + 1;
    expect(exposure(inside, other)).toMatch(/belongs to another user$/);
    // A link of ours to a folder that others may write to is no better than the folder.
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o777);
    symlinkSync(join(folder, "open"), join(folder, "link"));
    expect(exposure(join(folder, "link"))).toBe(`other users may write to ${join(folder, "open")}`);
  });

  it("the cache folder never lies in the temporary folder that others may write to", () => {
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(() => writableCacheFolder([open])).toThrow(`other users may write to ${open}`);
    const inside = join(open, "inside");
    mkdirSync(inside, { mode: 0o700 });
    expect(exposure(inside)).toBe(`other users may write to ${open}`);
    chmodSync(open, 0o1777);
    expect(exposure(inside)).toBeUndefined();
    expect(exposure(join(inside, "not", "there"))).toBeUndefined();
  });
});

it("the reader of archives reads what the tar program writes", () => {
  const long = "a".repeat(60);
  const inside = join(folder, "in", long, long);
  mkdirSync(inside, { recursive: true });
  const contents = { "in/empty": "", "in/block": "x".repeat(512), [`in/${long}/${long}/deep`]: "deep down" };
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  execFileSync("tar", ["--format=ustar", "-cf", "archive.tar", "in"], { cwd: folder });
  const archive = readFileSync(join(folder, "archive.tar"));
  const read = Object.fromEntries(
    [...tarFiles(archive)].map(({ name, data }) => [name, Buffer.from(data).toString()]),
  );
  expect(read).toEqual(contents);
  expect(() => [...tarFiles(archive.subarray(0, 2000))]).toThrow(/cut off or damaged/);
});
