/** @file Icons, drawn in lines of one width. */

import type { JSX } from "preact";

const PATHS = {
  open: "M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
  camera: "M4 8h3l2-3h6l2 3h3v11H4z M12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  stop: "M7 7h10v10H7z",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  plus: "M12 5v14 M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5 M20 9V4h-5 M4 15v5h5 M20 15v5h-5",
  close: "M6 6l12 12 M18 6L6 18",
  lock: "M6 11h12v9H6z M9 11V7a3 3 0 0 1 6 0v4",
} as const;

type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A button with an icon and no text. */
export const IconButton = ({
  icon,
  ...others
}: { readonly icon: IconName } & JSX.IntrinsicElements["button"]) => (
  <button type="button" class="icon-only" {...others}>
    <Icon name={icon} />
  </button>
);
