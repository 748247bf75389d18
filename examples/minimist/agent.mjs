#!/usr/bin/env node
/**
 * The example's agent: a plain program that Orbit runs once per task, in a workspace of its own.
 *
 * It makes the change that the task asks for, commits it, and says so. Everything it needs to know is in its environment.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const changes = {
  T001: () => moveFunction('hasKey', 'lib/has-key.js'),
  T002: () => moveFunction('isNumber', 'lib/is-number.js'),
  T003: () => moveFunction('isConstructorOrProto', 'lib/is-constructor-or-proto.js'),
  T004: () => write('index.d.ts', fresh('index.d.ts')),
  T005: () => write('test/lib_is_number.js', fresh('lib_is_number.js.txt')),
  T006: () => write('test/lib_has_key.js', fresh('lib_has_key.js.txt')),
  T007: () => write('bin/minimist.js', fresh('minimist.js.txt')),
  T008: () => ['bool', 'dash', 'num', 'long', 'short'].forEach((name) => edit(`test/${name}.js`, constRequires)),
  T009: () => edit('package.json', nameTypesAndProgram),
  T010: () => edit('README.md', (text) => `${text.trimEnd()}\n\n${fresh('README.part.md')}`),
};

const task = process.env.ORBIT_TASK;
const makeChange = changes[task];
if (makeChange === undefined) throw new Error(`no change is known for ${task}`);
makeChange();
run('git', ['add', '--all']);
run('git', ['commit', '--quiet', '-m', `${task}: change made by the example's agent`]);
run('orbit', ['complete', task]);

/** Moves a function out of index.js into a module of its own and requires it from there. */
function moveFunction(name, path) {
  const text = read('index.js');
  const start = text.indexOf(`function ${name}(`);
  const end = text.indexOf('\n}\n', start) + 3;
  if (start < 0 || end < 3) throw new Error(`index.js has no function ${name}`);
  const code = text.slice(start, end);
  write(path, `'use strict';\n\nmodule.exports = ${code.trimEnd()};\n`);
  const without = (text.slice(0, start) + text.slice(end)).replace(/\n{3,}/g, '\n\n');
  const line = `var ${name} = require('./${path.replace(/\.js$/, '')}');\n`;
  write(
    'index.js',
    without.replace(
      /^'use strict';\n\n/,
      (head) => `${head}${line}${without.startsWith("'use strict';\n\nvar ") ? '' : '\n'}`,
    ),
  );
}

function constRequires(text) {
  return text.replace(/^var (\w+ = require\()/gm, 'const $1');
}

function nameTypesAndProgram(text) {
  const manifest = JSON.parse(text);
  return `${JSON.stringify({ ...manifest, types: 'index.d.ts', bin: { minimist: 'bin/minimist.js' } }, null, '\t')}\n`;
}

function edit(path, change) {
  write(path, change(read(path)));
}

/** A text that the agent brings along, from the folder beside this program. */
function fresh(name) {
  return readFileSync(new URL(`new/${name}`, import.meta.url), 'utf8');
}

function read(path) {
  return readFileSync(path, 'utf8');
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function run(command, args) {
  execFileSync(command, args, { stdio: 'inherit' });
}
