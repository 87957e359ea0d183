/** @file What of a view no option of the command stands for. */

import { signal } from "@preact/signals";

export const showPeak = signal(false);
