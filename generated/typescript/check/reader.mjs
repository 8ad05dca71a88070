/** Reads the files of one program: every name that the SDK declares, and every place where a value changes its type. */
import { Flows } from "./flow.mjs";
import { ANY, Report } from "./report.mjs";
import { nameOf, readSdk } from "./sdk.mjs";
/** The uses in a program; none if no file of it imports the SDK in `folder`. */
export function readProgram(compiler, program, folder) {
  const sdk = readSdk(program, compiler.kinds, folder);
  return sdk ? new Reader(compiler, program, sdk).read() : [];
}
class Reader {
  #report;
  #flows;
  #visits;
  #compiler;
  #program;
  #sdk;
  constructor(compiler, program, sdk) {
    this.#compiler = compiler;
    this.#program = program;
    this.#sdk = sdk;
    const own = new Set(program.files.map(({ fileName }) => fileName));
    this.#report = new Report(program, sdk);
    this.#flows = new Flows(
      program,
      sdk,
      compiler.typeFlags,
      this.#report,
      (file) => own.has(file),
    );
    const visits = {
      PropertyAccessExpression: (node) => this.#access(node),
      ElementAccessExpression: (node) => this.#element(node),
      BindingElement: (node) => this.#binding(node),
      ObjectLiteralExpression: (node) => this.#literal(node),
      ImportSpecifier: (node) => this.#name(node.name),
      ExportSpecifier: (node) => this.#name(node.name),
      ImportType: (node) => this.#name(node.qualifier),
      QualifiedName: (node) => this.#name(node.right),
      IndexedAccessType: (node) => this.#indexedType(node),
      CallExpression: (node) => this.#call(node),
      NewExpression: (node) => this.#call(node),
      AsExpression: (node) => this.#assertion(node),
      TypeAssertionExpression: (node) => this.#assertion(node),
      VariableDeclaration: (node) => this.#declared(node),
      PropertyDeclaration: (node) => this.#becomes(node.initializer),
      Parameter: (node) => this.#declared(node),
      PropertyAssignment: (node) => this.#becomes(node.initializer),
      ShorthandPropertyAssignment: (node) => this.#becomes(node.name),
      SpreadAssignment: (node) => this.#becomes(node.expression),
      ReturnStatement: (node) => this.#becomes(node.expression),
      YieldExpression: (node) => this.#becomes(node.expression),
      ArrowFunction: (node) => this.#becomes(node.body),
      ArrayLiteralExpression: (node) =>
        node.elements?.forEach((item) => this.#becomes(item)),
      BinaryExpression: (node) => this.#binary(node),
      TemplateSpan: (node) => this.#becomes(node.expression),
      JsxExpression: (node) => this.#jsx(node),
      JsxSpreadAttribute: (node) => this.#becomes(node.expression),
      ThrowStatement: (node) => this.#whole(node.expression, "thrown"),
      ForInStatement: (node) => this.#whole(node.expression, "for … in"),
      TypeReference: (node) => this.#typeReference(node),
      TypeParameter: (node) => this.#typeParameter(node),
      CaseClause: (node) =>
        this.#code(node.expression, node.parent.parent.expression),
    };
    this.#visits = new Map(
      Object.entries(visits).map(([kind, visit]) => [
        compiler.kinds[kind] ?? -1,
        visit,
      ]),
    );
  }
  read() {
    for (const file of this.#program.files) this.#file(file);
    this.#flows.finish();
    return this.#report.uses;
  }
  #file(file) {
    this.#report.begin(file.fileName, file.text);
    this.#flows.begin(file.fileName, file.text);
    const visit = (node) => {
      this.#visits.get(node.kind)?.(node);
      node.jsDoc?.forEach(visit);
      node.forEachChild(visit);
    };
    file.forEachChild(visit);
  }
  #is(node, ...kinds) {
    return (
      node !== undefined &&
      kinds.some((kind) => node.kind === this.#compiler.kinds[kind])
    );
  }
  // --- names ---
  #name(node) {
    if (node) this.#report.addSymbol(this.#program.symbolAt(node), node);
  }
  #access(node) {
    this.#name(node.name);
  }
  /** `contact["fullName"]`, `api.contacts[name]`. */
  #element(node) {
    const [object, index] = [node.expression, node.argumentExpression];
    const type = object && this.#program.typeAt(object);
    if (type && index && this.#flows.mentions(type))
      this.#named(type, index, index);
  }
  /** Properties whose names are the value of an expression: those it can be, or all. */
  #named(type, name, at) {
    const texts = this.#texts(name);
    if (!texts)
      return this.#isNumber(name)
        ? undefined
        : this.#flows.consume(type, this.#site(at, `[${this.#words(name)}]`));
    for (const text of texts)
      this.#report.addSymbol(this.#program.property(type, text), at);
  }
  #texts(name) {
    if (this.#is(name, "StringLiteral", "NoSubstitutionTemplateLiteral"))
      return [nameOf(name)];
    const type = this.#program.typeAt(name);
    return type && this.#program.literalTexts(type);
  }
  /** A number is an index of a list: what comes out has its own type. */
  #isNumber(name) {
    const type = this.#program.typeAt(name);
    return (
      type !== undefined &&
      (type.flags & (this.#compiler.typeFlags["NumberLike"] ?? 0)) !== 0
    );
  }
  /** `const { fullName, address: { city }, ...rest } = contact`. */
  #binding(node) {
    this.#declared(node);
    if (!this.#is(node.parent, "ObjectBindingPattern") || node.dotDotDotToken)
      return;
    const type = this.#program.typeAt(node.parent);
    const name = node.propertyName ?? node.name;
    if (type && name && this.#flows.mentions(type)) this.#member(type, name);
  }
  /** A property as it is named in a pattern or an object literal. */
  #member(type, name) {
    const computed = this.#is(name, "ComputedPropertyName")
      ? name.expression
      : undefined;
    if (computed) this.#named(type, computed, name);
    else
      this.#report.addSymbol(this.#program.property(type, nameOf(name)), name);
  }
  /** `Contact["fullName"]` as a type. */
  #indexedType(node) {
    const [object, text] = [node.objectType, nameOf(node.indexType?.literal)];
    const type = object && this.#program.typeAt(object);
    if (type && text && node.indexType)
      this.#report.addSymbol(
        this.#program.property(type, text),
        node.indexType,
      );
  }
  /** `Pick<Contact, "fullName">` names a field, too. */
  #typeReference(node) {
    this.#typeNamed(node);
    const [object, names] = node.typeArguments ?? [];
    if (!object || !names || nameOf(node.typeName) !== "Pick") return;
    const [type, keys] = [
      this.#program.typeAt(object),
      this.#program.typeAt(names),
    ];
    for (const text of (type && keys && this.#program.literalTexts(keys)) ?? [])
      this.#report.addSymbol(type && this.#program.property(type, text), names);
  }
  #typeNamed(node) {
    const type = this.#program.typeAt(node);
    if (type) this.#flows.named(type);
  }
  #typeParameter(node) {
    const { parent } = node;
    const isFunction =
      parent.parameters !== undefined &&
      !this.#is(parent, "FunctionType", "ConstructorType");
    if (isFunction && !parent.body) this.#flows.bodiless(node);
  }
  // --- object literals: arguments above all ---
  #literal(node) {
    const target = this.#isAssigned(node)
      ? this.#assignedFrom(node)
      : this.#program.contextualType(node);
    if (!target || !this.#flows.mentions(target)) return;
    for (const property of node.properties ?? []) {
      if (this.#is(property, "SpreadAssignment"))
        this.#spread(property, target);
      else if (property.name) this.#written(target, property.name);
    }
  }
  #written(target, name) {
    const computed = this.#is(name, "ComputedPropertyName")
      ? name.expression
      : undefined;
    const texts = computed ? this.#texts(computed) : [nameOf(name)];
    if (!texts) return this.#anyArgument(target, name, this.#words(name));
    for (const member of this.#program.members(target) ?? [target])
      for (const text of texts)
        this.#report.addSymbol(this.#program.property(member, text), name);
  }
  /** `{ ...(stage ? { stage } : {}) }` says what it holds; any other spread may hold any argument. */
  #spread(property, target) {
    for (const leaf of property.expression
      ? this.#leaves(property.expression)
      : []) {
      if (!this.#is(leaf, "ObjectLiteralExpression")) {
        if (!this.#isNothing(leaf))
          this.#anyArgument(target, leaf, this.#words(leaf));
        continue;
      }
      for (const inner of leaf.properties ?? []) {
        if (this.#is(inner, "SpreadAssignment")) this.#spread(inner, target);
        else if (inner.name) this.#written(target, inner.name);
      }
    }
  }
  #isNothing(leaf) {
    const type = this.#program.typeAt(leaf);
    const {
      Undefined = 0,
      Null = 0,
      BooleanLike = 0,
    } = this.#compiler.typeFlags;
    return (
      type !== undefined &&
      (type.flags & (Undefined | Null | BooleanLike)) !== 0
    );
  }
  #anyArgument(target, node, why) {
    const paths = new Set();
    for (const member of this.#program.members(target) ?? [target])
      for (const property of this.#program.properties(member))
        for (const { key } of this.#program.declarations(property)) {
          const argument = this.#sdk.arguments.get(key);
          if (argument) paths.add(argument.function);
        }
    for (const path of paths)
      this.#report.add({ function: path, argument: ANY, all: why }, node);
  }
  /** `({ fullName } = contact)`. */
  #isAssigned(node) {
    const { parent } = node;
    return (
      this.#is(parent, "BinaryExpression") &&
      parent.left === node &&
      this.#is(parent.operatorToken, "EqualsToken")
    );
  }
  #assignedFrom(node) {
    return node.parent.right && this.#program.typeAt(node.parent.right);
  }
  // --- values that become something else ---
  #site(node, why) {
    return { node, why };
  }
  #words(node) {
    return this.#report.words(node);
  }
  /** The parts of an expression of which one is its value. */
  #leaves(node) {
    const inner = (...nodes) =>
      nodes.flatMap((each) => (each ? this.#leaves(each) : []));
    if (
      this.#is(
        node,
        "ParenthesizedExpression",
        "NonNullExpression",
        "SatisfiesExpression",
      )
    )
      return inner(node.expression);
    if (this.#is(node, "ConditionalExpression"))
      return inner(node.whenTrue, node.whenFalse);
    if (this.#is(node, "BinaryExpression")) {
      const operator = node.operatorToken;
      if (
        this.#is(
          operator,
          "BarBarToken",
          "QuestionQuestionToken",
          "AmpersandAmpersandToken",
        )
      )
        return inner(node.left, node.right);
      if (this.#is(operator, "CommaToken")) return inner(node.right);
    }
    return [node];
  }
  /** An expression whose place says what it is to be. */
  #becomes(expression, declared) {
    if (!expression || this.#is(expression, "Block")) return;
    for (const leaf of this.#leaves(expression))
      this.#leafBecomes(leaf, declared);
  }
  /** A pattern without a type says only which properties are read, and `#binding` sees those. */
  #declared(node) {
    const isPattern = this.#is(
      node.name,
      "ObjectBindingPattern",
      "ArrayBindingPattern",
    );
    if (node.type || !isPattern) this.#becomes(node.initializer);
  }
  #leafBecomes(given, declared) {
    const leaf =
      this.#is(given, "SpreadElement") && given.expression
        ? given.expression
        : given;
    const source = this.#program.typeAt(leaf);
    if (!source) return;
    const target = this.#program.contextualType(given);
    const isLiteral = this.#is(
      leaf,
      "ObjectLiteralExpression",
      "ArrayLiteralExpression",
    );
    // what stands in a literal has a place, and a type to become, of its own
    const isSeenInside =
      isLiteral && target !== undefined && !this.#flows.isUntyped(target);
    for (const each of [isSeenInside ? undefined : target, declared])
      if (each)
        this.#flows.flow(source, each, this.#site(leaf, this.#words(leaf)));
  }
  #whole(expression, why) {
    const type = expression && this.#program.typeAt(expression);
    if (type) this.#flows.consume(type, this.#site(expression, why));
  }
  #assertion(node) {
    const [source, target] = [
      node.expression && this.#program.typeAt(node.expression),
      this.#program.typeAt(node),
    ];
    if (!source || !target || this.#isConst(node)) return;
    this.#flows.flow(source, target, this.#site(node, this.#words(node)));
  }
  #isConst(node) {
    return nameOf(node.type?.typeName) === "const";
  }
  #binary(node) {
    const operator = node.operatorToken;
    if (
      this.#is(
        operator,
        "EqualsToken",
        "BarBarEqualsToken",
        "QuestionQuestionEqualsToken",
        "AmpersandAmpersandEqualsToken",
      )
    )
      return this.#becomes(node.right);
    if (this.#is(operator, "InKeyword")) return this.#inOperator(node);
    this.#code(node.left, node.right);
    this.#code(node.right, node.left);
  }
  /** `"address" in contact`. */
  #inOperator(node) {
    const type = node.right && this.#program.typeAt(node.right);
    if (!type || !node.left || !this.#flows.mentions(type)) return;
    for (const member of this.#program.members(type) ?? [type])
      this.#named(member, node.left, node.left);
  }
  /** `error.code === "quota_exceeded"`, or that in a `switch`. */
  #code(literal, value) {
    if (
      !literal ||
      !this.#is(literal, "StringLiteral", "NoSubstitutionTemplateLiteral")
    )
      return;
    const error = this.#sdk.errors.get(nameOf(literal));
    if (error !== undefined && nameOf(value?.name) === "code")
      this.#report.add({ type: error }, literal);
  }
  // --- calls ---
  /** What is passed: as the place says, and where the callee is generic, as its declaration says. */
  #call(node) {
    this.#typeNamed(node);
    const given = node.arguments ?? [];
    if (!given.length) return;
    const signature = this.#program.resolvedSignature(node);
    const declaration = signature && this.#program.declarationOf(signature);
    const ofSdk =
      declaration !== undefined && this.#sdk.isInside(declaration.file);
    const declared =
      ofSdk || !declaration
        ? undefined
        : this.#declaredParameters(declaration.node);
    given.forEach((argument, i) => {
      if (!(ofSdk && this.#isFunction(argument)))
        this.#becomes(argument, declared?.[Math.min(i, declared.length - 1)]);
    });
    this.#ofUntyped(node, given);
  }
  /** `api.contacts.list`: the SDK itself does with it as it says. */
  #isFunction(argument) {
    const type = this.#program.typeAt(argument);
    return type !== undefined && this.#flows.isReference(type);
  }
  /** The types of the parameters as they are written, type parameters and all; undefined if there are none to tell. */
  #declaredParameters(declaration) {
    const types = [];
    for (const parameter of declaration.parameters ?? []) {
      if (nameOf(parameter.name) === "this") continue;
      const type = this.#program.typeAt(parameter);
      const item =
        type && parameter.dotDotDotToken
          ? (this.#program.indexed(type)[0] ?? type)
          : type;
      if (item) types.push(item);
    }
    return types.length ? types : undefined;
  }
  /** A callee or a result that is `any` may be anything, and do anything with what it is given. */
  #ofUntyped(node, given) {
    const callee = node.expression && this.#program.typeAt(node.expression);
    const result = this.#program.typeAt(node);
    const { Any = 0, Unknown = 0 } = this.#compiler.typeFlags;
    if (
      !callee ||
      !result ||
      !((callee.flags | result.flags) & (Any | Unknown))
    )
      return;
    for (const argument of given) this.#whole(argument, this.#words(argument));
  }
  /** `<Row contact={contact} />`: as the place says, and as the component's own parameter says. */
  #jsx(node) {
    this.#becomes(node.expression, this.#declaredAttribute(node.parent));
  }
  #declaredAttribute(attribute) {
    if (!this.#is(attribute, "JsxAttribute") || !attribute.name)
      return undefined;
    const signature = this.#program.resolvedSignature(attribute.parent.parent);
    const declaration = signature && this.#program.declarationOf(signature);
    const [props] =
      (declaration && this.#declaredParameters(declaration.node)) ?? [];
    const property =
      props && this.#program.property(props, nameOf(attribute.name));
    return property && this.#program.typeOfSymbol(property);
  }
}
