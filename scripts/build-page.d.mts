export interface PageSizes {
  readonly parts: Readonly<Record<string, number>>;
  /** Of the interface alone, without the worker. */
  readonly page: number;
  readonly first: number;
  readonly later: number;
  readonly all: number;
}
export function buildPage(folder: string): Promise<PageSizes>;
