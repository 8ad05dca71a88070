/**
 * The compiler as TypeScript 7 has it: a process of its own, asked through `typescript/unstable/sync`. Every question costs a
 * round trip, so answers are kept, and the types and names of a file are asked for all at once.
 */
const CHECKER = [
  "getSymbolAtLocation",
  "getAliasedSymbol",
  "getShorthandAssignmentValueSymbol",
  "getTypeAtLocation",
  "getContextualType",
  "getTypeOfSymbol",
  "getPropertyOfType",
  "getPropertiesOfType",
  "getApparentType",
  "getNonNullableType",
  "getTypeArguments",
  "getIndexInfosOfType",
  "getBaseConstraintOfType",
  "getSignaturesOfType",
  "getReturnTypeOfSignature",
  "getResolvedSignature",
];
/** Throws a TypeError if a part is missing that this reader was written for. */
export function nativeCompiler(ts, version, folder) {
  const virtual = new Map();
  const api = new ts.API({
    cwd: folder,
    fs: {
      readFile: (path) => virtual.get(path),
      fileExists: (path) => (virtual.has(path) ? true : undefined),
    },
  });
  const projects = new Map();
  return {
    version,
    kinds: ts.SyntaxKind,
    typeFlags: ts.TypeFlags,
    open(configPath, config, own) {
      virtual.set(configPath, config);
      const snapshot = api.updateSnapshot({ openProjects: [configPath] });
      const project = snapshot.getProject(configPath);
      if (!project) throw new TypeError(`no project at ${configPath}`);
      const missing = CHECKER.filter(
        (name) => typeof project.checker[name] !== "function",
      );
      if (missing.length)
        throw new TypeError(`its checker has no ${missing.join(", ")}`);
      const program = nativeProgram(ts, project, own);
      projects.set(program, project);
      return program;
    },
    settings(configPath) {
      const { options, fileNames } = api.parseConfigFile(configPath);
      const base =
        options["baseUrl"] ??
        options["pathsBasePath"] ??
        configPath.slice(0, configPath.lastIndexOf("/"));
      return {
        files: fileNames,
        paths: options["paths"] ?? {},
        base: String(base),
      };
    },
    syntaxErrors(program) {
      const own = new Set(program.files.map(({ fileName }) => fileName));
      const found =
        projects.get(program)?.program.getSyntacticDiagnostics() ?? [];
      return found.flatMap(({ fileName = "", pos, text }) =>
        own.has(fileName)
          ? [{ file: fileName, position: pos, says: text }]
          : [],
      );
    },
    close: () => api.close(),
  };
}
/** Remembers what a question about a thing with an `id` was answered. */
function kept(keyOf, ask) {
  const answers = new Map();
  return (key) => {
    const id = keyOf(key);
    if (!answers.has(id)) answers.set(id, ask(key));
    return answers.get(id);
  };
}
const idOf = (thing) => thing.id;
function nativeProgram(ts, project, own) {
  const { checker } = project;
  const files = project.program.getSourceFileNames().filter(own);
  const sources = files.flatMap(
    (name) => project.program.getSourceFile(name) ?? [],
  );
  const names = new Map(
    project.program
      .getSourceFileNames()
      .map((name) => [name.toLowerCase(), name]),
  );
  const sourceOf = (node) => node.getSourceFile();
  const indexOf = (node) => node.index;
  const fileNameOf = (handle) =>
    names.get(handle.path.toLowerCase()) ?? handle.path;
  const plain = (type) =>
    type.flags & ts.TypeFlags["Substitution"]
      ? plain(type.getBaseType())
      : type;
  const maybe = (type) => type && plain(type);
  const isUnion = (type) => Boolean(type.flags & ts.TypeFlags["Union"]);
  const isObject = (type) => Boolean(type.flags & ts.TypeFlags["Object"]);
  const aliased = kept(idOf, (symbol) =>
    symbol.flags & ts.SymbolFlags["Alias"]
      ? checker.getAliasedSymbol(symbol)
      : symbol,
  );
  const answers = asked(checker, ts.SyntaxKind);
  const reference = kept(idOf, (type) =>
    isObject(type) && type.isTypeReference() ? type : undefined,
  );
  const typeOfSymbol = kept(idOf, (symbol) =>
    maybe(checker.getTypeOfSymbol(symbol)),
  );
  const indexed = kept(idOf, (type) =>
    isObject(type)
      ? checker.getIndexInfosOfType(type).map((info) => plain(info.valueType))
      : [],
  );
  const members = kept(idOf, (type) =>
    type.flags & (ts.TypeFlags["Union"] | ts.TypeFlags["Intersection"])
      ? type.getTypes()?.map(plain)
      : undefined,
  );
  return {
    files: sources,
    file: (name) => project.program.getSourceFile(name),
    keyOf: (node) => `${sourceOf(node).path}:${indexOf(node)}`,
    declarations: kept(idOf, (symbol) =>
      symbol.declarations.map((handle) => ({
        key: `${handle.path}:${handle.index}`,
        file: fileNameOf(handle),
      })),
    ),
    symbolAt(node) {
      if (node.parent.kind === ts.SyntaxKind["ShorthandPropertyAssignment"]) {
        const value = checker.getShorthandAssignmentValueSymbol(node.parent);
        return value && aliased(value);
      }
      const symbol = answers.symbol(node);
      return symbol && aliased(symbol);
    },
    typeAt: (node) => maybe(answers.type(node)),
    contextualType: (expression) =>
      maybe(checker.getContextualType(expression)),
    typeOfSymbol,
    symbolOfType: kept(idOf, (type) => type.getSymbol()),
    property(type, name) {
      const whole = checker.getNonNullableType(type) ?? type;
      return checker.getPropertyOfType(
        checker.getApparentType(whole) ?? whole,
        name,
      );
    },
    properties: kept(idOf, (type) => checker.getPropertiesOfType(type)),
    members,
    typeArguments: kept(idOf, (type) => {
      const found = reference(type);
      return found ? checker.getTypeArguments(found).map(plain) : [];
    }),
    generic: kept(idOf, (type) => reference(type)?.getTarget()),
    indexed,
    constraint: kept(idOf, (type) =>
      maybe(checker.getBaseConstraintOfType(type)),
    ),
    callSignatures: kept(idOf, (type) =>
      isObject(type)
        ? checker.getSignaturesOfType(type, ts.SignatureKind["Call"] ?? 0)
        : [],
    ),
    resolvedSignature: (call) => checker.getResolvedSignature(call),
    parameters: (signature) =>
      signature.getParameters().flatMap((symbol) => {
        const type = typeOfSymbol(symbol);
        const rest =
          symbol.declarations[0]?.resolve(project)?.dotDotDotToken !==
          undefined;
        return type ? [{ type: (rest && indexed(type)[0]) || type, rest }] : [];
      }),
    returnType: (signature) =>
      maybe(checker.getReturnTypeOfSignature(signature)),
    declarationOf(signature) {
      const handle = signature.declaration;
      const node = handle?.resolve(project);
      return handle && node && { node, file: fileNameOf(handle) };
    },
    literalTexts(type) {
      const texts = (isUnion(type) ? (members(type) ?? []) : [type]).map(
        (each) => each.value,
      );
      return texts.every((text) => typeof text === "string")
        ? texts
        : undefined;
    },
  };
}
/** Types and symbols of nodes, asked for by the file: all names and expressions in it at the first question. */
function asked(checker, kinds) {
  const types = new Map();
  const symbols = new Map();
  void kinds;
  return {
    type(node) {
      if (!types.has(node))
        types.set(node, checker.getTypeAtLocation([node])[0]);
      return types.get(node);
    },
    symbol(node) {
      if (!symbols.has(node))
        symbols.set(node, checker.getSymbolAtLocation([node])[0]);
      return symbols.get(node);
    },
  };
}
