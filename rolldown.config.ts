/**
 * Builds the command line program: `dist/orbit.cjs`, which Node starts, and `dist/orbit.modules` with all other modules.
 *
 * Parsing is what a large program costs: 20 ms for 600 kB, two thirds of an empty process. So a module is parsed when something
 * of it is first used, and most never are. `orbit.modules` holds their code as text behind an index on its first line; one file
 * read at once costs less than a file each, and a process goes on with the code it began with although a newer build replaces it.
 */
import { posix } from 'node:path';
import type { Plugin, RolldownOptions } from 'rolldown';

const options: RolldownOptions = {
  input: { orbit: 'src/cli/main.ts' },
  platform: 'node',
  external: [/^node:/],
  transform: { target: 'node24' },
  output: {
    dir: 'dist',
    entryFileNames: '[name].cjs',
    format: 'cjs',
    preserveModules: true,
    preserveModulesRoot: 'src',
    externalLiveBindings: false,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
  plugins: [loadOnFirstUse(), packModules()],
};

export default options;

/**
 * Turns each `let require_x = require("./x.cjs")` at the top of a module into a function that loads on its first call, and each
 * use `require_x.name` into `require_x().name`. Binding names are made by the bundler and unique in the module. `import()` becomes
 * `require` as well: the machinery of ES modules would be loaded for nothing.
 */
function loadOnFirstUse(): Plugin {
  const declaration = /^(?:let|const|var) ([\w$]+) = require\(("[^"]+")\);\n(?:\1 = (__toESM\(\1(?:, \w+)?\));\n)?/gm;
  return {
    name: 'load-on-first-use',
    renderChunk(rendered): string {
      const code = rendered.replace(/\bimport\(("node:[\w/]+")\)/g, 'Promise.resolve(require($1))');
      const loaders = new Map<string, string>();
      for (const [, name = '', source, wrapped] of code.matchAll(declaration)) {
        const value = wrapped === undefined ? `require(${source})` : wrapped.replace(name, `require(${source})`);
        loaders.set(name, `var ${name}$loaded;\nfunction ${name}() { return ${name}$loaded ??= ${value}; }\n`);
      }
      const names = [...loaders.keys()].map((name) => name.replaceAll('$', String.raw`\$`));
      if (names.length === 0) return code;
      const uses = new RegExp(String.raw`(new )?(?<![\w$]|(?<!\.\.)\.)(${names.join('|')})(?![\w$(])`, 'g');
      const rest = code.replace(declaration, '').replace(uses, (_text, before: string | undefined, name: string) => {
        return before === undefined ? `${name}()` : `new (${name}())`;
      });
      return rest + [...loaders.values()].join('');
    },
  };
}

/** Moves all modules but the entry into `orbit.modules`, named by their paths, and gives the entry a `require` that finds them. */
function packModules(): Plugin {
  return {
    name: 'pack-modules',
    generateBundle(_options, bundle): void {
      const modules: [file: string, code: string][] = [];
      for (const [file, chunk] of Object.entries(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const code = asAscii(namedFromRoot(file, chunk.code));
        if (chunk.isEntry) chunk.code = `"use strict";\n${loader}${code}`;
        else {
          modules.push([file, code]);
          delete bundle[file];
        }
      }
      let end = 0;
      const places = modules.map(([file, { length }]) => [file, [end, (end += length)]]);
      const index = JSON.stringify(Object.fromEntries(places));
      const source = `${index}\n${modules.map(([, code]) => code).join('')}`;
      this.emitFile({ type: 'asset', fileName: 'orbit.modules', source });
    },
  };
}

/** Paths in `require` as seen from the output's root, not from the module itself. */
function namedFromRoot(file: string, code: string): string {
  return code.replace(/\brequire\("(\.[^"]+)"\)/g, (_text, path: string) => {
    return `require(${JSON.stringify(posix.join(posix.dirname(file), path))})`;
  });
}

/** Plain ASCII is read and scanned at twice the speed, and a character is a byte. All others stand in texts, where the escape means the same. */
function asAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * `require` in the entry and in the modules: those in `orbit.modules` first, all else as Node does. `Function` compiles in two
 * thirds of the time that `vm.compileFunction` takes; the `sourceURL` names the module in stack traces.
 */
const loader = `require = ((load) => {
  const loaded = new Map();
  let file, index, start;
  const read = () => {
    file = load("node:fs").readFileSync(__dirname + "/orbit.modules");
    start = file.indexOf("\\n") + 1;
    index = JSON.parse(file.latin1Slice(0, start));
  };
  return function requirePacked(name) {
    if (name.startsWith("node:")) return load(name);
    const known = loaded.get(name);
    if (known !== undefined) return known;
    if (file === undefined) read();
    const [from, to] = index[name];
    const code = '"use strict";' + file.latin1Slice(start + from, start + to) + "//# sourceURL=" + __dirname + "/" + name;
    const exports = {};
    loaded.set(name, exports);
    new Function("exports", "require", "__filename", "__dirname", code)(exports, requirePacked, __filename, __dirname);
    return exports;
  };
})(require);
`;
