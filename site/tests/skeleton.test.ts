import assert from "node:assert/strict";
import { test } from "node:test";

import { render } from "lit-html";

test("the runner strips types, and the view's library loads without a browser", () => {
  assert.equal(typeof render, "function");
});
