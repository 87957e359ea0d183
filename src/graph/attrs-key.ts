/** @file The attributes of a node as text, equal for equal attributes. */

const objectIds = new WeakMap<object, number>();
let nextObjectId = 0;

/** Large tables are compared by identity. */
export function attrsKey(attrs: object): string {
  return Object.entries(attrs)
    .map(([name, value]: [string, unknown]) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return `${name}=${JSON.stringify(value)}`;
      let id = objectIds.get(value);
      if (id === undefined) objectIds.set(value, (id = nextObjectId++));
      return `${name}@${id}`;
    })
    .join(";");
}
