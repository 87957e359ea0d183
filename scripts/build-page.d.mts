export interface PageSizes {
  readonly parts: Readonly<Record<string, number>>;
  readonly first: number;
  readonly later: number;
  readonly all: number;
}
export function buildPage(folder: string): Promise<PageSizes>;
