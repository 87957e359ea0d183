/** @file Advice on how to get a (better) WebGPU adapter on this machine. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { AdapterFacts } from "../../runtime/gpu.js";
import { phrase, say, translated } from "../../language/say.js";

/** Mesa's software driver by Linux distribution (ID of os-release; ID_LIKE otherwise). */
const LAVAPIPE_INSTALL: Record<string, string> = {
  debian: "apt install mesa-vulkan-drivers libvulkan1",
  ubuntu: "apt install mesa-vulkan-drivers libvulkan1",
  fedora: "dnf install mesa-vulkan-drivers vulkan-loader",
  rhel: "dnf install mesa-vulkan-drivers vulkan-loader",
  arch: "pacman -S vulkan-swrast vulkan-icd-loader",
  suse: "zypper install libvulkan_lvp libvulkan1",
};
const BOOKWORM = phrase`apt install -t bookworm-backports mesa-vulkan-drivers libvulkan1 (scripts/install-lavapipe.sh adds that suite)`;

const DRIVER_FOLDERS = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/** How to get a better adapter than the one that runs; undefined on a GPU. */
export function adapterAdvice(facts: AdapterFacts): string | undefined {
  if (facts.kind === "gpu") return undefined;
  const gpu = gpuAdvice();
  if (facts.kind !== "swiftshader" || process.platform !== "linux") {
    return say`a software adapter; a GPU is far faster: ${gpu}`;
  }
  return say`the slower software adapter; a faster one: ${lavapipeInstall()}; far faster, a GPU: ${gpu}`;
}

/** How to make a GPU visible to WebGPU. */
export function gpuAdvice(): string {
  if (process.platform === "darwin")
    return say`macOS offers its GPU through Metal, in a session with access to it`;
  if (process.platform === "win32") return say`install the graphics driver of the GPU's maker`;
  const container = say`a container also needs --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all`;
  if (existsSync("/dev/nvidiactl")) {
    return say`an NVIDIA GPU is here, but not its Vulkan driver: install libvulkan1 and the driver's Vulkan part (${container})`;
  }
  return say`install the Vulkan driver of the GPU's maker (${container})`;
}

/** How to get a system software driver on Linux. */
export function lavapipeInstall(osRelease = readOsRelease()): string {
  if (osRelease.VERSION_CODENAME === "bookworm") return translated(BOOKWORM);
  const ids = [osRelease.ID, ...(osRelease.ID_LIKE ?? "").split(" ")];
  const known = ids.map((id) => LAVAPIPE_INSTALL[id ?? ""]).find((command) => command !== undefined);
  return known ?? say`install Mesa's Vulkan drivers (lavapipe), 24 or later, and the Vulkan loader`;
}

/** True if Mesa's software driver is installed. If Dawn sees no adapter nonetheless, it is older than 24. */
export function hasRefusedLavapipe(folders = DRIVER_FOLDERS): boolean {
  return folders.some(
    (folder) => existsSync(folder) && readdirSync(folder).some((file) => file.startsWith("lvp_icd")),
  );
}

function readOsRelease(): Record<string, string | undefined> {
  if (!existsSync("/etc/os-release")) return {};
  const lines = readFileSync("/etc/os-release", "utf8").matchAll(/^(\w+)=["']?([^"'\n]*)["']?$/gm);
  return Object.fromEntries([...lines].map(([, key = "", value]) => [key, value]));
}
