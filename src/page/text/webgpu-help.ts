/** @file How to get WebGPU in the browser and on the system that the page runs in. */

import type { Language } from "../../language/languages.js";

type Help = Readonly<Record<Language, string>>;

/** By the user agent; the first match counts. */
const PLACES: readonly { readonly where: RegExp; readonly help: Help }[] = [
  {
    where: /Firefox\//,
    help: {
      en: "Firefox: 141 or later on Windows, 145 or later on macOS. On Linux set dom.webgpu.enabled to true in about:config, or use Chrome or Edge.",
      zh: "Firefox：Windows 需 141 或更高版本，macOS 需 145 或更高版本。在 Linux 上请在 about:config 中将 dom.webgpu.enabled 设为 true，或使用 Chrome、Edge。",
    },
  },
  {
    where: /(?:iPhone|iPad|Macintosh).*Version\/[\d.]+.*Safari/,
    help: {
      en: "Safari: 26 or later (macOS Tahoe, iOS 26). On an earlier system use Chrome or Edge.",
      zh: "Safari：需 26 或更高版本（macOS Tahoe、iOS 26）。较早的系统请使用 Chrome 或 Edge。",
    },
  },
  {
    where: /Android/,
    help: {
      en: "Chrome for Android: 121 or later, on Android 12 or later.",
      zh: "Android 版 Chrome：需 121 或更高版本，且系统为 Android 12 或更高版本。",
    },
  },
  {
    where: /Linux.*Chrom/,
    help: {
      en: "Chrome on Linux: open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”, and start the browser anew.",
      zh: "Linux 上的 Chrome：打开 chrome://flags，启用 “Unsafe WebGPU Support” 和 “Vulkan”，然后重新启动浏览器。",
    },
  },
  {
    where: /Chrom|Edg/,
    help: {
      en: "Chrome or Edge: 113 or later, with hardware acceleration on (Settings, System).",
      zh: "Chrome 或 Edge：需 113 或更高版本，并开启硬件加速（设置、系统）。",
    },
  },
];

const OTHER: Help = {
  en: "Use a current Chrome, Edge, Safari or Firefox.",
  zh: "请使用最新的 Chrome、Edge、Safari 或 Firefox。",
};

export const webgpuHelp = (userAgent: string, language: Language): string =>
  (PLACES.find(({ where }) => where.test(userAgent))?.help ?? OTHER)[language];
