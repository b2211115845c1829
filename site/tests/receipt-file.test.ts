import assert from "node:assert/strict";
import { test } from "node:test";

import { type Ask, NoAnswer, Problem } from "../src/api/client.ts";
import { PATIENCE, type ReceiptFile, ReceiptWatch } from "../src/send/receipt-file.ts";
import { HandClock } from "./files-support.ts";

const MAIL = { mail_id: "m", access_token: "t" };
const MINUTE = 60_000;

/** The service says this from now on: a receipt with an address for five minutes, none yet, or nothing. */
type Says = "issued" | "no slip" | "pending" | Error;

function begun(first: Says, ahead = 0) {
  const clock = new HandClock();
  const world = { says: first, asked: 0, states: [] as ReceiptFile[] };
  const ask = (() => {
    world.asked += 1;
    const { says } = world;
    if (says instanceof Error) {
      return Promise.reject(says);
    }
    if (says === "pending") {
      return Promise.resolve({ status: 202, body: { status: "pending" }, retryAfter: 1, at: clock.now() + ahead });
    }
    const expires_at = new Date(clock.now() + ahead + 5 * MINUTE).toISOString();
    const slip = says === "no slip" ? null : { url: `https://s/slip-${world.asked}`, expires_at };
    const body = { status: "issued", url: `https://s/receipt-${world.asked}`, sha256: "", expires_at, slip };
    return Promise.resolve({ status: 200, body, retryAfter: null, at: clock.now() + ahead });
  }) as unknown as Ask;
  const watch = new ReceiptWatch({ ask, clock, mail: MAIL, changed: (state) => world.states.push(state) });
  watch.begin();
  return { clock, watch, world, names: () => world.states.map(({ name }) => name) };
}

test("the receipt is there as soon as it is made, with its slip", async () => {
  const { clock, watch, world } = begun("pending");
  await clock.pass(2500);
  assert.equal(watch.state.name, "making");
  world.says = "issued";
  await clock.pass(2000);
  const { asked } = world;
  assert.deepEqual(watch.state, { name: "ready", url: `https://s/receipt-${asked}`, slip: `https://s/slip-${asked}` });
});

test("a receipt without a slip is shown all the same", async () => {
  const { clock, watch } = begun("no slip");
  await clock.pass(0);
  assert.deepEqual(watch.state, { name: "ready", url: "https://s/receipt-1", slip: null });
});

test("it is not asked for more often than every second, and rarely when it is late", async () => {
  const { clock, watch, world } = begun("pending");
  await clock.pass(10_000);
  assert(world.asked <= 10, String(world.asked));
  await clock.pass(PATIENCE);
  assert.equal(watch.state.name, "late");
  assert(world.asked < 25, String(world.asked));
  const before = world.asked;
  await clock.pass(60 * MINUTE);
  assert.equal(world.asked - before, 20);
});

test("a receipt that was late appears by itself, and a press asks at once", async () => {
  const { clock, watch, world } = begun("pending");
  await clock.pass(PATIENCE + 1000);
  assert.equal(watch.state.name, "late");
  world.says = "issued";
  await clock.pass(30_000);
  assert.equal(watch.state.name, "ready");

  const other = begun("pending");
  await other.clock.pass(60 * MINUTE);
  other.world.says = "issued";
  other.watch.begin();
  await other.clock.pass(0);
  assert.equal(other.watch.state.name, "ready");
});

for (const [name, ahead] of [
  ["right", 0],
  ["three hours slow", 180 * MINUTE],
  ["three hours fast", -180 * MINUTE],
] as const) {
  test(`the address is fetched again before it ends, on a device whose clock is ${name}`, async () => {
    const { clock, watch, names } = begun("issued", ahead);
    for (let seconds = 0; seconds < 3600; seconds += 10) {
      await clock.pass(10_000);
      assert(watch.holds());
    }
    assert.deepEqual([...new Set(names())], ["ready"]);
  });
}

test("25: the device slept: a press on a dead address opens nothing, and a new one comes", async () => {
  const { clock, watch } = begun("issued");
  await clock.pass(0);
  clock.sleep(6 * MINUTE);
  assert.equal(watch.holds(), false);
  assert.equal(watch.state.name, "making");
  await clock.pass(1);
  assert.deepEqual([watch.holds(), watch.state.name], [true, "ready"]);
});

test("the device slept, and the page is looked at again", async () => {
  const { clock, watch, world } = begun("issued");
  await clock.pass(0);
  clock.sleep(4.5 * MINUTE);
  watch.wake();
  assert.equal(watch.state.name, "ready");
  await clock.pass(1);
  assert.equal(world.asked, 2);
});

test("without a network it is said, and asked again by itself", async () => {
  const { clock, watch, world } = begun(new NoAnswer("offline"));
  await clock.pass(0);
  assert.equal(watch.state.name, "fault");
  world.says = "issued";
  await clock.pass(5000);
  assert.equal(watch.state.name, "ready");
});

test("an address that still holds stays when the next one does not come", async () => {
  const { clock, watch, world } = begun("issued");
  await clock.pass(0);
  world.says = new NoAnswer("offline");
  await clock.pass(4.5 * MINUTE);
  assert.deepEqual([watch.state.name, watch.holds()], ["ready", true]);
  await clock.pass(MINUTE);
  assert.equal(watch.state.name, "fault");
});

test("a service that says when it may be asked is not asked earlier", async () => {
  const { clock, world } = begun(new Problem(429, {}, 20));
  await clock.pass(19_999);
  assert.equal(world.asked, 1);
  await clock.pass(1);
  assert.equal(world.asked, 2);
});

for (const status of [401, 404]) {
  test(`${status}: the mail no longer opens from here, and is asked for no more`, async () => {
    const { clock, watch, world } = begun(new Problem(status, {}, null));
    await clock.pass(10 * MINUTE);
    assert.deepEqual([watch.state.name, world.asked], ["ended", 1]);
  });
}

test("a page that was left asks no more", async () => {
  const { clock, watch, world } = begun("pending");
  await clock.pass(1000);
  watch.stop();
  const before = world.asked;
  await clock.pass(10 * MINUTE);
  assert.equal(world.asked, before);
});
