/** @file The page where WebGPU is missing: how to get it here. */

import { toggleLanguage } from "../state/language.js";
import { language, words } from "../state/store.js";
import { webgpuHelp } from "../text/webgpu-help.js";

export function NoGpu({ reason }: { readonly reason: string }) {
  const w = words.value;
  return (
    <main class="no-gpu">
      <div class="card">
        <h1>{w.noGpuTitle}</h1>
        <p>{w.noGpuWhat}</p>
        <p class="way">{webgpuHelp(navigator.userAgent, language.value)}</p>
        <p class="hint">{reason}</p>
        <p class="hint">{w.privacy}</p>
        <button type="button" onClick={() => void toggleLanguage()}>
          {w.language}
        </button>
      </div>
    </main>
  );
}
