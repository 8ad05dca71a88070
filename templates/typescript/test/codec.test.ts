import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCodecs } from "../src/codec.js";
import type { Codec } from "../src/codec.js";
import { encode } from "../src/json.js";
import { share } from "../src/share.js";
import * as values from "../src/values.js";

function there(value: unknown, codec?: Codec, types: { [name: string]: Codec } = {}): string {
  return encode(codec ? makeCodecs({ types, args: { f: codec } }).encodeArgs("f", value) : value);
}

function andBack(value: unknown, codec: Codec, types: { [name: string]: Codec } = {}): unknown {
  return makeCodecs({ types, returns: { f: codec } }).decodeReturns("f", JSON.parse(there(value, codec, types)));
}

test("equal values have equal text", () => {
  assert.equal(there({ b: 1, a: [true, null, "x"], c: undefined }), '{"a":[true,null,"x"],"b":1}');
  assert.equal(there(Object.assign(Object.create(null), { a: 1 })), '{"a":1}');
  assert.equal(there({}), "{}");
  assert.equal(there([]), "[]");
});

test("a number that is too large for an integer is written as a float", () => {
  assert.equal(
    there([2 ** 53 - 1, 2 ** 53, -1e17, 1e21, 0.1]),
    "[9007199254740991,9.007199254740992e+15,-1e+17,1e+21,0.1]",
  );
});

test("a bigint is a decimal string, at any depth", () => {
  const types: { [name: string]: Codec } = { Tree: ["object", { size: "int64", parts: ["array", ["ref", "Tree"]] }] };
  const tree = { name: "a", size: 2n ** 63n - 1n, parts: [{ name: "b", size: -(2n ** 63n), parts: [] }] };
  assert.match(there(tree, ["ref", "Tree"], types), /"size":"9223372036854775807"/);
  assert.deepEqual(andBack(tree, ["ref", "Tree"], types), tree);
});

test("bytes are base64, also of an ArrayBuffer", () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i & 255);
  assert.deepEqual(andBack(bytes, "bytes"), bytes);
  assert.equal(there(new Uint8Array([0, 255, 16]).buffer, "bytes"), '"AP8Q"');
  assert.deepEqual(andBack(new Uint8Array(0), "bytes"), new Uint8Array(0));
});

test("a float that may be infinite travels by name", () => {
  for (const value of [NaN, Infinity, -Infinity, 1.5, 0])
    assert.deepEqual(andBack([value], ["array", "float"]), [value]);
  assert.equal(there(-Infinity, "float"), '"-Infinity"');
});

test("null passes every codec", () => {
  for (const codec of ["int64", "bytes", "float", ["array", "int64"], ["map", "int64"], ["ref", "X"]] as Codec[]) {
    assert.equal(andBack(null, codec), null);
  }
});

test("tuples, maps and unions have a codec per place", () => {
  assert.deepEqual(andBack([1, 2n, "x"], ["tuple", null, "int64", null]), [1, 2n, "x"]);
  assert.deepEqual(andBack({ a: 1n, constructor: 2n }, ["map", "int64"]), { a: 1n, constructor: 2n });
  const kinds: Codec = ["kinds", { string: "bytes", array: ["array", "int64"] }];
  assert.deepEqual(andBack(new Uint8Array([1]), kinds), new Uint8Array([1]));
  assert.deepEqual(andBack([1n], kinds), [1n]);
  assert.deepEqual(andBack(true, kinds), true);
  const tagged: Codec = ["tagged", "kind", { a: ["object", { n: "int64" }], true: ["object", { n: "bytes" }] }];
  assert.deepEqual(andBack({ kind: "a", n: 1n }, tagged), { kind: "a", n: 1n });
  assert.deepEqual(andBack({ kind: true, n: new Uint8Array(1) }, tagged), { kind: true, n: new Uint8Array(1) });
  assert.deepEqual(andBack({ kind: "constructor", n: "x" }, tagged), { kind: "constructor", n: "x" });
  assert.deepEqual(andBack([{ kind: "a", n: 1n }], ["array", ["kinds", { object: tagged }]]), [{ kind: "a", n: 1n }]);
});

test("names of Object.prototype are fields like any other", () => {
  const codec = ["object", { ["__proto__"]: "int64", constructor: "int64" }] as unknown as Codec;
  const value = JSON.parse('{"__proto__": 0, "constructor": 0, "toString": 1}') as { [key: string]: unknown };
  Object.defineProperty(value, "__proto__", { value: 5n, enumerable: true, writable: true, configurable: true });
  value["constructor"] = 6n;
  assert.equal(there(value, codec), '{"__proto__":"5","constructor":"6","toString":1}');
  const back = makeCodecs({ errors: { e: codec } }).decodeError(
    "e",
    JSON.parse('{"__proto__":"5","constructor":"6","toString":1}'),
  ) as object;
  assert.equal(Object.getOwnPropertyDescriptor(back, "__proto__")?.value, 5n);
  assert.equal(Object.getPrototypeOf(back), Object.prototype);
});

test("what the wire cannot carry is refused with its place", () => {
  class Money {}
  const cases: [unknown, RegExp][] = [
    [{ a: [new Date(0)] }, /a Date at a\.0/],
    [[undefined], /undefined at 0/],
    [new Money(), /a Money$/],
    [{ a: 2n }, /a bigint at a/],
    [{ a: Infinity }, /send Infinity at a/],
    [{ a: Symbol("x") }, /a symbol at a/],
    [new Set([1]), /a Set/],
  ];
  for (const [value, message] of cases)
    assert.throws(
      () => there(value),
      (e) => e instanceof TypeError && message.test(e.message),
    );
});

test("share keeps what is equal", () => {
  const before = { a: [1, { x: 1 }], b: { y: NaN }, c: new Uint8Array([1]) };
  assert.equal(share(before, structuredClone(before)), before);
  const after = share(before, { a: [1, { x: 2 }], b: { y: NaN }, c: new Uint8Array([1]) });
  assert.notEqual(after, before);
  assert.equal(after.b, before.b);
  assert.equal(after.c, before.c);
  assert.deepEqual(share([1, 2], [1]), [1]);
  assert.deepEqual(share([1], [1, undefined]), [1, undefined]);
  assert.deepEqual(share({ a: 1, b: 2 }, { a: 1 }), { a: 1 });
  assert.deepEqual(share({ a: undefined }, { b: undefined }), { b: undefined });
  assert.deepEqual(share({}, JSON.parse('{"toString": 1}')), { toString: 1 });
});

test("dates go to the backend's form and back", () => {
  assert.equal(values.fromDate(new Date(0)), "1970-01-01T00:00:00Z");
  assert.equal(values.fromDate(new Date(1)), "1970-01-01T00:00:00.001000Z");
  assert.equal(values.toDate("1970-01-01T01:00:00.123456+01:00" as values.DateTime).getTime(), 123);
  assert.throws(() => values.fromDate(new Date(NaN)), RangeError);
});

test("durations go to milliseconds and back", () => {
  const pairs: [number, string][] = [
    [0, "PT0S"],
    [1500, "PT1.5S"],
    [-30_000, "-PT30S"],
    [86_400_000, "P1D"],
    [86_402_500, "P1DT2.5S"],
    [0.001, "PT0.000001S"],
  ];
  for (const [ms, text] of pairs) {
    assert.equal(values.fromMilliseconds(ms), text);
    assert.equal(values.toMilliseconds(text as values.Duration), ms);
  }
  assert.equal(values.toMilliseconds("PT1H2M3S" as values.Duration), 3_723_000);
  assert.throws(() => values.toMilliseconds("1 day" as values.Duration), TypeError);
  assert.throws(() => values.fromMilliseconds(Infinity), RangeError);
});

test("branded strings are checked where they are made", () => {
  assert.equal(values.asId("contacts", "contacts_01h455vb4pex5vsknk084sn02q"), "contacts_01h455vb4pex5vsknk084sn02q");
  assert.throws(() => values.asId("contacts", "deals_01h455vb4pex5vsknk084sn02q"), TypeError);
  assert.equal(values.asDecimal("19.90"), "19.90");
  assert.throws(() => values.asDecimal(NaN), TypeError);
  assert.equal(values.asUuid("4BE0643F-1D98-473B-97CD-CA98A65347DD"), "4be0643f-1d98-473b-97cd-ca98a65347dd");
  assert.throws(() => values.asUuid("x"), TypeError);
  assert.equal(values.asPlainDate("2026-01-02"), "2026-01-02");
  assert.throws(() => values.asPlainDate("2026-13-02"), TypeError);
  assert.equal(values.asPlainTime("03:04:05"), "03:04:05");
  assert.throws(() => values.asPlainTime("25:00:00"), TypeError);
});
