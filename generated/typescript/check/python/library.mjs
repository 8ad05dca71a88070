/** What the translated checker calls `$`: Python's statements and operators as functions, its builtins, its standard library. */
import { createHash } from "node:crypto";
import { dumps, loads, quoted } from "./json.mjs";
import {
  decimal,
  Decimal,
  fraction,
  Fraction,
  nextAfter,
  remainder,
} from "./numbers.mjs";
import {
  binary,
  builtinMethod,
  compare,
  contains,
  eq,
  inPlace,
  item,
  le,
  length,
  lt,
  pairsOf,
  remove,
  slice,
  sorted,
  store,
  truth,
  unary,
  unpack,
} from "./operators.mjs";
import * as o from "./objects.mjs";
import {
  Bound,
  Bytes,
  call,
  Class,
  classOf,
  Dict,
  exception,
  exceptions,
  identity,
  Foreign,
  Func,
  Instance,
  isInstance,
  iter,
  keyOf,
  Module,
  Native,
  nothing,
  Property,
  PySet,
  Raised,
  raised,
  Range,
  Tuple,
} from "./objects.mjs";
import { categoryRanges, escaped, Parsed, Pattern } from "./regex.mjs";
import { formatted, reprOf, textOf } from "./strings.mjs";
import * as times from "./times.mjs";
const native = (name, code) => new Native(name, code);
function natives(found) {
  return Object.fromEntries(
    Object.entries(found).map(([name, code]) => [name, native(name, code)]),
  );
}
// --- attributes ---
function found(value, name) {
  if (value instanceof Instance) return ofInstance(value, name);
  if (value instanceof Module) return value.members.get(name);
  if (value instanceof Class)
    return name === "__name__" ? value.name : value.find(name);
  if (value instanceof Foreign) {
    if (name === "sub" && value instanceof Pattern)
      return native(name, ([by, text]) => substituted(value, by, text));
    const known = value.attribute(name);
    return typeof known === "function"
      ? native(name, (args) => known(...args))
      : known;
  }
  if (value instanceof Func || value instanceof Native)
    return name === "__name__" ? value.name : undefined;
  const method = builtinMethod(value, name);
  return (
    method && native(name, (args, keywords) => method(value, args, keywords))
  );
}
function ofInstance(value, name) {
  if (name in value.held) return value.held[name];
  const known = value.cls.find(name);
  if (known instanceof Property) {
    const got = call(known.getter, [value]);
    if (known.kept) value.held[name] = got;
    return got;
  }
  if (known instanceof Func || known instanceof Native)
    return new Bound(value, known);
  if (known === undefined && o.isText(value))
    return found(value.held["value"], name);
  return known;
}
function get(value, name) {
  const known = found(value, name);
  if (known === undefined)
    throw raised(
      "AttributeError",
      `'${classOf(value).name}' object has no attribute '${name}'`,
    );
  return known;
}
function method(value, name, args, keywords = {}) {
  if (value instanceof Instance && !(name in value.held)) {
    const known = value.cls.find(name);
    if (known instanceof Func || known instanceof Native)
      return call(known, [value, ...args], keywords);
  }
  const builtin = builtinMethod(value, name);
  return builtin
    ? builtin(value, args, keywords)
    : call(get(value, name), args, keywords);
}
function put(owner, name, value) {
  if (owner instanceof Instance) owner.held[name] = value;
  else if (owner instanceof Class) owner.members.set(name, value);
  else throw raised("AttributeError", `cannot set ${name}`);
  return value;
}
function substituted(pattern, by, text) {
  return pattern.replaced(text, (match) =>
    typeof by === "string" ? by : call(by, [match]),
  );
}
// --- classes ---
class Spec {
  given;
  constructor(given) {
    this.given = given;
  }
}
function makeClass(name, bases, members) {
  const annotated = [];
  const cls = new Class(
    name,
    bases.length ? bases.filter((base) => base instanceof Class) : [o.object],
    annotated,
  );
  const isEnum = cls.mro.includes(strEnum);
  if (isEnum) cls.options = [];
  for (const [member, value, isField] of members(cls)) {
    if (isField) annotated.push([member, value]);
    if (isEnum && !(value instanceof Func) && !(value instanceof Property))
      cls.members.set(member, option(cls, member, value));
    else if (value !== nothing && !(value instanceof Spec))
      cls.members.set(member, value);
  }
  return cls;
}
function option(cls, name, value) {
  const made = new Instance(cls);
  made.held["name"] = name;
  made.held["value"] = value;
  cls.options?.push(made);
  return made;
}
const strEnum = new Class("StrEnum", [o.str]);
function dataclass(cls, settings) {
  const fields = new Map();
  for (const base of [...cls.mro].reverse())
    for (const each of base.fields ?? []) fields.set(each.name, each);
  for (const [name, value] of cls.annotated)
    fields.set(name, fieldOf(name, value));
  cls.fields = [...fields.values()];
  cls.byValue = settings["eq"] !== false && settings["frozen"] === true;
  cls.ordered = settings["order"] === true;
  if (!cls.members.has("__init__"))
    cls.members.set(
      "__init__",
      native("__init__", (args, keywords) => initialize(cls, args, keywords)),
    );
  return cls;
}
function fieldOf(name, value) {
  const {
    default: given = nothing,
    default_factory: factory = nothing,
    compare = true,
    init = true,
  } = value instanceof Spec ? value.given : { default: value };
  return { name, default: given, factory, compare, init };
}
function initialize(cls, args, keywords) {
  const [self, ...given] = args;
  const fields = (cls.fields ?? []).filter(({ init }) => init);
  if (given.length > fields.length)
    throw raised("TypeError", `${cls.name}() takes ${fields.length} arguments`);
  for (const name in keywords)
    if (!fields.some((each) => each.name === name))
      throw raised(
        "TypeError",
        `${cls.name}() got an unexpected keyword argument '${name}'`,
      );
  fields.forEach((field, i) => {
    const { name } = field;
    if (i < given.length) self.held[name] = given[i];
    else if (name in keywords) self.held[name] = keywords[name];
    else if (field.factory !== nothing)
      self.held[name] = call(field.factory, []);
    else if (field.default !== nothing) self.held[name] = field.default;
    else
      throw raised(
        "TypeError",
        `${cls.name}() missing required argument: '${name}'`,
      );
  });
  const after = cls.find("__post_init__");
  if (after !== undefined) call(after, [self]);
  return null;
}
function replaced(value, changes) {
  const kept = (value.cls.fields ?? [])
    .filter(({ init }) => init)
    .map(({ name }) => [name, value.held[name]]);
  return call(value.cls, [], { ...Object.fromEntries(kept), ...changes });
}
/** What `super()` is in a method of `cls`. */
function above(cls, self) {
  const module = new Module("super");
  for (const each of [
    ...self.cls.mro.slice(self.cls.mro.indexOf(cls) + 1),
  ].reverse())
    for (const [name, value] of each.members)
      module.members.set(name, new Bound(self, value));
  if (!module.members.has("__init__"))
    module.members.set(
      "__init__",
      native(
        "__init__",
        (args) => ((self.held["args"] = new Tuple(args)), null),
      ),
    );
  return module;
}
// --- errors ---
function thrown(value) {
  return new Raised(value instanceof Class ? call(value, []) : value);
}
/** What was thrown, as Python would have it; what is a mistake of this library goes on. */
function caught(error) {
  if (error instanceof Raised) return error.value;
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return exception("RecursionError", "maximum recursion depth exceeded");
  throw error;
}
// --- builtins ---
const whole = (value) =>
  typeof value === "boolean" ? (value ? 1n : 0n) : value;
function toInt(args) {
  const [value = 0n, base] = args;
  if (typeof value === "string") {
    if (base !== undefined) return BigInt(Number.parseInt(value, Number(base)));
    if (!/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value))
      throw raised(
        "ValueError",
        `invalid literal for int() with base 10: '${value}'`,
      );
    return BigInt(value.trim().replaceAll("_", "").replace(/^\+/, ""));
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw raised("OverflowError", "cannot convert float infinity to integer");
    return BigInt(Math.trunc(value));
  }
  return value instanceof Foreign
    ? value.operate("int", null, false)
    : whole(value);
}
function toFloat([value = 0]) {
  if (typeof value === "string") {
    const known = {
      nan: NaN,
      inf: Infinity,
      "-inf": -Infinity,
      infinity: Infinity,
      "-infinity": -Infinity,
    };
    return known[value.trim().toLowerCase()] ?? Number(value);
  }
  if (value instanceof Foreign) return value.operate("float", null, false);
  const found = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(found))
    throw raised("OverflowError", "int too large to convert to float");
  return found;
}
function extreme(args, { key, default: missing }, way) {
  const values = args.length === 1 ? [...iter(args[0])] : args;
  if (!values.length) {
    if (missing === undefined)
      throw raised("ValueError", "iterable argument is empty");
    return missing;
  }
  const ranked = values.map((value) => [
    key === undefined ? value : call(key, [value]),
    value,
  ]);
  return ranked.reduce((best, each) =>
    compare(each[0], best[0]) * way > 0 ? each : best,
  )[1];
}
function rounded([value, digits]) {
  if (digits !== undefined) return Number(value.toFixed(Number(digits)));
  if (value instanceof Foreign) return value.operate("round", null, false);
  return typeof value === "number"
    ? Fraction.of(value).rounded()
    : whole(value);
}
function next([iterator, missing]) {
  const step = iterator.next();
  if (!step.done) return step.value;
  if (missing === undefined) throw raised("StopIteration");
  return missing;
}
function* zipped(sources, strict) {
  const iterators = sources.map(iter);
  for (;;) {
    const steps = iterators.map((each) => each.next());
    if (steps.some(({ done }) => done)) {
      if (strict && !steps.every(({ done }) => done))
        throw raised("ValueError", "zip() arguments have different lengths");
      return;
    }
    yield new Tuple(steps.map(({ value }) => value));
  }
}
function* mapped(callee, sources) {
  if (sources.length === 1)
    for (const each of iter(sources[0])) yield call(callee, [each]);
  else
    for (const each of zipped(sources, false))
      yield call(callee, [...each.items]);
}
function* enumerated(source, start) {
  let number = start;
  for (const each of iter(source)) yield new Tuple([number++, each]);
}
function* filtered(test, source) {
  for (const each of iter(source))
    if (truth(test === null ? each : call(test, [each]))) yield each;
}
function madeRange(args) {
  const [one = 0n, other, step = 1n] = args.map(whole);
  return other === undefined
    ? new Range(0n, one, 1n)
    : new Range(one, other, step);
}
o.int.construct = toInt;
o.float.construct = toFloat;
o.str.construct = ([value = ""]) => textOf(value);
o.bool.construct = ([value = false]) => truth(value);
o.list.construct = ([values = []]) => [...iter(values)];
o.tuple.construct = ([values = []]) => new Tuple([...iter(values)]);
o.dict.construct = ([pairs = []], keywords) =>
  new Dict([...pairsOf(pairs), ...Object.entries(keywords)]);
o.set.construct = ([values = []]) => new PySet(iter(values));
o.frozenset.construct = ([values = []]) => new PySet(iter(values), true);
o.bytes.construct = ([values = []]) =>
  new Bytes(Uint8Array.from([...iter(values)].map(Number)));
o.range.construct = madeRange;
o.type.construct = ([value]) => classOf(value);
o.property.construct = ([getter]) => new Property(getter, false);
o.dict.members.set(
  "fromkeys",
  native(
    "fromkeys",
    ([keys, value = null]) =>
      new Dict([...iter(keys)].map((key) => [key, value])),
  ),
);
o.object.members.set(
  "__setattr__",
  native(
    "__setattr__",
    ([owner, name, value]) => (put(owner, name, value), null),
  ),
);
decimal.construct = ([value = "0"]) => Decimal.of(value);
fraction.construct = ([top = 0n, bottom]) =>
  bottom === undefined
    ? Fraction.of(top)
    : Fraction.of(top).over(Fraction.of(bottom));
times.classes.date.construct = times.date;
times.classes.datetime.construct = times.datetime;
times.classes.timedelta.construct = (_, keywords) => times.timedelta(keywords);
times.classes.uuid.construct = ([text]) => new times.Uuid(text);
times.classes.date.members.set("min", times.dateFrom("0001-01-01"));
times.classes.date.members.set(
  "fromisoformat",
  native("fromisoformat", ([text]) => times.dateFrom(text)),
);
times.classes.datetime.members.set(
  "fromisoformat",
  native("fromisoformat", ([text]) => times.datetimeFrom(text)),
);
times.classes.time.members.set(
  "fromisoformat",
  native("fromisoformat", ([text]) => times.timeFrom(text)),
);
const builtins = {
  ...exceptions,
  ...{
    object: o.object,
    type: o.type,
    int: o.int,
    bool: o.bool,
    float: o.float,
    str: o.str,
    bytes: o.bytes,
    list: o.list,
  },
  ...{
    tuple: o.tuple,
    dict: o.dict,
    set: o.set,
    frozenset: o.frozenset,
    range: o.range,
    property: o.property,
  },
  ...natives({
    len: ([value]) => length(value),
    isinstance: ([value, wanted]) => isInstance(value, wanted),
    repr: ([value]) => reprOf(value),
    id: ([value]) => identity(value),
    abs: ([value]) => unary("abs", value),
    min: (args, keywords) => extreme(args, keywords, -1),
    max: (args, keywords) => extreme(args, keywords, 1),
    sum: ([values, start = 0n]) =>
      [...iter(values)].reduce(
        (total, each) => binary("add", total, each),
        start,
      ),
    any: ([values]) => anyOf(values),
    all: ([values]) => allOf(values),
    sorted: ([values], { key, reverse = false }) =>
      sorted(iter(values), key, truth(reverse)),
    reversed: ([values]) => iter([...iter(values)].reverse()),
    enumerate: ([values, start = 0n], { start: from = start }) =>
      enumerated(values, from),
    zip: (values, { strict = false }) => zipped(values, strict),
    map: ([callee, ...values]) => mapped(callee, values),
    filter: ([test, values]) => filtered(test, values),
    next,
    iter: ([values]) => iter(values),
    round: rounded,
    divmod: ([one, other]) =>
      new Tuple([binary("floordiv", one, other), binary("mod", one, other)]),
    chr: ([code]) => String.fromCodePoint(Number(code)),
    ord: ([char]) => BigInt(char.codePointAt(0) ?? 0),
    hash: ([value]) => BigInt(keyOf(value).length),
    getattr: ([value, name, missing]) =>
      missing === undefined
        ? get(value, name)
        : orElse(found(value, name), missing),
    setattr: ([owner, name, value]) => (put(owner, name, value), null),
    vars: ([value]) => new Held(value),
    callable: ([value]) =>
      value instanceof Func ||
      value instanceof Native ||
      value instanceof Class ||
      value instanceof Bound,
  }),
};
function orElse(value, missing) {
  return value === undefined ? missing : value;
}
function anyOf(values) {
  for (const each of iter(values)) if (truth(each)) return true;
  return false;
}
function allOf(values) {
  for (const each of iter(values)) if (!truth(each)) return false;
  return true;
}
/** The attributes of an object as a dictionary: what is put there is put into the object. */
class Held extends Dict {
  #owner;
  constructor(owner) {
    super();
    this.#owner = owner;
  }
  has(key) {
    return key in this.#owner.held;
  }
  get(key) {
    return this.#owner.held[key];
  }
  set(key, value) {
    this.#owner.held[key] = value;
  }
}
// --- the standard library ---
function cached(callee) {
  const known = new Map();
  return native("cached", (args, keywords) => {
    const key = keyOf(new Tuple([...args, ...Object.entries(keywords).flat()]));
    if (!known.has(key)) known.set(key, call(callee, args, keywords));
    return known.get(key);
  });
}
function* counting(start, step) {
  for (let at = start; ; at += step) yield at;
}
function* chained(sources) {
  for (const each of sources) yield* iter(each);
}
function* part(source, start, stop) {
  const [from, to] = stop === undefined ? [0n, start] : [start ?? 0n, stop];
  let at = 0n;
  const values = iter(source);
  while (to === null || at < to) {
    const step = values.next();
    if (step.done) return;
    if (at++ >= from) yield step.value;
  }
}
function* pairwise(source) {
  let before = nothing;
  for (const each of iter(source)) {
    if (before !== nothing) yield new Tuple([before, each]);
    before = each;
  }
}
function* product(sources, count) {
  const pools = new Array(Number(count)).fill(sources).flat();
  const indexes = pools.map(() => 0);
  if (pools.some((pool) => !pool.length)) return;
  for (;;) {
    yield new Tuple(pools.map((pool, i) => pool[indexes[i]]));
    let at = pools.length - 1;
    while (at >= 0 && ++indexes[at] === pools[at].length) indexes[at--] = 0;
    if (at < 0) return;
  }
}
function* combinations(pool, count, start = 0) {
  if (count === 0) yield new Tuple([]);
  else
    for (let i = start; i <= pool.length - count; i++)
      for (const rest of combinations(pool, count - 1, i + 1))
        yield new Tuple([pool[i], ...rest.items]);
}
const patterns = new Map();
function compiled(given, flags = "") {
  if (given instanceof Pattern) return given;
  const key = `${flags} ${given}`;
  let known = patterns.get(key);
  if (!known) patterns.set(key, (known = new Pattern(given, flags)));
  return known;
}
function hashed(given) {
  const module = new Module("sha256");
  module.members.set(
    "hexdigest",
    native("hexdigest", () =>
      createHash("sha256").update(given.octets).digest("hex"),
    ),
  );
  return module;
}
function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4)
    throw raised("ValueError", "Incorrect padding");
  return new Bytes(new Uint8Array(Buffer.from(text, "base64")));
}
const form = ({
  ensure_ascii: ascii = true,
  sort_keys: sort = false,
  indent = null,
}) => ({
  ascii,
  sorted: sort,
  indent: indent === null ? undefined : Number(indent),
});
const floating =
  (code) =>
  ([value]) =>
    code(toFloat([value]));
const towards =
  (code) =>
  ([value]) =>
    typeof value === "bigint" ? value : toInt([finite(code(toFloat([value])))]);
function finite(value) {
  if (Number.isNaN(value))
    throw raised("ValueError", "cannot convert float NaN to integer");
  return value;
}
const anything = new Proxy({}, { get: () => null });
const modules = {
  __future__: { annotations: null },
  "collections.abc": anything,
  typing: {
    Any: null,
    TypeAlias: null,
    Final: null,
    Literal: o.object,
    ...natives({
      assert_never: ([value]) => never(value),
      cast: ([, value]) => value,
    }),
  },
  dataclasses: natives({
    dataclass: ([cls], settings) =>
      cls === undefined
        ? native("dataclass", ([each]) => dataclass(each, settings))
        : dataclass(cls, settings),
    field: (_, given) => new Spec(given),
    replace: ([value], changes) => replaced(value, changes),
    fields: ([value]) =>
      new Tuple(
        ((value instanceof Class ? value : classOf(value)).fields ?? []).map(
          ({ name }) => named(name),
        ),
      ),
  }),
  enum: { StrEnum: strEnum, Enum: strEnum },
  functools: natives({
    cache: ([callee]) => cached(callee),
    lru_cache: () => native("lru_cache", ([callee]) => cached(callee)),
    cached_property: ([getter]) => new Property(getter, true),
    partial: ([callee, ...first], early) =>
      native("partial", (args, late) =>
        call(callee, [...first, ...args], { ...early, ...late }),
      ),
  }),
  itertools: {
    ...natives({
      count: ([start = 0n, step = 1n]) => counting(start, step),
      islice: ([source, start, stop]) => part(source, start, stop),
      pairwise: ([source]) => pairwise(source),
      product: (sources, { repeat = 1n }) =>
        product(
          sources.map((each) => [...iter(each)]),
          repeat,
        ),
      combinations: ([source, count]) =>
        combinations([...iter(source)], Number(count)),
    }),
    chain: Object.assign(native("chain", (sources) => chained(sources))),
  },
  json: {
    JSONDecodeError: exceptions["JSONDecodeError"],
    ...natives({
      dumps: ([value], settings) => dumps(value, form(settings)),
      loads: ([text]) => loads(text),
      JSONEncoder: (_, settings) => {
        const encoder = new Module("JSONEncoder");
        encoder.members.set(
          "encode",
          native("encode", ([value]) => dumps(value, form(settings))),
        );
        return encoder;
      },
    }),
  },
  "json.encoder": natives({
    encode_basestring: ([text]) => quoted(text, false),
  }),
  hashlib: natives({ sha256: ([given]) => hashed(given) }),
  base64: natives({
    b64encode: ([given]) =>
      new Bytes(
        new TextEncoder().encode(Buffer.from(given.octets).toString("base64")),
      ),
    b64decode: ([text]) => fromBase64(text),
  }),
  binascii: { Error: exceptions["ValueError"] },
  decimal: { Decimal: decimal },
  fractions: { Fraction: fraction },
  datetime: { ...times.classes, UTC: "UTC" },
  uuid: { UUID: times.classes.uuid },
  math: {
    inf: Infinity,
    nan: NaN,
    ...natives({
      isfinite: floating(Number.isFinite),
      isinf: floating((value) => value === Infinity || value === -Infinity),
      isnan: floating(Number.isNaN),
      floor: towards(Math.floor),
      ceil: towards(Math.ceil),
      nextafter: ([one, other]) => nextAfter(toFloat([one]), toFloat([other])),
      remainder: ([one, other]) => remainder(toFloat([one]), toFloat([other])),
    }),
  },
  sys: { maxunicode: 0x10ffffn },
  importlib: natives({ import_module: ([name]) => moduleOf(name) }),
  re: {
    ASCII: "a",
    UNICODE: 32n,
    error: exceptions["PatternError"],
    Pattern: null,
    ...natives({
      compile: ([pattern, flags = ""]) => compiled(pattern, flags),
      search: ([pattern, text]) => compiled(pattern).search(text),
      match: ([pattern, text]) => compiled(pattern).run(text, 0, false),
      fullmatch: ([pattern, text]) => compiled(pattern).run(text, 0, true),
      finditer: ([pattern, text]) => compiled(pattern).all(text),
      sub: ([pattern, by, text]) => substituted(compiled(pattern), by, text),
      split: ([pattern, text]) => compiled(pattern).split(text),
      escape: ([text]) => escaped(text),
    }),
  },
  "re._parser": natives({ parse: ([pattern]) => new Parsed(pattern) }),
};
function never(value) {
  throw raised(
    "AssertionError",
    `Expected code to be unreachable, but got: ${reprOf(value)}`,
  );
}
function named(name) {
  const found = new Module("field");
  found.members.set("name", name);
  return found;
}
const loaded = new Map();
function moduleOf(name) {
  let known = loaded.get(name);
  if (!known) {
    const members = modules[name];
    if (!members) throw new Error(`no Python module ${name}`);
    loaded.set(name, (known = new Module(name)));
    for (const member of Object.keys(members))
      known.members.set(member, members[member]);
  }
  return known;
}
function imported(name, member) {
  const below = loaded.get(`${name}.${member}`);
  if (below) return below;
  if (name in modules && modules[name] === anything) return null;
  return get(moduleOf(name), member);
}
function define(name, load) {
  const module = new Module(name);
  const members = load();
  for (const member in members) module.members.set(member, members[member]);
  loaded.set(name, module);
}
const operators = [
  "add",
  "sub",
  "mul",
  "div",
  "floordiv",
  "mod",
  "pow",
  "lshift",
  "rshift",
  "and",
  "or",
  "xor",
];
const calculating = Object.fromEntries(
  operators.flatMap((name) => [
    [name, (one, other) => binary(name, one, other)],
    [`i${name}`, (one, other) => inPlace(name, one, other)],
  ]),
);
export const python = {
  ...calculating,
  builtins,
  /** Functions that are not translated, because here they can be had for less. */
  native: {
    "check.automata._category": native("_category", ([escape]) =>
      categoryRanges(escape),
    ),
  },
  nothing,
  call,
  method,
  get,
  put,
  item,
  store,
  remove,
  slice,
  unpack,
  eq,
  lt,
  le,
  contains,
  truth,
  iter,
  isInstance,
  imported,
  define,
  caught,
  raised: thrown,
  formatted,
  class: makeClass,
  super: above,
  module: moduleOf,
  neg: (value) => unary("neg", value),
  invert: (value) => ~whole(value),
  tuple: (items) => new Tuple(items),
  set: (values) => new PySet(values),
  dict: (pairs) =>
    new Dict(
      [...pairs].map((pair) => (pair instanceof Tuple ? pair.items : pair)),
    ),
  list: (values) => [...values],
  bytes: (text) =>
    new Bytes(Uint8Array.from([...text].map((char) => char.charCodeAt(0)))),
  pairs: pairsOf,
  keywords: (value) => Object.fromEntries(pairsOf(value)),
  joined: (parts) => parts.join(""),
  did: (_) => true,
  isSequence: (value, count) =>
    (value instanceof Array || value instanceof Tuple) &&
    length(value) === BigInt(count),
  positional: (value, cls, number) =>
    cls.fields
      ? get(value, cls.fields.filter(({ init }) => init)[number].name)
      : value,
  function: (name, positional, keyword, defaults, rest, code) =>
    new Func(name, positional, keyword, defaults, rest, code),
  /** A function of the translation, for TypeScript to call. */
  exported:
    (module, name) =>
    (...args) =>
      call(get(moduleOf(module), name), args),
};
