/**
 * Builds the command line program as one CommonJS file: the cheapest thing for Node to start.
 *
 * Modules of our own that are reached by `import()` stay unevaluated in the bundle until they are used. The bundler still loads
 * what they import from outside (`node:http`, `node:sqlite`) at the top of the file; `loadExternalsOnFirstUse` undoes that,
 * so that a command pays only for what it touches.
 */
import type { Plugin, RolldownOptions } from 'rolldown';

const options: RolldownOptions = {
  input: 'src/cli/main.ts',
  platform: 'node',
  external: [/^node:/],
  transform: { target: 'node24' },
  output: {
    file: 'dist/orbit.cjs',
    format: 'cjs',
    codeSplitting: false,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
  plugins: [loadExternalsOnFirstUse()],
};

export default options;

/**
 * Turns each `let node_http = require("node:http")` at the top of the bundle into a function that loads on its first call, and
 * each use `node_http.x` into `node_http().x`. Binding names are made by the bundler and unique in the file.
 */
function loadExternalsOnFirstUse(): Plugin {
  const declaration = /^(?:let|const|var) ([\w$]+) = require\(("[^"]+")\);\n(?:\1 = (__toESM\(\1(?:, \w+)?\));\n)?/gm;
  return {
    name: 'load-externals-on-first-use',
    renderChunk(code): string {
      const loaders = new Map<string, string>();
      for (const [, name = '', source, wrapped] of code.matchAll(declaration)) {
        const value = wrapped === undefined ? `require(${source})` : wrapped.replace(name, `require(${source})`);
        loaders.set(name, `var ${name}$loaded;\nfunction ${name}() { return ${name}$loaded ??= ${value}; }\n`);
      }
      const names = [...loaders.keys()].map((name) => name.replaceAll('$', String.raw`\$`));
      if (names.length === 0) return code;
      const uses = new RegExp(String.raw`(new )?(?<![\w$.])(${names.join('|')})(?![\w$(])`, 'g');
      const rest = code.replace(declaration, '').replace(uses, (_text, before: string | undefined, name: string) => {
        return before === undefined ? `${name}()` : `new (${name}())`;
      });
      return rest + [...loaders.values()].join('');
    },
  };
}
