/** The compiler as TypeScript 5 and 6 have it: `import ts from "typescript"`. */
import { dirname } from "node:path";
export function classicCompiler(ts) {
  const programs = new Map();
  const parse = (path, text) =>
    ts.parseJsonConfigFileContent(
      ts.parseConfigFileTextToJson(path, text).config ?? {},
      ts.sys,
      dirname(path),
      undefined,
      path,
    );
  return {
    version: ts.version,
    kinds: ts.SyntaxKind,
    typeFlags: ts.TypeFlags,
    open(configPath, config, own) {
      const { fileNames, options } = parse(configPath, config);
      const opened = ts.createProgram(fileNames, options);
      const program = classicProgram(ts, opened, own);
      programs.set(program, opened);
      return program;
    },
    settings(configPath) {
      const { fileNames, options } = parse(
        configPath,
        ts.sys.readFile(configPath) ?? "{}",
      );
      const base =
        options["baseUrl"] ?? options["pathsBasePath"] ?? dirname(configPath);
      return {
        files: fileNames,
        paths: options["paths"] ?? {},
        base: String(base),
      };
    },
    syntaxErrors(program) {
      const opened = programs.get(program);
      return program.files.flatMap((file) =>
        (opened?.getSyntacticDiagnostics(file) ?? []).map(
          ({ start, messageText }) => ({
            file: file.fileName,
            position: start ?? 0,
            says: ts.flattenDiagnosticMessageText(messageText, "\n"),
          }),
        ),
      );
    },
    close() {},
  };
}
function classicProgram(ts, opened, own) {
  const checker = opened.getTypeChecker();
  const sourceOf = (node) => node.getSourceFile();
  const keyOf = (node) => `${sourceOf(node).fileName}:${node.pos}:${node.end}`;
  const plain = (type) => {
    const found = type;
    return found.flags & ts.TypeFlags["Substitution"] && found.baseType
      ? plain(found.baseType)
      : found;
  };
  const maybe = (type) => type && plain(type);
  const resolved = (symbol) =>
    symbol && symbol.flags & ts.SymbolFlags["Alias"]
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  const isReference = (type) =>
    Boolean(
      type.flags & ts.TypeFlags["Object"] &&
      (type.objectFlags ?? 0) & ts.ObjectFlags["Reference"],
    );
  return {
    files: opened.getSourceFiles().filter((file) => own(file.fileName)),
    file: (name) => opened.getSourceFile(name),
    keyOf,
    declarations: (symbol) =>
      (symbol.declarations ?? []).map((node) => ({
        key: keyOf(node),
        file: sourceOf(node).fileName,
      })),
    symbolAt(node) {
      if (node.parent.kind === ts.SyntaxKind["ShorthandPropertyAssignment"])
        return resolved(checker.getShorthandAssignmentValueSymbol(node.parent));
      return resolved(checker.getSymbolAtLocation(node));
    },
    typeAt: (node) => maybe(checker.getTypeAtLocation(node)),
    contextualType: (expression) =>
      maybe(checker.getContextualType(expression)),
    typeOfSymbol: (symbol) => maybe(checker.getTypeOfSymbol(symbol)),
    symbolOfType: (type) => type.getSymbol(),
    property: (type, name) =>
      checker.getPropertyOfType(
        checker.getApparentType(checker.getNonNullableType(type)),
        name,
      ),
    properties: (type) => checker.getPropertiesOfType(type),
    members: (type) =>
      type.flags & (ts.TypeFlags["Union"] | ts.TypeFlags["Intersection"])
        ? type.types?.map(plain)
        : undefined,
    typeArguments: (type) =>
      isReference(type) ? checker.getTypeArguments(type).map(plain) : [],
    generic: (type) => (isReference(type) ? type.target : undefined),
    indexed: (type) =>
      checker.getIndexInfosOfType(type).map((info) => plain(info.type)),
    constraint: (parameter) =>
      maybe(checker.getBaseConstraintOfType(parameter)),
    callSignatures: (type) => type.getCallSignatures(),
    resolvedSignature: (call) => checker.getResolvedSignature(call),
    parameters: (signature) => classicParameters(checker, signature, plain),
    returnType: (signature) => maybe(signature.getReturnType()),
    declarationOf(signature) {
      const node = signature.declaration;
      const file = node && sourceOf(node);
      return file && { node, file: file.fileName }; // a signature that the compiler made up is in no file
    },
    literalTexts(type) {
      const members =
        type.flags & ts.TypeFlags["Union"] ? (type.types ?? []) : [type];
      const texts = members.map((member) => member.value);
      return texts.every((text) => typeof text === "string")
        ? texts
        : undefined;
    },
  };
}
function classicParameters(checker, signature, plain) {
  return signature.getParameters().map((symbol) => {
    const node = symbol.declarations?.[0];
    const type = plain(checker.getTypeOfSymbol(symbol));
    if (!node?.dotDotDotToken) return { type, rest: false };
    const [item] = checker.getIndexInfosOfType(type);
    return { type: item ? plain(item.type) : type, rest: true };
  });
}
