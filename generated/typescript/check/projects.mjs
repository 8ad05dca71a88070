/** The programs of a consumer: one for each tsconfig.json that it is made of, and whatever source no tsconfig.json mentions. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve,
} from "node:path";
/** Nobody writes code by hand in these. */
const NOT_SOURCE = new Set([
  "node_modules",
  "dist",
  "build",
  "out",
  "coverage",
  "web-build",
]);
const SOURCE = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
/** Opens all programs of a consumer. A file that several of them hold is read with each. */
export function openPrograms(compiler, consumer) {
  const { folder } = consumer;
  const own = (file) =>
    !isInside(file, consumer.sdkFolder) && !isVendored(file);
  const configs = configsOf(folder);
  const settings = configs.map((config) => ({
    config,
    ...compiler.settings(config),
  }));
  const known = new Set(
    settings.flatMap(({ files }) => files.map((file) => resolve(file))),
  );
  const others = filesBelow(folder, SOURCE).filter(
    (file) => own(file) && !known.has(file),
  );
  const projects = settings.length
    ? settings
    : [{ config: undefined, files: [], paths: {}, base: folder }];
  return projects.flatMap(({ config, files, paths, base }, i) => {
    const all = [...files, ...(i === 0 ? others : [])];
    if (!all.length) return [];
    const path = join(
      config ? dirname(config) : folder,
      `tsconfig.schemagen-${i}.json`,
    );
    return [
      compiler.open(path, configText(config, all, paths, base, consumer), own),
    ];
  });
}
/** The settings of the consumer, with the SDK where it is, and JavaScript read too: it may use the SDK as well. */
function configText(config, files, paths, base, { sdk, sdkFolder }) {
  const absolute = Object.fromEntries(
    Object.entries(paths).map(([name, places]) => [
      name,
      places.map((place) => (isAbsolute(place) ? place : join(base, place))),
    ]),
  );
  const compilerOptions = {
    ...(config ? {} : DEFAULTS),
    paths: {
      ...absolute,
      [sdk]: [`${sdkFolder}/index.d.ts`],
      [`${sdk}/*`]: [`${sdkFolder}/*.d.ts`],
    },
    allowJs: true,
    checkJs: false,
    noEmit: true,
    composite: false,
    incremental: false,
    skipLibCheck: true,
  };
  return JSON.stringify({
    ...(config ? { extends: `./${basename(config)}` } : {}),
    compilerOptions,
    files,
    include: [],
    references: [],
  });
}
const DEFAULTS = {
  target: "ES2022",
  module: "ESNext",
  moduleResolution: "Bundler",
  jsx: "react-jsx",
  strict: true,
};
/** The tsconfig.json of a folder and those it refers to. */
function configsOf(folder) {
  const found = [];
  const add = (config) => {
    if (found.includes(config) || !existsSync(config)) return;
    found.push(config);
    const text = readFileSync(config, "utf8");
    for (const [, path = ""] of text.matchAll(/"path"\s*:\s*"([^"]+)"/g)) {
      const target = resolve(dirname(config), path);
      add(
        existsSync(target) && statSync(target).isDirectory()
          ? join(target, "tsconfig.json")
          : target,
      );
    }
  };
  const main = join(folder, "tsconfig.json");
  add(existsSync(main) ? main : join(folder, "jsconfig.json"));
  return found;
}
function filesBelow(folder, ending) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory())
        return ending.test(entry.name) && !entry.name.endsWith(".d.ts")
          ? [path]
          : [];
      return NOT_SOURCE.has(entry.name) || entry.name.startsWith(".")
        ? []
        : filesBelow(path, ending);
    });
}
function isInside(file, folder) {
  const way = relative(folder, file);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}
/** Code that came with a package or with the compiler. */
function isVendored(file) {
  return file.includes("://") || file.split(/[/\\]/).includes("node_modules");
}
/** Source that holds code TypeScript cannot read by itself. */
export function unreadableFiles(folder) {
  return filesBelow(folder, /\.(vue|svelte|astro|mdx)$/);
}
