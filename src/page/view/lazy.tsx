/** @file Loads components when they are first shown. The first visit needs none of them. */

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { notify } from "../state/store.js";
import { messageOf } from "../state/current-task.js";

let styled: Promise<unknown> | undefined;

/** Loads the style sheet of all lazy components. They work without it. */
const style = (): Promise<unknown> =>
  (styled ??= new Promise((resolve) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: "./later.css", onload: resolve, onerror: resolve });
    document.head.append(link);
  }));

export function lazy(load: () => Promise<FunctionComponent>): FunctionComponent {
  let loaded: FunctionComponent | undefined;
  return function Lazy() {
    const [Body, setBody] = useState(() => loaded);
    useEffect(() => {
      if (Body !== undefined) return;
      Promise.all([load(), style()]).then(
        ([found]) => {
          loaded = found;
          setBody(() => found);
        },
        (error: unknown) => notify(messageOf(error)),
      );
    }, []);
    return Body === undefined ? <div aria-busy="true" /> : <Body />;
  };
}
