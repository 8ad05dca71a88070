/** What Python's operators do. */
import {
  divided,
  floatDivMod,
  floatMod,
  floorDiv,
  floorMod,
} from "./numbers.mjs";
import {
  Bytes,
  call,
  Class,
  classOf,
  comparedFields,
  Dict,
  Foreign,
  Instance,
  isText,
  iter,
  PySet,
  raised,
  Range,
  Tuple,
  Union,
} from "./objects.mjs";
import { Match } from "./regex.mjs";
import {
  characters,
  compareText,
  methods as textMethods,
  textOf,
} from "./strings.mjs";
export function truth(value) {
  switch (typeof value) {
    case "boolean":
      return value;
    case "bigint":
      return value !== 0n;
    case "number":
      return value !== 0;
    case "string":
      return value !== "";
  }
  if (value === null) return false;
  if (value instanceof Array) return value.length > 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict || value instanceof PySet) return value.size > 0;
  if (value instanceof Foreign) return value.truth();
  if (value instanceof Bytes) return value.octets.length > 0;
  if (value instanceof Range) return value.length > 0n;
  return !(value instanceof Instance) || ofInstance(value);
}
function ofInstance(value) {
  if (isText(value)) return truth(value.held["value"]);
  const own = value.cls.find("__bool__") ?? value.cls.find("__len__");
  return own === undefined || truth(call(own, [value]));
}
// --- comparing ---
export function eq(one, other) {
  if (one === other) return true;
  if (isText(one)) return !isText(other) && eq(one.held["value"], other);
  if (isText(other)) return eq(one, other.held["value"]);
  const kind = typeof one;
  if (
    kind !== "object" ||
    typeof other !== "object" ||
    one === null ||
    other === null
  )
    return scalarEq(one, other);
  if (one instanceof Foreign)
    return (
      one.compare(other) === 0 ||
      one.key === (other instanceof Foreign ? other.key : "")
    );
  if (one instanceof Tuple)
    return other instanceof Tuple && allEq(one.items, other.items);
  if (one instanceof Array) return other instanceof Array && allEq(one, other);
  if (one instanceof Dict)
    return (
      other instanceof Dict &&
      one.size === other.size &&
      one
        .pairs()
        .every(([key, value]) => other.has(key) && eq(value, other.get(key)))
    );
  if (one instanceof PySet)
    return (
      other instanceof PySet &&
      one.size === other.size &&
      one.values().every((each) => other.has(each))
    );
  if (
    one instanceof Instance &&
    other instanceof Instance &&
    one.cls === other.cls &&
    one.cls.fields &&
    one.cls.byValue
  )
    return allEq(comparedFields(one), comparedFields(other));
  if (one instanceof Bytes)
    return (
      other instanceof Bytes && Buffer.compare(one.octets, other.octets) === 0
    );
  return false;
}
function scalarEq(one, other) {
  if (one instanceof Foreign) return one.compare(other) === 0;
  if (other instanceof Foreign) return other.compare(one) === 0;
  const numeric = (value) =>
    typeof value === "bigint" ||
    typeof value === "number" ||
    typeof value === "boolean";
  return numeric(one) && numeric(other) && one == other;
}
function allEq(one, other) {
  return (
    one.length === other.length && one.every((each, i) => eq(each, other[i]))
  );
}
/** Less than 0, 0, more than 0. Raises TypeError for what has no order. */
export function compare(one, other) {
  if (isText(one)) return compare(one.held["value"], other);
  if (isText(other)) return compare(one, other.held["value"]);
  if (typeof one === "string" && typeof other === "string")
    return compareText(one, other);
  if (one instanceof Tuple && other instanceof Tuple)
    return compareAll(one.items, other.items);
  if (one instanceof Array && other instanceof Array)
    return compareAll(one, other);
  if (
    one instanceof Instance &&
    other instanceof Instance &&
    one.cls === other.cls &&
    one.cls.ordered
  )
    return compareAll(comparedFields(one), comparedFields(other));
  const foreign =
    one instanceof Foreign
      ? one.compare(other)
      : other instanceof Foreign
        ? -(other.compare(one) ?? NaN)
        : undefined;
  if (foreign !== undefined && !Number.isNaN(foreign)) return foreign;
  const kinds = [typeof one, typeof other];
  if (
    kinds.every(
      (kind) => kind === "bigint" || kind === "number" || kind === "boolean",
    )
  )
    return one < other ? -1 : one > other ? 1 : one == other ? 0 : NaN;
  throw raised(
    "TypeError",
    `'<' not supported between instances of '${classOf(one).name}' and '${classOf(other).name}'`,
  );
}
function compareAll(one, other) {
  for (let i = 0; i < one.length && i < other.length; i++)
    if (!eq(one[i], other[i])) return compare(one[i], other[i]);
  return one.length - other.length;
}
export function lt(one, other) {
  if (one instanceof PySet && other instanceof PySet)
    return one.size < other.size && le(one, other);
  return compare(one, other) < 0;
}
export function le(one, other) {
  if (one instanceof PySet && other instanceof PySet)
    return one.values().every((each) => other.has(each));
  return compare(one, other) <= 0;
}
export function contains(container, value) {
  if (typeof container === "string") return container.includes(textOf(value));
  if (container instanceof Dict || container instanceof PySet)
    return container.has(value);
  if (container instanceof Instance)
    return truth(call(container.cls.find("__contains__"), [container, value]));
  return [...iter(container)].some((each) => eq(each, value));
}
export function sorted(values, key, reverse) {
  const keyed = [...values].map((value) => [
    key === null || key === undefined ? value : call(key, [value]),
    value,
  ]);
  keyed.sort(([one], [other]) =>
    reverse ? compareSorted(other, one) : compareSorted(one, other),
  );
  return keyed.map(([, value]) => value);
}
function compareSorted(one, other) {
  return lt(one, other) ? -1 : lt(other, one) ? 1 : 0;
}
// --- calculating ---
const INTEGERS = {
  add: (one, other) => one + other,
  sub: (one, other) => one - other,
  mul: (one, other) => one * other,
  div: divided,
  floordiv: floorDiv,
  mod: floorMod,
  pow: (one, other) =>
    other < 0n ? Number(one) ** Number(other) : one ** other,
  lshift: (one, other) => one << other,
  rshift: (one, other) => one >> other,
  and: (one, other) => one & other,
  or: (one, other) => one | other,
  xor: (one, other) => one ^ other,
};
const FLOATS = {
  add: (one, other) => one + other,
  sub: (one, other) => one - other,
  mul: (one, other) => one * other,
  div: (one, other) => {
    if (other === 0)
      throw raised("ZeroDivisionError", "float division by zero");
    return one / other;
  },
  floordiv: (one, other) => floatDivMod(one, other)[0],
  mod: floatMod,
  pow: (one, other) => one ** other,
};
export function binary(operator, one, other) {
  const [a, b] = [whole(one), whole(other)];
  if (typeof a === "bigint" && typeof b === "bigint")
    return INTEGERS[operator](a, b);
  if (isReal(a) && isReal(b)) return FLOATS[operator](Number(a), Number(b));
  const found = special(operator, one, other);
  if (found !== undefined) return found;
  throw raised(
    "TypeError",
    `unsupported operand type(s) for ${operator}: '${classOf(one).name}' and '${classOf(other).name}'`,
  );
}
function whole(value) {
  return typeof value === "boolean" ? (value ? 1n : 0n) : value;
}
function isReal(value) {
  return typeof value === "bigint" || typeof value === "number";
}
function special(operator, one, other) {
  if (one instanceof Foreign) {
    const found = one.operate(operator, other, false);
    if (found !== undefined) return found;
  }
  if (other instanceof Foreign) return other.operate(operator, one, true);
  if (one instanceof PySet && other instanceof PySet)
    return setOperation(operator, one, other);
  if (operator === "or" && one instanceof Dict && other instanceof Dict)
    return new Dict([...one.pairs(), ...other.pairs()]);
  if (
    operator === "or" &&
    (one instanceof Class || one instanceof Union || one === null)
  )
    return new Union([...classesOf(one), ...classesOf(other)]);
  if (operator === "add") return concatenated(one, other);
  if (operator === "mul")
    return isReal(whole(other))
      ? repeated(one, whole(other))
      : repeated(other, whole(one));
  return undefined;
}
function classesOf(value) {
  return value instanceof Union
    ? value.members
    : value === null
      ? [classOf(null)]
      : [value];
}
function setOperation(operator, one, other) {
  switch (operator) {
    case "or":
      return new PySet([...one.values(), ...other.values()], one.frozen);
    case "and":
      return new PySet(
        one.values().filter((each) => other.has(each)),
        one.frozen,
      );
    case "sub":
      return new PySet(
        one.values().filter((each) => !other.has(each)),
        one.frozen,
      );
    case "xor":
      return new PySet(
        [
          ...one.values().filter((each) => !other.has(each)),
          ...other.values().filter((each) => !one.has(each)),
        ],
        one.frozen,
      );
    default:
      return undefined;
  }
}
function concatenated(one, other) {
  if (typeof one === "string" || isText(one))
    return typeof other === "string" || isText(other)
      ? textOf(one) + textOf(other)
      : undefined;
  if (one instanceof Array && other instanceof Array) return [...one, ...other];
  if (one instanceof Tuple && other instanceof Tuple)
    return new Tuple([...one.items, ...other.items]);
  if (one instanceof Bytes && other instanceof Bytes)
    return new Bytes(Buffer.concat([one.octets, other.octets]));
  return undefined;
}
function repeated(one, count) {
  const times = Math.max(0, Number(count));
  if (typeof one === "string") return one.repeat(times);
  if (one instanceof Array) return new Array(times).fill(one).flat();
  if (one instanceof Tuple)
    return new Tuple(new Array(times).fill(one.items).flat());
  if (one instanceof Bytes)
    return new Bytes(Buffer.concat(new Array(times).fill(one.octets)));
  return undefined;
}
/** `one += other`: lists, sets and dictionaries stay themselves. */
export function inPlace(operator, one, other) {
  if (one instanceof Array && operator === "add") {
    for (const each of iter(other)) one.push(each);
    return one;
  }
  if (one instanceof PySet && !one.frozen && operator === "or") {
    for (const each of iter(other)) one.add(each);
    return one;
  }
  if (one instanceof PySet && !one.frozen && operator === "sub") {
    for (const each of iter(other)) one.delete(each);
    return one;
  }
  if (one instanceof Dict && operator === "or") {
    for (const [key, value] of pairsOf(other)) one.set(key, value);
    return one;
  }
  return binary(operator, one, other);
}
export function unary(operator, value) {
  const given = whole(value);
  if (given instanceof Foreign) return given.operate(operator, null, false);
  if (operator === "neg") return -given;
  return given < (typeof given === "bigint" ? 0n : 0) ? -given : given;
}
// --- items ---
export function pairsOf(value) {
  return value instanceof Dict
    ? value.pairs()
    : [...iter(value)].map((each) => [...iter(each)]);
}
export function length(value) {
  if (typeof value === "string") return BigInt(characters(value).length);
  if (value instanceof Array) return BigInt(value.length);
  if (value instanceof Tuple) return BigInt(value.items.length);
  if (value instanceof Dict || value instanceof PySet)
    return BigInt(value.size);
  if (value instanceof Bytes) return BigInt(value.octets.length);
  if (value instanceof Range) return value.length;
  if (value instanceof Class && value.options)
    return BigInt(value.options.length);
  throw raised(
    "TypeError",
    `object of type '${classOf(value).name}' has no len()`,
  );
}
export function item(value, index) {
  if (value instanceof Dict) {
    const found = value.get(index);
    if (found === undefined) throw raised("KeyError", index);
    return found;
  }
  if (value instanceof Class) return value; // `dict[str, int]` is dict
  if (value instanceof Match) return value.group(index);
  const items = sequence(value);
  const at = Number(index) < 0 ? items.length + Number(index) : Number(index);
  if (typeof index !== "bigint")
    throw raised("TypeError", "indices must be integers");
  if (at < 0 || at >= items.length)
    throw raised("IndexError", `${classOf(value).name} index out of range`);
  return items[at];
}
function sequence(value) {
  if (typeof value === "string") return characters(value);
  if (value instanceof Array) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Bytes) return [...value.octets].map(BigInt);
  if (value instanceof Range) return [...value];
  throw raised(
    "TypeError",
    `'${classOf(value).name}' object is not subscriptable`,
  );
}
export function store(owner, index, value) {
  if (owner instanceof Dict) owner.set(index, value);
  else if (owner instanceof Array)
    owner[Number(index) < 0 ? owner.length + Number(index) : Number(index)] =
      value;
  else
    throw raised(
      "TypeError",
      `'${classOf(owner).name}' object does not support item assignment`,
    );
  return value;
}
export function remove(owner, index) {
  if (owner instanceof Dict) dictPop(owner, index, undefined);
  else if (owner instanceof Array) popped(owner, index);
  else
    throw raised(
      "TypeError",
      `'${classOf(owner).name}' object doesn't support item deletion`,
    );
}
export function slice(value, lower, upper, step) {
  const all = sequence(value);
  const number = (end) => (end === null ? undefined : Number(end));
  let found = typeof all === "string" ? [...all] : all;
  if (step === -1n)
    found = [
      ...found.slice(
        number(upper) === undefined ? 0 : number(upper) + 1,
        number(lower) === undefined ? undefined : number(lower) + 1,
      ),
    ].reverse();
  else
    found = found
      .slice(number(lower), number(upper))
      .filter((_, i) => i % Number(step ?? 1n) === 0);
  if (typeof value === "string") return found.join("");
  return value instanceof Tuple
    ? new Tuple(found)
    : value instanceof Bytes
      ? new Bytes(Uint8Array.from(found.map(Number)))
      : [...found];
}
/** The items of what is unpacked: `before`, then with `after` a list of the rest, then `after`. */
export function unpack(value, before, after) {
  const items = [...iter(value)];
  if (after === null ? items.length !== before : items.length < before + after)
    throw raised("ValueError", `cannot unpack ${items.length} values`);
  if (after === null) return items;
  return [
    ...items.slice(0, before),
    items.slice(before, items.length - after),
    ...items.slice(items.length - after),
  ];
}
function popped(self, index) {
  if (!self.length) throw raised("IndexError", "pop from empty list");
  return index === undefined
    ? self.pop()
    : self.splice(
        Number(index) < 0 ? self.length + Number(index) : Number(index),
        1,
      )[0];
}
function indexOf(self, value) {
  const found = self.findIndex((each) => eq(each, value));
  if (found < 0) throw raised("ValueError", "not in list");
  return BigInt(found);
}
const lists = {
  append: (self, [value]) => (self.push(value), null),
  extend: (self, [values]) => (self.push(...iter(values)), null),
  insert: (self, [at, value]) => (self.splice(Number(at), 0, value), null),
  pop: (self, [index]) => popped(self, index),
  index: (self, [value]) => indexOf(self, value),
  count: (self, [value]) =>
    BigInt(self.filter((each) => eq(each, value)).length),
  reverse: (self) => (self.reverse(), null),
  clear: (self) => ((self.length = 0), null),
  copy: (self) => [...self],
  remove: (self, [value]) => (
    self.splice(Number(indexOf(self, value)), 1),
    null
  ),
  sort: (self, _, { key, reverse }) => (
    self.splice(0, self.length, ...sorted(self, key, truth(reverse ?? false))),
    null
  ),
};
const tuples = {
  index: (self, [value]) => indexOf(self.items, value),
  count: (self, [value]) =>
    BigInt(self.items.filter((each) => eq(each, value)).length),
};
function dictPop(self, key, missing) {
  const found = self.get(key);
  if (found === undefined && missing === undefined)
    throw raised("KeyError", key);
  self.delete(key);
  return found === undefined ? missing : found;
}
function setDefault(self, key, value) {
  if (!self.has(key)) self.set(key, value ?? null);
  return self.get(key);
}
const dicts = {
  get: (self, [key, missing]) =>
    self.get(key) ?? (self.has(key) ? null : (missing ?? null)),
  keys: (self) => new PySet(self.keys()),
  values: (self) => self.values(),
  items: (self) => self.pairs().map((pair) => new Tuple([...pair])),
  setdefault: (self, [key, value]) => setDefault(self, key, value),
  pop: (self, [key, missing]) => dictPop(self, key, missing),
  update(self, [other], keywords) {
    for (const [key, value] of other === undefined ? [] : pairsOf(other))
      self.set(key, value);
    for (const name in keywords) self.set(name, keywords[name]);
    return null;
  },
  copy: (self) => new Dict(self.pairs()),
  clear: (self) => (self.map.clear(), null),
};
const sets = {
  add: (self, [value]) => (self.add(value), null),
  discard: (self, [value]) => (self.delete(value), null),
  remove: (self, [value]) => (self.delete(value), null),
  update: (self, others) => (
    others.forEach((each) => inPlace("or", self, each)),
    null
  ),
  difference_update: (self, others) => (
    others.forEach((each) => inPlace("sub", self, each)),
    null
  ),
  union: (self, others) =>
    new PySet(
      [...self.values(), ...others.flatMap((each) => [...iter(each)])],
      self.frozen,
    ),
  intersection: (self, [other]) => binary("and", self, new PySet(iter(other))),
  difference: (self, others) =>
    others.reduce(
      (left, each) => binary("sub", left, new PySet(iter(each))),
      self,
    ),
  issubset: (self, [other]) => le(self, new PySet(iter(other))),
  issuperset: (self, [other]) => le(new PySet(iter(other)), self),
  isdisjoint: (self, [other]) =>
    ![...iter(other)].some((each) => self.has(each)),
  copy: (self) => new PySet(self.values(), self.frozen),
  pop(self) {
    const [first] = self.values();
    self.delete(first);
    return first;
  },
};
const octets = {
  decode: (self) =>
    new TextDecoder("utf-8", { fatal: true }).decode(self.octets),
};
const floats = { is_integer: (self) => Number.isInteger(self) };
const integers = {
  bit_length: (self) => BigInt((self < 0n ? -self : self).toString(2).length),
  is_integer: () => true,
};
/** The method of a builtin value; undefined if it has none of that name. */
export function builtinMethod(value, name) {
  if (typeof value === "string") return textMethods[name];
  if (typeof value === "number") return floats[name];
  if (typeof value === "bigint") return integers[name];
  if (value instanceof Array) return lists[name];
  if (value instanceof Tuple) return tuples[name];
  if (value instanceof Dict) return dicts[name];
  if (value instanceof PySet) return sets[name];
  if (value instanceof Bytes) return octets[name];
  return undefined;
}
