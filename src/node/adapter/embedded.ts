/** @file The embedded software adapter: SwiftShader from an npm package, fetched once, for machines without a driver. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { GradlensError } from "../../errors.js";
import { removeUnfinished, unfinishedName } from "../owner.js";
import { cacheFolders, exposure, writableCacheFolder } from "./cache-folder.js";
import type { Binding, Source } from "./dawn.js";
import { fetchPackage, type PinnedPackage } from "./npm-pack.js";
import { damageOf, type PinnedFiles } from "./pinned-files.js";
import { tarFiles } from "./tar.js";
import { say } from "../../language/say.js";

/** Not a dependency, because it is 68 MB and for Linux on x64 only. */
const PACKAGE: PinnedPackage = {
  name: "@sparticuz/chromium",
  version: "147.0.0",
  integrity:
    "sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==",
};
const ARCHIVE = "package/bin/swiftshader.tar.br";
const DRIVER_FILE = "vk_swiftshader_icd.json";

/** The files of the archive that the adapter needs. */
const LIBRARIES: PinnedFiles = {
  "libvk_swiftshader.so": {
    bytes: 6_026_040,
    sha256: "5b9e8591c7c2d1c9618c3ad485d0cdffb81f5f1ffd6a982fdb6578c2d8d3213e",
  },
  "libvulkan.so.1": {
    bytes: 787_592,
    sha256: "fe17a77c1f2df38d3b6a935140f746fd80aac564bb44eb3e4f6b75a504295a41",
  },
  [DRIVER_FILE]: { bytes: 107, sha256: "c9eef28b6b984fec220ef0abfecc40b502d46946706e47bfe97707027cb818bd" },
};

/** The binding's folder inside the `webgpu` package on Linux x64, the only platform of the embedded driver. */
const BINDING_FOLDER = join("dist", "linux-x64");
const BINDING_FILES = ["index.js", "package.json", join(BINDING_FOLDER, "dawn.node")];

export function hasEmbedded(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

export interface EmbeddedOptions {
  readonly onMessage?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The cache folder holds a copy of the `webgpu` package, with the driver beside its binding. Dawn looks for Vulkan's loader next to
 * itself first, so neither an installed one nor LD_LIBRARY_PATH is needed.
 * @throws GradlensError "no-adapter"
 */
export async function embeddedSource(options: EmbeddedOptions = {}): Promise<Source> {
  if (!hasEmbedded()) {
    const here = `${process.platform} ${process.arch}`;
    throw new GradlensError(
      "no-adapter",
      say`the embedded adapter supports Linux on x64 only, not ${here}; use --adapter auto`,
    );
  }
  const webgpu = dirname(createRequire(import.meta.url).resolve("webgpu/package.json"));
  const folder = await preparedFolder(webgpu, options);
  try {
    const binding = (await import(pathToFileURL(join(folder, "index.js")).href)) as Binding;
    return { binding, driverFile: join(folder, BINDING_FOLDER, DRIVER_FILE) };
  } catch (error) {
    const hint = say`remove that folder to fetch it again, or set GRADLENS_CACHE to another`;
    throw new GradlensError(
      "no-adapter",
      say`cannot load the embedded adapter from ${folder}: ${String(error)}; ${hint}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * The cached folder, checked before anything is loaded from it, and fetched if it is missing or damaged. A folder gets its final
 * name only when it is complete, whichever process made it.
 */
async function preparedFolder(webgpu: string, options: EmbeddedOptions): Promise<string> {
  const { version } = createRequire(import.meta.url)("webgpu/package.json") as { version: string };
  const name = `swiftshader-${PACKAGE.version}-webgpu-${version}`;
  const files = pinnedFiles(webgpu);
  for (const cache of cacheFolders()) {
    const folder = join(cache, name);
    const exposed = exposure(folder);
    if (exposed === undefined) removeUnfinished(cache);
    if (!existsSync(folder)) continue;
    const damage = exposed === undefined ? damageOf(folder, files) : undefined;
    if (damage === undefined && exposed === undefined) return folder;
    options.onMessage?.(
      damage === undefined
        ? say`the embedded adapter in ${folder} is not used: ${exposed}`
        : say`the embedded adapter in ${folder} is damaged (${damage}): replacing it`,
    );
  }
  return fetchInto(join(writableCacheFolder(), name), webgpu, files, options);
}

async function fetchInto(
  folder: string,
  webgpu: string,
  files: PinnedFiles,
  options: EmbeddedOptions,
): Promise<string> {
  const cache = dirname(folder);
  const made = join(cache, unfinishedName());
  const old = join(cache, unfinishedName());
  await mkdir(made, { mode: 0o700 });
  try {
    options.onMessage?.(
      say`fetching the embedded software adapter once, 68 MB, from npm's registry to ${cache}`,
    );
    await unpack(webgpu, made, options.signal);
    const unlessMissing = (error: unknown): void => {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    };
    // Another process may have replaced it meanwhile.
    if (damageOf(folder, files) === undefined) return folder;
    await rename(folder, old).catch(unlessMissing);
    await rename(made, folder).catch((error: unknown) => {
      if (damageOf(folder, files) !== undefined) throw error;
    });
    return folder;
  } finally {
    for (const left of [made, old]) await rm(left, { recursive: true, force: true });
  }
}

/** The driver's files are pinned by hash; the binding's must equal those of the installed package. */
function pinnedFiles(webgpu: string): PinnedFiles {
  const driver = Object.entries(LIBRARIES).map(([name, content]) => [join(BINDING_FOLDER, name), content]);
  const binding = BINDING_FILES.map((file) => [file, { sameAs: join(webgpu, file) }]);
  return Object.fromEntries([...driver, ...binding]) as PinnedFiles;
}

async function unpack(webgpu: string, folder: string, signal?: AbortSignal): Promise<void> {
  const beside = join(folder, BINDING_FOLDER);
  await mkdir(beside, { recursive: true });
  const fetched = join(folder, "fetched");
  await mkdir(fetched);
  const driver = swiftshader(await fetchPackage(PACKAGE, fetched, signal));
  await rm(fetched, { recursive: true });
  for (const [name, data] of driver) await writeFile(join(beside, name), data);
  for (const file of BINDING_FILES) await copyFile(join(webgpu, file), join(folder, file));
}

/** The driver's files from the package's archive. */
function swiftshader(tgz: Uint8Array): Map<string, Uint8Array> {
  const archive = [...tarFiles(gunzipSync(tgz))].find(({ name }) => name === ARCHIVE);
  const inside = archive ? [...tarFiles(brotliDecompressSync(archive.data))] : [];
  const files = new Map(inside.map(({ name, data }) => [name, data]));
  return new Map(
    Object.keys(LIBRARIES).map((name) => {
      const data = files.get(name);
      if (data === undefined)
        throw new GradlensError("bad-file", say`${PACKAGE.name} has no ${name} in ${ARCHIVE}`);
      return [name, data];
    }),
  );
}
