/** @file Keeps what was compiled, the least recently used dropped first. */

export class PlanCache<T> {
  private readonly entries = new Map<string, Promise<T>>();

  constructor(
    private readonly capacity: number,
    private readonly dispose: (value: T) => void,
  ) {}

  /** The value under `key`, made if it is not there; used again, it is the most recent. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    const value = known ?? make();
    this.entries.delete(key);
    this.entries.set(key, value);
    // A failure is not kept.
    if (!known) value.catch(() => this.entries.delete(key));
    while (this.entries.size > this.capacity) this.drop(this.entries.keys().next().value!);
    return value;
  }

  private drop(key: string): void {
    const value = this.entries.get(key);
    this.entries.delete(key);
    void value?.then(this.dispose, () => undefined);
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.drop(key);
  }
}
