import { array, assert, nat, property } from 'fast-check';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { BatchParser, type GitObject } from './batch-parser.ts';
import { endReaders } from './object-reader.ts';
import { readCommits, readObjects } from './objects.ts';

test('reads many objects in order, also new ones, and knows what is not there', async () => {
  using made = makeRepository({ files: { a: '1\n', empty: '' } });
  const gitDir = join(made.directory, '.git');
  const one = made.git('rev-parse', 'HEAD');
  const tree = made.git('rev-parse', 'HEAD^{tree}');
  const names = ['main', `${one}:a`, 'nope', '', 'a\nmain', `${one}:empty`, '0'.repeat(40), `${tree}^{commit}`, 'a b'];
  const found = await readObjects(gitDir, names);
  expect(found.map((object) => object?.type ?? null)).toEqual([
    'commit',
    'blob',
    null,
    null,
    null,
    'blob',
    null,
    null,
    null,
  ]);
  expect(found[1]?.content.toString()).toBe('1\n');
  expect(found[5]?.content.length).toBe(0);
  const two = made.commit('two');
  made.git('gc', '-q');
  expect(await readCommits(gitDir, ['main', one])).toEqual([
    { commit: two, tree },
    { commit: one, tree },
  ]);
});

test('many questions at once, with more complaints than a pipe holds, are all answered', async () => {
  using made = makeRepository({ files: { a: 'x'.repeat(100_000) } });
  const gitDir = join(made.directory, '.git');
  const blob = made.git('rev-parse', 'HEAD:a');
  const tree = made.git('rev-parse', 'HEAD^{tree}');
  const names = Array.from({ length: 400 }, (_, index) => (index % 40 === 0 ? blob : `${tree}^{commit}`));
  const all = await Promise.all(Array.from({ length: 5 }, async () => readObjects(gitDir, names)));
  for (const found of all) {
    expect(found.map((object) => object?.id ?? null)).toEqual(names.map((name) => (name === blob ? blob : null)));
  }
});

test('I15 the program that reads objects does not hold its owner open', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const script = `
    const { readObjects } = await import(process.argv[1]);
    const found = await readObjects(process.argv[2], ['main']);
    console.log(found[0].type);
  `;
  const args = [
    '--input-type=module',
    '-e',
    script,
    join(import.meta.dirname, 'objects.ts'),
    join(made.directory, '.git'),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  expect(await new Promise((answer) => child.once('close', answer))).toBe(0);
  expect(output).toBe('commit\n');
});

test('the parser gives the same objects however the bytes are cut', () => {
  const objects: (GitObject | null)[] = [
    { id: 'a'.repeat(40), type: 'blob', content: Buffer.from('one\ntwo') },
    null,
    { id: 'b'.repeat(64), type: 'commit', content: Buffer.alloc(0) },
    { id: 'c'.repeat(40), type: 'tree', content: Buffer.from('missing\n') },
  ];
  const printed = Buffer.concat(
    objects.map((object) =>
      object === null
        ? Buffer.from('some name missing\n')
        : Buffer.concat([
            Buffer.from(`${object.id} ${object.type} ${object.content.length}\n`),
            object.content,
            Buffer.from('\n'),
          ]),
    ),
  );
  assert(
    property(array(nat(printed.length)), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), printed.length];
      const pieces = places.map((place, index) => printed.subarray(place, places[index + 1] ?? place));
      expect(parsed(new BatchParser(), pieces)).toEqual(objects);
      const skimmed = objects.map((object) => (object === null ? null : { ...object, content: Buffer.alloc(0) }));
      expect(parsed(new BatchParser(() => false), pieces)).toEqual(skimmed);
    }),
  );
});

test('I20 an object too large to hold is passed over', () => {
  const size = 16_777_217;
  const header = Buffer.from(`${'a'.repeat(40)} blob ${size}\n`);
  const chunks = Array.from({ length: Math.floor(size / 65_536) }, () => Buffer.alloc(65_536, 'x'));
  const rest = Buffer.alloc(size % 65_536, 'x');
  const next = Buffer.from(`\n${'b'.repeat(40)} blob 1\ny\n`);
  expect(parsed(new BatchParser(), [header])).toEqual([null]);
  expect(parsed(new BatchParser(), [header, ...chunks, rest, next])).toMatchObject([null, { id: 'b'.repeat(40) }]);
  // A skim says that an object is there only when it came to its end.
  expect(parsed(new BatchParser(() => false), [header, ...chunks, rest])).toEqual([]);
  expect(parsed(new BatchParser(() => false), [header, ...chunks, rest, next])).toHaveLength(2);
});

function parsed(parser: BatchParser, pieces: readonly Buffer[]): (GitObject | null)[] {
  const answers: (GitObject | null)[] = [];
  for (const piece of pieces) parser.push(piece, (answer) => answers.push(answer));
  return answers;
}

test('I15 readers end when they are told to, and the next question starts another', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const gitDir = join(made.directory, '.git');
  const readersOf = (): string[] => {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(`--git-dir=${gitDir} cat-file`));
  };
  expect(await readObjects(gitDir, ['main'])).toHaveLength(1);
  expect(readersOf()).toHaveLength(1);
  await endReaders();
  expect(readersOf()).toEqual([]);
  await endReaders();
  expect(await readObjects(gitDir, ['main'])).toHaveLength(1);
});
