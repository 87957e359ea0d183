/** @file Waiting naps: results pass through, other work gets its turns, and hardly any CPU time is used. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { napWhile } from "../../src/node/wait.js";

it("a wait passes on what the promise gives or throws", async () => {
  expect(await napWhile(Promise.resolve(7))).toBe(7);
  await expect(napWhile(Promise.reject(new Error("no")))).rejects.toThrow("no");
});

it("a wait lets timers and other waits go on", async () => {
  const order: string[] = [];
  const long = napWhile(sleep(120)).then(() => order.push("long"));
  const short = napWhile(sleep(30)).then(() => order.push("short"));
  await sleep(60).then(() => order.push("timer"));
  await Promise.all([long, short]);
  expect(order).toEqual(["short", "timer", "long"]);
});

it("a wait leaves the core to others where a polling binding would spin", async () => {
  // As Dawn's binding does while a promise of its is pending.
  let pending = true;
  const poll = () => void (pending && setImmediate(poll));
  poll();
  const before = process.cpuUsage();
  const start = performance.now();
  await napWhile(sleep(400));
  const { user, system } = process.cpuUsage(before);
  pending = false;
  const share = (user + system) / 1000 / (performance.now() - start);
  expect(share).toBeLessThan(0.5);
});
