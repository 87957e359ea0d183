/** @file Error messages and notes, which the user can dismiss. */

import { dismiss, notices, textOf, words } from "../state/store.js";
import { IconButton } from "./icons.js";

export function Notices() {
  return (
    <div class="notices" role="region" aria-live="assertive" aria-label={words.value.messages}>
      {notices.value.map((notice) => (
        <div
          key={notice.id}
          class={`notice ${notice.kind}`}
          role={notice.kind === "error" ? "alert" : "status"}
        >
          <p>{textOf(notice)}</p>
          <IconButton icon="close" aria-label={words.value.close} onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}
