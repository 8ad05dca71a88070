import assert from "node:assert/strict";
import { test } from "node:test";
import { makeApi, targetOf } from "../src/reference.js";

const api = makeApi() as any;

test("a reference is its path", () => {
  assert.equal(targetOf(api.contacts.list).path, "contacts.list");
  assert.equal(targetOf(api.billing.invoices.markPaid).path, "billing.invoices.markPaid");
  assert.equal(`${api.contacts.list}`, "api.contacts.list");
});

test("a reference is the same each time it is asked for", () => {
  assert.equal(api.contacts.list, api.contacts.list);
  assert.notEqual(api.contacts.list, api.contacts.get);
});

test("any name may be a function's", () => {
  for (const name of ["then", "constructor", "__proto__", "toString", "toJSON", "hasOwnProperty", "größe"]) {
    assert.equal(targetOf(api.odd[name]).path, `odd.${name}`);
  }
});

test("awaiting or printing a part of api does no harm", async () => {
  const { inspect } = await import("node:util");
  assert.equal(await api.contacts, api.contacts);
  assert.match(inspect(api.contacts.list), /contacts\.list/);
});

test("what is no reference is refused", () => {
  for (const wrong of [undefined, null, {}, "contacts.list", api])
    assert.throws(() => targetOf(wrong as never), TypeError);
});
