/**
 * Where a value of the SDK becomes something else: what is read from it there, or may be.
 *
 * A value that keeps its type is left alone, since every later read of it is seen by itself. One that becomes `any`, `unknown`
 * or the parameter of code that is not read is used whole; one that becomes another type is used as far as that type goes.
 */
import { ANY } from "./report.mjs";
const DEPTH_MAX = 12;
const REFERENCES = new Set([
  "Query",
  "Mutation",
  "Action",
  "FunctionReference",
]);
export class Flows {
  #mentions = new Map();
  /** What values of a type parameter were. */
  #instances = [];
  /** What values of a type parameter become. */
  #targets = [];
  /** Type parameters of the consumer whose values are used in ways that cannot be told, and where that is. */
  #consumed = new Map();
  /** Type parameters of functions that are declared and not written here. */
  #bodiless = new Set();
  /** What type parameters of classes and interfaces stand for somewhere. */
  #arguments = new Map();
  /** Type parameters of the consumer that get values from anywhere. */
  #produced = new Set();
  #file = { name: "", text: "" };
  #program;
  #sdk;
  #flags;
  #report;
  #isOwn;
  constructor(program, sdk, flags, report, isOwn) {
    this.#program = program;
    this.#sdk = sdk;
    this.#flags = flags;
    this.#report = report;
    this.#isOwn = isOwn;
  }
  begin(name, text) {
    this.#file = { name, text };
  }
  /** A value of type `source` is taken as `target`. */
  flow(source, target, site) {
    this.#flow(source, target, site, new Set(), 0);
  }
  /** Anything may be done with a value of this type. */
  consume(type, site) {
    this.#consume(type, site, new Set());
  }
  /** A type parameter of a function that is only declared: what it does with its values is not known. */
  bodiless(parameter) {
    this.#bodiless.add(this.#program.keyOf(parameter));
  }
  /** A type as it is written or made somewhere: remembers what its type parameters stand for. */
  named(type) {
    const generic = this.#program.generic(type);
    if (!generic || generic.id === type.id) return;
    const parameters = this.#program.typeArguments(generic);
    this.#program.typeArguments(type).forEach((argument, i) => {
      const own = parameters[i] && this.#ownParameter(parameters[i]);
      if (own === undefined || !this.mentions(argument)) return;
      const known = this.#arguments.get(own) ?? new Map();
      this.#arguments.set(own, known.set(argument.id, argument));
    });
  }
  /** After the last file: what was done to the values of type parameters is done to what they stood for. */
  finish() {
    for (
      let before = -1;
      before !== this.#consumed.size + this.#produced.size;
    ) {
      before = this.#consumed.size + this.#produced.size;
      for (const { parameter, type, ...place } of this.#instances)
        if (this.#consumed.has(parameter) || this.#bodiless.has(parameter))
          this.#at(place, () => this.consume(type, place));
      for (const { parameter, type, ...place } of this.#targets)
        if (this.#produced.has(parameter))
          this.#at(place, () => this.#produce(type, place, new Set()));
      for (const [parameter, place] of [...this.#consumed])
        for (const type of this.#arguments.get(parameter)?.values() ?? [])
          this.#at(place, () => this.consume(type, place));
    }
  }
  #at({ file }, report) {
    this.#file = file;
    this.#report.begin(file.name, file.text);
    report();
  }
  /** Whether a type has anything of the SDK in it, or a type parameter that may. */
  mentions(type) {
    const known = this.#mentions.get(type.id);
    if (known !== undefined) return known;
    const seen = new Set();
    const found = this.#search(type, seen);
    if (found) this.#mentions.set(type.id, true);
    else for (const id of seen) this.#mentions.set(id, false);
    return found;
  }
  isUntyped(type) {
    return (
      this.#is(type, "Any", "Unknown", "NonPrimitive") ||
      this.#isEmptyObject(type)
    );
  }
  // --- what a type is ---
  #is(type, ...names) {
    return names.some((name) => (type.flags & (this.#flags[name] ?? 0)) !== 0);
  }
  #search(type, seen) {
    const known = this.#mentions.get(type.id);
    if (known !== undefined) return known;
    if (seen.has(type.id)) return false;
    seen.add(type.id);
    const program = this.#program;
    if (this.#is(type, "TypeParameter"))
      return this.#ownParameter(type) !== undefined;
    const within = (inner) => inner !== undefined && this.#search(inner, seen);
    const members = program.members(type);
    if (members) return members.some(within);
    if (!this.#is(type, "Object")) return false;
    if (program.typeArguments(type).some(within)) return true;
    const calls = program.callSignatures(type);
    if (calls.some((each) => within(program.returnType(each)))) return true;
    if (
      calls.some((each) =>
        program.parameters(each).some((parameter) => within(parameter.type)),
      )
    )
      return true;
    const declared = this.#declaredIn(type);
    if (declared === "sdk")
      return (
        this.#isApi(type) ||
        program.properties(type).some((each) => this.#isOfSdk(each))
      );
    if (declared === "other") return false;
    return (
      program
        .properties(type)
        .some(
          (each) => this.#isOfSdk(each) || within(program.typeOfSymbol(each)),
        ) || program.indexed(type).some(within)
    );
  }
  /** Who declares an object type: types without a name belong to whoever writes them, which may be the consumer. */
  #declaredIn(type) {
    const symbol = this.#program.symbolOfType(type);
    const declarations = symbol ? this.#program.declarations(symbol) : [];
    if (!declarations.length) return "own";
    if (declarations.some(({ file }) => this.#sdk.isInside(file))) return "sdk";
    if (declarations.some(({ file }) => this.#isOwn(file))) return "own";
    return symbol?.name.startsWith("__") ? "own" : "other";
  }
  #isOfSdk(symbol) {
    return this.#program
      .declarations(symbol)
      .some(
        ({ key }) =>
          this.#sdk.fields.has(key) ||
          this.#sdk.arguments.has(key) ||
          this.#sdk.functions.has(key),
      );
  }
  /** `api`, `api.contacts`, or the type of one function. */
  #isApi(type) {
    const symbol = this.#program.symbolOfType(type);
    if (!symbol) return false;
    const declarations = this.#program.declarations(symbol);
    return (
      REFERENCES.has(symbol.name) ||
      declarations.some(({ key }) => this.#sdk.modules.has(key))
    );
  }
  /** Whether a type is that of a function of the backend. */
  isReference(type) {
    const symbol = this.#program.symbolOfType(type);
    if (!symbol || !REFERENCES.has(symbol.name)) return false;
    return this.#program
      .declarations(symbol)
      .some(({ file }) => this.#sdk.isInside(file));
  }
  #isEmptyObject(type) {
    if (!this.#is(type, "Object")) return false;
    const program = this.#program;
    if (
      program.properties(type).length ||
      program.indexed(type).length ||
      program.callSignatures(type).length
    )
      return false;
    return this.#declaredIn(type) !== "sdk";
  }
  /** The key of a type parameter that the consumer's own code declares. */
  #ownParameter(type) {
    const symbol = this.#program.symbolOfType(type);
    const declaration =
      symbol &&
      this.#program.declarations(symbol).find(({ file }) => this.#isOwn(file));
    return declaration?.key;
  }
  /** Of an interface of arguments: its function. */
  #functionOf(type) {
    const symbol = this.#program.symbolOfType(type);
    for (const { key } of symbol ? this.#program.declarations(symbol) : []) {
      const found = this.#sdk.functionOfArguments.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // --- from one type to another ---
  #flow(source, target, site, seen, depth) {
    if (
      source.id === target.id ||
      !(this.mentions(source) || this.mentions(target))
    )
      return;
    const pair = `${source.id} ${target.id}`;
    if (seen.has(pair)) return;
    seen.add(pair);
    if (depth > DEPTH_MAX || this.isUntyped(target))
      return this.#consume(source, site, new Set());
    if (this.#is(source, "Any", "Unknown"))
      return this.#produce(target, site, new Set());
    if (this.#is(target, "TypeParameter"))
      return this.#intoParameter(source, target, site, seen, depth);
    const targets = this.#program.members(target);
    if (targets) {
      if (targets.some(({ id }) => id === source.id)) return;
      const sources = this.#is(source, "Union")
        ? (this.#program.members(source) ?? [])
        : [source];
      for (const each of sources)
        if (!targets.some(({ id }) => id === each.id))
          for (const member of targets)
            this.#flow(each, member, site, seen, depth + 1);
      return;
    }
    if (this.#is(source, "TypeParameter"))
      return this.#outOfParameter(source, site, target);
    const sources = this.#is(source, "Union")
      ? this.#program.members(source)
      : undefined;
    if (sources) {
      for (const member of sources)
        this.#flow(member, target, site, seen, depth + 1);
      return;
    }
    if (!this.#is(target, "Object")) return;
    this.#objects(source, target, site, seen, depth);
  }
  #objects(source, target, site, seen, depth) {
    const program = this.#program;
    const path = this.#functionOf(target);
    if (path !== undefined)
      return this.#report.add(
        { function: path, argument: ANY, all: site.why },
        site.node,
      );
    if (this.#isApi(source) && !this.isReference(target))
      return this.#consume(source, site, new Set());
    const [from, to] = [
      program.typeArguments(source),
      program.typeArguments(target),
    ];
    if (
      from.length &&
      program.generic(source)?.id === program.generic(target)?.id
    ) {
      const isReference = this.isReference(source);
      from.forEach((argument, i) => {
        const other = to[i];
        if (other === undefined) return;
        // a function takes its arguments: what the target allows will be given to the source
        if (isReference && i === 0)
          this.#flow(other, argument, site, seen, depth + 1);
        else this.#flow(argument, other, site, seen, depth + 1);
      });
      return;
    }
    this.#functions(source, target, site, seen, depth);
    const items = [...from, ...program.indexed(source)];
    const wanted = [
      ...(this.#isIterable(target) ? to.slice(0, 1) : to),
      ...program.indexed(target),
    ];
    for (const item of items)
      for (const other of wanted)
        this.#flow(item, other, site, seen, depth + 1);
    this.#properties(source, target, site, seen, depth);
  }
  /** `Iterable<T, TReturn, TNext>`: only the first is what comes out of it. */
  #isIterable(type) {
    return /Itera(ble|tor)|Generator/.test(
      this.#program.symbolOfType(type)?.name ?? "",
    );
  }
  /** Whoever calls the target gives what the target takes, and gets what the source returns. */
  #functions(source, target, site, seen, depth) {
    const program = this.#program;
    for (const wanted of program.callSignatures(target))
      for (const given of program.callSignatures(source)) {
        const takes = program.parameters(given);
        program.parameters(wanted).forEach(({ type }, i) => {
          const taken = takes[i] ?? takes.find(({ rest }) => rest);
          if (taken) this.#flow(type, taken.type, site, seen, depth + 1);
        });
        const [returned, expected] = [
          program.returnType(given),
          program.returnType(wanted),
        ];
        if (returned && expected && !this.#is(expected, "Void"))
          this.#flow(returned, expected, site, seen, depth + 1);
      }
  }
  #properties(source, target, site, seen, depth) {
    const program = this.#program;
    if (this.#declaredIn(target) === "other") return; // methods of lists and promises: what is in them was compared
    for (const wanted of program.properties(target)) {
      const given = program.property(source, wanted.name);
      if (!given) continue;
      const keys = new Set(program.declarations(wanted).map(({ key }) => key));
      if (program.declarations(given).some(({ key }) => keys.has(key)))
        continue;
      this.#report.addSymbol(given, site.node);
      const [from, to] = [
        program.typeOfSymbol(given),
        program.typeOfSymbol(wanted),
      ];
      if (from && to) this.#flow(from, to, site, seen, depth + 1);
    }
    const indexed = program.indexed(target);
    if (!indexed.length || program.indexed(source).length) return;
    for (const given of program.properties(source)) {
      this.#report.addSymbol(given, site.node);
      const from = program.typeOfSymbol(given);
      if (from)
        for (const to of indexed) this.#flow(from, to, site, seen, depth + 1);
    }
  }
  #intoParameter(source, target, site, seen, depth) {
    if (this.#isTrusted(target)) return;
    const own = this.#ownParameter(target);
    const constraint = this.#program.constraint(target);
    if (constraint && !this.isUntyped(constraint))
      this.#flow(source, constraint, site, seen, depth + 1);
    if (own !== undefined) {
      const { node, why } = site;
      this.#instances.push({
        parameter: own,
        type: source,
        node,
        file: this.#file,
        why,
      });
    } else {
      this.#consume(source, site, new Set());
    }
  }
  /** Whether a generic of the language's own library, of React, or of the SDK itself: these hand on what they are given. */
  #isTrusted(parameter) {
    const symbol = this.#program.symbolOfType(parameter);
    const declarations = symbol ? this.#program.declarations(symbol) : [];
    return declarations.some(
      ({ file }) =>
        this.#sdk.isInside(file) ||
        /(^|[/\\])lib\.[^/\\]*\.d\.ts$/.test(file) ||
        /[/\\]node_modules[/\\](@types[/\\])?react[/\\]/.test(file),
    );
  }
  #outOfParameter(source, { node, why }, target) {
    const own = this.#ownParameter(source);
    if (own === undefined) return;
    if (!this.#consumed.has(own))
      this.#consumed.set(own, { node, why, file: this.#file });
    if (target)
      this.#targets.push({
        parameter: own,
        type: target,
        node,
        file: this.#file,
        why,
      });
  }
  // --- all of it ---
  #consume(type, site, seen) {
    if (seen.has(type.id) || !this.mentions(type)) return;
    seen.add(type.id);
    if (this.#is(type, "TypeParameter"))
      return this.#outOfParameter(type, site);
    const program = this.#program;
    const members = program.members(type);
    if (members)
      return members.forEach((member) => this.#consume(member, site, seen));
    if (this.#consumeNamed(type, site)) return;
    for (const argument of program.typeArguments(type))
      this.#consume(argument, site, seen);
    for (const item of program.indexed(type)) this.#consume(item, site, seen);
    for (const signature of program.callSignatures(type)) {
      const returned = program.returnType(signature);
      if (returned) this.#consume(returned, site, seen);
      for (const parameter of program.parameters(signature))
        this.#produce(parameter.type, site, new Set());
    }
    if (this.#declaredIn(type) === "other") return;
    for (const property of program.properties(type)) {
      this.#report.addSymbol(property, site.node);
      const inside = program.typeOfSymbol(property);
      if (inside) this.#consume(inside, site, seen);
    }
  }
  /** Whether the type is one that the SDK has a name for; then it is taken down by that. */
  #consumeNamed(type, { node, why }) {
    const symbol = this.#program.symbolOfType(type);
    for (const { key } of symbol ? this.#program.declarations(symbol) : []) {
      const name = this.#sdk.types.get(key);
      if (name !== undefined) {
        this.#report.add({ type: name, all: why }, node);
        return true;
      }
      const functions = this.#sdk.modules.get(key);
      if (functions) {
        for (const path of functions)
          this.#report.add({ function: path, all: why }, node);
        return true;
      }
    }
    if (!this.isReference(type)) return false;
    const [args, returned] = this.#program.typeArguments(type);
    const path = args && this.#functionOf(args);
    if (path !== undefined)
      this.#report.add({ function: path, all: why }, node);
    return path !== undefined || !returned || !this.mentions(returned);
  }
  /** A value of this type comes from where nobody knows what it is. */
  #produce(type, site, seen) {
    if (seen.has(type.id) || !this.mentions(type)) return;
    seen.add(type.id);
    if (this.#is(type, "TypeParameter")) {
      const own = this.#ownParameter(type);
      if (own !== undefined) this.#produced.add(own);
      return;
    }
    const path = this.#functionOf(type);
    if (path !== undefined)
      return this.#report.add(
        { function: path, argument: ANY, all: site.why },
        site.node,
      );
    const program = this.#program;
    for (const member of program.members(type) ?? program.typeArguments(type))
      this.#produce(member, site, seen);
    for (const signature of program.callSignatures(type)) {
      const returned = program.returnType(signature);
      if (returned) this.#produce(returned, site, seen);
      for (const parameter of program.parameters(signature))
        this.#consume(parameter.type, site, new Set());
    }
    if (this.#declaredIn(type) !== "own") return;
    for (const property of program.properties(type)) {
      const inside = program.typeOfSymbol(property);
      if (inside) this.#produce(inside, site, seen);
    }
  }
}
