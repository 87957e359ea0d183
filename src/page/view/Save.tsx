/** @file Buttons that save files, and the command that writes the same files. */

import { useState } from "preact/hooks";
import { command, save, type SavedKind } from "../state/save.js";
import * as store from "../state/store.js";

export function Save() {
  const w = store.words.value;
  const [isCopied, setCopied] = useState(false);
  const line = command();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(line);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class="save column">
      <ul>
        {(Object.keys(w.files) as SavedKind[]).map((kind) => (
          <li key={kind}>
            <button
              type="button"
              data-save={kind}
              disabled={store.shown.value === undefined}
              onClick={() => void save(kind)}
            >
              {w.files[kind]}
            </button>
          </li>
        ))}
      </ul>
      <h3>{w.command}</h3>
      <pre tabIndex={0} data-testid="command">
        {line}
      </pre>
      <button type="button" onClick={() => void copy()}>
        {isCopied ? w.copied : w.copy}
      </button>
      <h3>{w.shortcuts}</h3>
      <dl class="keys">
        {w.shortcutList.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
