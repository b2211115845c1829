import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem, type Ask } from "../src/api/client.ts";
import { usePageData } from "../src/frame/words.ts";
import { addressOf, filtersOf, NO_FILTERS, requestOf } from "../src/desk/filters.ts";
import { Inbox } from "../src/desk/inbox.ts";
import { Keys } from "../src/desk/keys.ts";
import { mailAddress, placeOf } from "../src/desk/place.ts";

usePageData({ page: "desk", workers: {}, words: { inbox: { arrived: "arrived {count}", found: "found {count}" } }, amazigh: {} });

for (const [query, fragment, expected] of [
  ["", "", {}],
  ["?status=submitted&unread=true", "", { status: "submitted", unread: true }],
  ["?late=true&from=2026-11-01&to=2026-11-30", "", { late: true, from: "2026-11-01", to: "2026-11-30" }],
  ["", "#q=%D8%B7%D9%84%D8%A8+%D8%B9", { q: "طلب ع" }],
  ["?status=gone&from=yesterday&unread=1", "#x", {}],
] as const) {
  test(`the address ${query}${fragment} filters the inbox, and is made of its filters again`, () => {
    const filters = filtersOf(query, fragment);
    assert.deepEqual(filters, { ...NO_FILTERS, ...expected });
    const [path = "", behind = ""] = addressOf(filters).split("#");
    assert.deepEqual(filtersOf(path, behind), filters);
  });
}

test("what is searched stands behind # in the address, and in the request to the service alone", () => {
  const filters = { ...NO_FILTERS, status: "collected", q: " amina & co " } as const;
  assert.equal(addressOf(filters), "?status=collected#q=+amina+%26+co+");
  assert.equal(requestOf(filters, "c", 25), "/v1/inbox?status=collected&q=amina+%26+co&limit=25&cursor=c");
});

for (const [path, query, place] of [
  ["/ar/desk/", "", { part: "inbox" }],
  ["/fr/desk/ANAM-2026-000001", "", { part: "mail", number: "ANAM-2026-000001", form: null }],
  ["/fr/desk/ANAM-2026-000001/", "?form=answer", { part: "mail", number: "ANAM-2026-000001", form: "answer" }],
  ["/fr/desk/anam%202026%201", "?form=erase", { part: "mail", number: "anam 2026 1", form: null }],
  ["/en/desk/counter", "", { part: "counter" }],
  ["/en/desk/statistics", "?from=2026-01-01", { part: "statistics" }],
] as const) {
  test(`${path}${query} is ${place.part}`, () => {
    assert.deepEqual(placeOf(path, query), place);
  });
}

test("a mail's address leads back to it", () => {
  const address = new URL(mailAddress("ANAM-2026-000001", "redirect"), "https://x");
  assert.deepEqual(placeOf(address.pathname, address.search), { part: "mail", number: "ANAM-2026-000001", form: "redirect" });
});

/** An inbox whose service has these mails, the newest first; `pages` has what each request is answered. */
function world(pages: unknown[]) {
  const asked: { path: string; unless: string | undefined }[] = [];
  const said: string[] = [];
  let now = 0;
  let visible = true;
  const ask = (async (_method: string, path: string, options: { unless?: string } = {}) => {
    if (path === "/v1/inbox/counts") {
      throw new Problem(404, {}, null);
    }
    asked.push({ path, unless: options.unless });
    const tag = `"${asked.length}"`;
    const answer = await pages.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer === 304 ? { status: 304 } : { status: 200, body: answer, tag };
  }) as Ask;
  const inbox = new Inbox({
    ask,
    now: () => now,
    isVisible: () => visible,
    draw: () => undefined,
    focus: () => undefined,
    announce: (words) => void said.push(words),
    save: () => undefined,
    who: () => "nadia",
    organism: () => "anam",
    store: null,
  });
  const pass = async (milliseconds: number): Promise<void> => {
    now += milliseconds;
    inbox.tick();
    await settled();
  };
  return { inbox, asked, said, pass, hide: () => (visible = false), numbers: () => inbox.state.items.map((item) => item.number) };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function page(cursor: string | null, ...ranks: number[]) {
  return {
    next_cursor: cursor,
    items: ranks.map((rank) => ({ number: `N-${rank}`, submitted_at: `2026-11-${10 + rank}`, status: "submitted" })),
  };
}

test("new mail comes to the top within ten seconds, and what is no longer listed goes", async () => {
  const { inbox, pass, numbers, said, asked } = world([page("c", 6, 5, 4), page(null, 3, 2), page("c", 7, 6, 4), 304]);
  inbox.read();
  await settled();
  await inbox.further();
  assert.deepEqual(numbers(), ["N-6", "N-5", "N-4", "N-3", "N-2"]);
  await pass(9000);
  assert.deepEqual(numbers(), ["N-7", "N-6", "N-4", "N-3", "N-2"]);
  assert(inbox.state.fresh.has("N-7"));
  assert.equal(inbox.state.cursor, null);
  assert(said.includes("arrived 1"));
  await pass(9000);
  assert.equal(asked.at(-1)?.unless, '"3"');
  assert.deepEqual(numbers(), ["N-7", "N-6", "N-4", "N-3", "N-2"]);
});

test("a page that nobody looks at asks nothing", async () => {
  const { inbox, pass, asked, hide } = world([page(null, 1)]);
  inbox.read();
  await settled();
  hide();
  await pass(60_000);
  assert.equal(asked.length, 1);
});

test("a filter that passes few mails is followed until a page is full or the register ends", async () => {
  const { inbox, numbers, asked } = world([page("a", 9), page("b"), page("c", 4), page(null, 1)]);
  inbox.open({ ...NO_FILTERS, unread: true });
  await settled();
  assert.deepEqual(numbers(), ["N-9", "N-4", "N-1"]);
  assert.equal(asked.length, 4);
});

test("a look that fails leaves the list as it is", async () => {
  const { inbox, pass, numbers } = world([page(null, 1), new Problem(503, {}, 1), page(null, 2, 1)]);
  inbox.read();
  await settled();
  await pass(9000);
  assert.deepEqual(numbers(), ["N-1"]);
  await pass(9000);
  assert.deepEqual(numbers(), ["N-2", "N-1"]);
});

test("the answer to an older search never replaces the newer one's", async () => {
  let first: ((value: unknown) => void) | undefined;
  const { inbox, numbers } = world([new Promise((resolve) => (first = resolve)), page(null, 2)]);
  inbox.open({ ...NO_FILTERS, q: "a" });
  inbox.open({ ...NO_FILTERS, q: "ab" });
  await settled();
  first?.(page(null, 1));
  await settled();
  assert.deepEqual(numbers(), ["N-2"]);
});

function pressed(key: string, more: object = {}) {
  return { key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, target: null, ...more };
}

test("single keys are off until they are chosen, and ? until they are refused", () => {
  const held = new Map<string, string>();
  const store = { getItem: (name: string) => held.get(name) ?? null, setItem: (name: string, value: string) => void held.set(name, value), removeItem: () => undefined };
  const keys = new Keys(store);
  assert.equal(keys.pressed(pressed("j")), null);
  assert.equal(keys.pressed(pressed("?")), "?");
  keys.choose(true);
  for (const [key, meant] of [["j", "j"], ["K", "k"], ["ش", "a"], ["؟", "?"], ["x", null]] as const) {
    assert.equal(keys.pressed(pressed(key)), meant);
  }
  assert.equal(keys.pressed(pressed("c", { ctrlKey: true })), null);
  assert(new Keys(store).on);
  keys.choose(false);
  assert.equal(keys.pressed(pressed("?")), null);
});
