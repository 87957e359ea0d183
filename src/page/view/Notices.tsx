/** @file Messages about what went wrong, and what to do. */

import { dismiss, notices, textOf, words } from "../state/store.js";
import { Icon } from "./icons.js";

export function Notices() {
  return (
    <div class="notices" role="region" aria-live="assertive" aria-label={words.value.messages}>
      {notices.value
        .map((notice) => ({ ...notice, text: textOf(notice) }))
        .map(({ id, kind, text }) => (
          <div key={id} class={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
            <p>{text}</p>
            <button
              type="button"
              class="icon-only"
              aria-label={words.value.close}
              onClick={() => dismiss(id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
    </div>
  );
}
