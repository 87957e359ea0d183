/** @file stdout and stderr that nobody reads, or that are full. */

import { PassThrough, Writable } from "node:stream";
import { expect, it } from "vitest";
import { SafeOut } from "../../src/cli/terminal/streams.js";

const asTty = (stream: Writable): NodeJS.WriteStream => stream as unknown as NodeJS.WriteStream;
const failing = (code: string): Error => Object.assign(new Error(code), { code });

it("SafeOut writes to its stream, and is flushed", async () => {
  const stream = new PassThrough();
  const out = new SafeOut(asTty(stream));
  out.write("a");
  out.write("b");
  await out.flushed();
  expect(String(stream.read())).toBe("ab");
  expect(out.failure).toBeUndefined();
});

it("SafeOut keeps the first failure of its stream, by event or by throw", async () => {
  const byEvent = new Writable({ write: (_, __, done) => done(failing("EPIPE")) });
  const byThrow = Object.assign(new PassThrough(), {
    write: () => {
      throw failing("ENOSPC");
    },
  });
  for (const [stream, code] of [
    [byEvent, "EPIPE"],
    [byThrow, "ENOSPC"],
  ] as const) {
    const out = new SafeOut(asTty(stream));
    for (const text of ["a", "b"]) out.write(text);
    await new Promise((resolve) => setImmediate(resolve));
    out.write("c");
    await out.flushed();
    expect(out.failure).toMatchObject({ code });
  }
});
