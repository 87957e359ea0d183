/** @file The axes of a grid. */

export const AXES = ["image", "model", "target", "layer", "method"] as const;
export type Axis = (typeof AXES)[number];

/** One or two axes; "auto": every axis with several values. */
export type GridSpec = "auto" | { readonly rows?: Axis; readonly columns: Axis };

/** The position on each axis. An entry without an axis applies to all its values. */
export type GridPosition = Readonly<Partial<Record<Axis, string>>>;

export const isAt = (place: GridPosition, axis: Axis, key: string): boolean => (place[axis] ?? key) === key;
