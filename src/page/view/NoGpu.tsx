/** @file The page for browsers without WebGPU: how to get it. */

import { toggleLanguage } from "../state/language.js";
import { language, noGpu, words } from "../state/store.js";
import { webgpuHelp } from "../text/webgpu-help.js";

export function NoGpu() {
  const w = words.value;
  return (
    <main class="no-gpu">
      <div class="card">
        <h1>{w.noGpuTitle}</h1>
        <p>{w.noGpuWhat}</p>
        <p class="way">{webgpuHelp(navigator.userAgent, language.value)}</p>
        <p class="hint">{noGpu.value}</p>
        <p class="hint">{w.privacy}</p>
        <button type="button" onClick={() => void toggleLanguage()}>
          {w.language}
        </button>
      </div>
    </main>
  );
}
