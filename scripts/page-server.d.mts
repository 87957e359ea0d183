import type { Server } from "node:http";

export const POLICY: string;
export const HEADERS: Readonly<Record<string, string>>;
export function pageServer(
  folder: string,
  options?: { readonly onRequest?: (path: string) => void; readonly base?: string },
): Server;
