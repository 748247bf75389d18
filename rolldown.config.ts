/**
 * Builds the command line program as one CommonJS file: the cheapest thing for Node to start.
 *
 * Parsing is what a large file costs: 20 ms for 600 kB, two thirds of an empty process. So what is reached by `import()` is
 * bundled into chunks of its own, and the chunks ride along in the one file as a comment, which the parser skips at memory
 * speed. A chunk is read and compiled when it is first asked for. Modules from outside (`node:http`, `node:sqlite`) load on first use too.
 */
import type { Plugin, RolldownOptions } from 'rolldown';

const options: RolldownOptions = {
  input: { orbit: 'src/cli/main.ts' },
  platform: 'node',
  // What is installed beside Orbit stays there: only the verbs that need it pay for it.
  external: [/^node:/, /^@modelcontextprotocol\//, /^@agentclientprotocol\//, /^@?hono(\/|$)/, /^zod(\/|$)/],
  transform: { target: 'node24' },
  output: {
    dir: 'dist',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    format: 'cjs',
    comments: { legal: true, annotation: false, jsdoc: false },
  },
  plugins: [loadRequiredOnFirstUse(), packChunks()],
};

export default options;

/**
 * Turns each `let node_http = require("node:http")` at the top of a chunk into a function that loads on its first call, and
 * each use `node_http.x` into `node_http().x`. Binding names are made by the bundler and unique in the chunk. `import()` of
 * what is not bundled becomes `require` as well: for Node's own modules the machinery of ES modules would be loaded for nothing,
 * and a packed chunk has no `import()` at all.
 */
function loadRequiredOnFirstUse(): Plugin {
  const declaration = /^(?:let|const|var) ([\w$]+) = require\(("[^"]+")\);\n(?:\1 = (__toESM\(\1(?:, \w+)?\));\n)?/gm;
  return {
    name: 'load-required-on-first-use',
    renderChunk(rendered): string {
      const code = rendered.replace(/\bimport\(("[^"./][^"]*")\)/g, 'Promise.resolve().then(() => require($1))');
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

/** Moves all chunks into the entry's file, into one comment at its end, with their places told from that end. */
function packChunks(): Plugin {
  return {
    name: 'pack-chunks',
    generateBundle(_options, bundle): void {
      const packed = new Map<string, string>();
      for (const [file, chunk] of Object.entries(bundle)) {
        if (chunk.type !== 'chunk' || chunk.isEntry) continue;
        if (chunk.code.includes(packedEnd)) this.error(`${file} contains ${packedEnd}`);
        packed.set(`./${file}`, asAscii(chunk.code).replaceAll('*/', packedEnd));
        delete bundle[file];
      }
      let fromEnd = '*/\n'.length + [...packed.values()].join('').length;
      const places = [...packed].map(([name, code]) => {
        const place = `${JSON.stringify(name)}:[${fromEnd},${code.length}]`;
        fromEnd -= code.length;
        return place;
      });
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const index = `"use strict";\nconst packed = {${places.join(',\n')}};\n`;
        chunk.code = `${asAscii(`${index}${loader}${chunk.code}`)}/*${[...packed.values()].join('')}*/\n`;
      }
    },
  };
}

/** Plain ASCII is read and scanned at twice the speed, and a character is a byte. All others stand in texts, where the escape means the same. */
function asAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Stands for the end of a comment inside a packed chunk. */
const packedEnd = '*~~/';

/**
 * `require` in the entry's file and in its chunks: packed chunks first, all else as Node does. The file is read once, at the first
 * chunk, so that a process goes on with the code it began with although a newer build takes the file's place.
 */
const loader = `require = ((load) => {
  const loaded = new Map();
  let file;
  const read = ([fromEnd, length]) => {
    file ??= load("node:fs").readFileSync(__filename);
    const start = file.length - fromEnd;
    return file.latin1Slice(start, start + length).replaceAll(${JSON.stringify(packedEnd)}, "*/");
  };
  return function requirePacked(name) {
    const place = name.startsWith("./") ? packed[name] : undefined;
    if (place === undefined) return name === "./orbit.cjs" ? module.exports : load(name);
    if (loaded.has(name)) return loaded.get(name).exports;
    const own = { exports: {} };
    loaded.set(name, own);
    const compile = load("node:vm").compileFunction;
    compile(read(place), ["exports", "require", "module", "__filename", "__dirname"], { filename: __filename + name.slice(1) })(own.exports, requirePacked, own, __filename, __dirname);
    return own.exports;
  };
})(require);
`;
