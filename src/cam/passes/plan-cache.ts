/** @file Keeps what was compiled, the least recently used dropped first. */

export class PlanCache<T> {
  private readonly entries = new Map<string, Promise<T>>();
  /** Keys of what is still being made. */
  private readonly making = new Set<string>();

  constructor(
    private readonly capacity: number,
    private readonly dispose: (value: T) => unknown,
  ) {}

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** The value under `key`, made if it is not there; used again, it is the most recent. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    const value = known ?? make();
    this.entries.delete(key);
    this.entries.set(key, value);
    if (!known) {
      this.making.add(key);
      const made = (): boolean => this.making.delete(key);
      // A failure is not kept.
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

  /** Drops all but `kept` and what is still being made. @returns how many that were */
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

  /** Drops all; what is still being made is disposed of once it is there, for which the promise waits. */
  clear(): Promise<unknown> {
    return Promise.all([...this.entries.keys()].map((key) => this.drop(key)));
  }
}
