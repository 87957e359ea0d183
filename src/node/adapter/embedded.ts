/** @file The embedded software adapter: SwiftShader out of an npm package, fetched once, for machines without a driver. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { GradlensError } from "../../errors.js";
import { cacheFolders, writableCacheFolder } from "./cache-folder.js";
import type { Binding, Source } from "./dawn.js";
import { fetchPackage, type PinnedPackage } from "./npm-pack.js";
import { tarFiles } from "./tar.js";

/** 68 MB and for Linux on x64 only, hence no dependency of ours. */
const PACKAGE: PinnedPackage = {
  name: "@sparticuz/chromium",
  version: "147.0.0",
  integrity:
    "sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==",
};
const ARCHIVE = "package/bin/swiftshader.tar.br";
const DRIVER_FILE = "vk_swiftshader_icd.json";
const LIBRARIES = ["libvk_swiftshader.so", "libvulkan.so.1", DRIVER_FILE];

/** The binding's place inside the `webgpu` package, for the one platform that the embedded driver is made for. */
const BINDING_FOLDER = join("dist", "linux-x64");

export function hasEmbedded(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

export interface EmbeddedOptions {
  readonly onMessage?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A copy of the `webgpu` package lies in the cache folder with the driver beside its binding: Dawn looks for Vulkan's
 * loader next to itself first, so neither an installed one nor LD_LIBRARY_PATH is needed.
 * @throws GradlensError `no-adapter`
 */
export async function embeddedSource(options: EmbeddedOptions = {}): Promise<Source> {
  if (!hasEmbedded()) {
    const here = `${process.platform} ${process.arch}`;
    throw new GradlensError("no-adapter", `the embedded adapter is for Linux on x64 only, this is ${here}`);
  }
  const webgpu = dirname(createRequire(import.meta.url).resolve("webgpu/package.json"));
  const folder = await preparedFolder(webgpu, options);
  try {
    const binding = (await import(pathToFileURL(join(folder, "index.js")).href)) as Binding;
    return { binding, driverFile: join(folder, BINDING_FOLDER, DRIVER_FILE) };
  } catch (error) {
    const way = "remove that folder to have it fetched again, or set GRADLENS_CACHE to another";
    throw new GradlensError(
      "no-adapter",
      `cannot load the embedded adapter from ${folder}: ${String(error)}; ${way}`,
      {
        cause: error,
      },
    );
  }
}

/** A folder exists under its final name only when it is complete, whichever process made it. */
async function preparedFolder(webgpu: string, options: EmbeddedOptions): Promise<string> {
  const { version } = createRequire(import.meta.url)("webgpu/package.json") as { version: string };
  const name = `swiftshader-${PACKAGE.version}-webgpu-${version}`;
  const there = cacheFolders()
    .map((cache) => join(cache, name))
    .find((folder) => existsSync(folder));
  if (there !== undefined) return there;

  const cache = writableCacheFolder();
  const folder = join(cache, name);
  const made = await mkdtemp(join(cache, `${name}.`));
  try {
    options.onMessage?.(
      `fetching the embedded software adapter once, 68 MB, from npm's registry to ${cache}`,
    );
    await unpack(webgpu, made, options.signal);
    await rename(made, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function unpack(webgpu: string, folder: string, signal?: AbortSignal): Promise<void> {
  const beside = join(folder, BINDING_FOLDER);
  await mkdir(beside, { recursive: true });
  const fetched = join(folder, "fetched");
  await mkdir(fetched);
  const driver = swiftshader(await fetchPackage(PACKAGE, fetched, signal));
  await rm(fetched, { recursive: true });
  for (const [name, data] of driver) await writeFile(join(beside, name), data);
  for (const file of ["index.js", "package.json", join(BINDING_FOLDER, "dawn.node")]) {
    await copyFile(join(webgpu, file), join(folder, file));
  }
}

/** The driver's files out of the package's archive. */
function swiftshader(tgz: Uint8Array): Map<string, Uint8Array> {
  const archive = [...tarFiles(gunzipSync(tgz))].find(({ name }) => name === ARCHIVE);
  const inside = archive ? [...tarFiles(brotliDecompressSync(archive.data))] : [];
  const files = new Map(inside.map(({ name, data }) => [name, data]));
  return new Map(
    LIBRARIES.map((name) => {
      const data = files.get(name);
      if (data === undefined)
        throw new GradlensError("bad-file", `${PACKAGE.name} has no ${name} in ${ARCHIVE}`);
      return [name, data];
    }),
  );
}
