/** @file A cache of compiled plans. It drops the least recently used first. */

export class PlanCache<T> {
  private readonly entries = new Map<string, Promise<T>>();
  /** Keys of unfinished entries. */
  private readonly making = new Set<string>();

  constructor(
    private readonly capacity: number,
    private readonly dispose: (value: T) => unknown,
  ) {}

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** The value under `key`, made if the cache lacks it. It becomes the most recent. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    const value = known ?? make();
    this.entries.delete(key);
    this.entries.set(key, value);
    if (!known) {
      this.making.add(key);
      const made = (): boolean => this.making.delete(key);
      // Failures are not cached.
      value.then(made, () => made() && this.entries.delete(key));
    }
    while (this.entries.size > this.capacity) void this.drop(this.entries.keys().next().value!);
    return value;
  }

  private drop(key: string): Promise<unknown> {
    const value = this.entries.get(key);
    this.entries.delete(key);
    return Promise.resolve(value?.then(this.dispose, () => undefined));
  }

  /** Drops all finished entries but `kept`. @returns their number */
  async clearMade(kept?: T): Promise<number> {
    const made = [...this.entries].filter(([key]) => !this.making.has(key));
    let dropped = 0;
    for (const [key, value] of made) {
      if (kept !== undefined && (await value) === kept) continue;
      await this.drop(key);
      dropped++;
    }
    return dropped;
  }

  /** Drops all entries. Waits for unfinished ones and disposes of them too. */
  clear(): Promise<unknown> {
    return Promise.all([...this.entries.keys()].map((key) => this.drop(key)));
  }
}
