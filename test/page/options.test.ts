/** @file Options where a part of the page cannot be loaded, as without a network. */

import { expect, it, vi } from "vitest";

vi.mock("../../src/page/state/address.js", () => {
  throw new Error("offline");
});
vi.mock("../../src/page/state/engine.js", () => ({
  startEngine: () => Promise.reject(new Error("no GPU here")),
}));
vi.stubGlobal("location", { pathname: "/", search: "", hash: "#alpha=0.4" });

const store = await import("../../src/page/state/store.js");
const { start } = await import("../../src/page/state/actions.js");
const { setValues } = await import("../../src/page/state/options.js");

const noticed = (): string => store.notices.value.map(({ text }) => text).join();

it("the page applies an option, and says that the address lacks it", async () => {
  store.notices.value = [];
  setValues({ alpha: 0.3 });
  await vi.waitFor(() => expect(noticed()).not.toBe(""));
  expect(store.values.value).toEqual({ alpha: 0.3 });
});

it("the page starts although it cannot load the address's reader, and says so", async () => {
  store.notices.value = [];
  await start();
  expect(noticed()).not.toBe("");
  expect(store.noGpu.value).toBe("no GPU here");
});
