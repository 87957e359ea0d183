/** @file Components that are loaded when they are first shown: the first visit needs none of them. */

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { notify } from "../state/store.js";
import { messageOf } from "../state/work.js";

export function later(load: () => Promise<FunctionComponent>): FunctionComponent {
  let loaded: FunctionComponent | undefined;
  return function Later() {
    const [Body, setBody] = useState(() => loaded);
    useEffect(() => {
      if (Body !== undefined) return;
      load().then(
        (found) => {
          loaded = found;
          setBody(() => found);
        },
        (error: unknown) => notify(messageOf(error)),
      );
    }, []);
    return Body === undefined ? <div aria-busy="true" /> : <Body />;
  };
}
