/**
 * What a hostile agent can leave in a repository that it shares with Orbit, and what becomes of it: nothing of it runs, leaves its
 * place or lands as something else, and the work of others lands all the same.
 */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { landingStage, workOn } from '../../../test/support/landing-stage.ts';
import { oddObjects, type OddObjects } from '../../../test/support/odd-commit.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';

interface Around {
  made: TestRepository;
  odd: OddObjects;
  /** `.git` of the repository. */
  git: string;
  /** Program that leaves a mark when it runs. */
  trap: string;
  /** A folder beside the repository: nothing may come into it. */
  outside: string;
}

interface Attack {
  /** Makes the work; answers the commit handed in. */
  work: (around: Around) => string;
  /** Done after the work was handed in and before it lands. */
  later?: (around: Around, commit: string) => void;
  /** `lands`, or what the refusal says. */
  comes: 'lands' | RegExp;
  /** The work of T2 is in its way. */
  clashes?: boolean;
}

const target = 'refs/heads/orbit/001';
const honest = (made: TestRepository, files: Readonly<Record<string, string>> = { evil: '1' }): string =>
  workOn(made, files);
const config = (...pairs: readonly (readonly [string, string])[]): Attack => ({
  work: ({ made }) => honest(made, { '.gitattributes': '* diff=evil merge=evil\n', 'README.md': 'changed\n' }),
  later: ({ made, trap }) => {
    for (const [key, value] of pairs) made.git('config', key, value.replaceAll('TRAP', trap));
  },
  comes: 'lands',
});
const lookAlike = (path: string): Attack => ({ work: ({ odd }) => odd.file(path), comes: /outside its scope|names/ });
const broken = (make: (around: Around) => string, comes: RegExp): Attack => ({ work: make, comes });

const attacks: Readonly<Record<string, Attack>> = {
  'a branch called like an option': {
    work: ({ made, git }) => {
      const commit = honest(made);
      for (const name of ['-evil', '--upload-pack=touch pwned', '--all', '@{-1}', 'x.lock', 'new\nline', 'a..b']) {
        mkdirSync(dirname(join(git, 'refs/heads', name)), { recursive: true });
        writeFileSync(join(git, 'refs/heads', name), `${commit}\n`);
      }
      return commit;
    },
    comes: 'lands',
  },
  'a branch called like a commit, and like a full ref': {
    work: ({ made }) => {
      const commit = honest(made);
      made.git('update-ref', `refs/heads/${commit}`, 'main');
      made.git('update-ref', `refs/tags/${target}`, 'main');
      made.git('update-ref', `refs/heads/${target}`, 'main');
      return commit;
    },
    comes: 'lands',
  },
  'a branch name of 4,000 characters': {
    work: ({ made, git }) => {
      const commit = honest(made);
      const name = Array.from({ length: 16 }, () => 'x'.repeat(240)).join('/');
      writeFileSync(
        join(git, 'packed-refs'),
        `# pack-refs with: peeled fully-peeled sorted \n${commit} refs/heads/${name}\n`,
      );
      return commit;
    },
    comes: 'lands',
  },
  'a symbolic ref and a loop of them as its branches': {
    work: ({ made }) => {
      const commit = honest(made);
      made.git('symbolic-ref', 'refs/heads/orbit-work/001/T1-1', target);
      made.git('symbolic-ref', 'refs/heads/a', 'refs/heads/b');
      made.git('symbolic-ref', 'refs/heads/b', 'refs/heads/a');
      return commit;
    },
    comes: 'lands',
  },
  'a link to a file of the system': {
    work: ({ odd }) => odd.file('evil', '/etc/passwd', '120000'),
    comes: 'lands',
  },
  'a link to .git': { work: ({ odd }) => odd.file('evil', '.git', '120000'), comes: 'lands' },
  'a link in the place of a folder that others write to': {
    work: ({ odd, outside }) => odd.file('honest', outside, '120000'),
    comes: 'lands',
    clashes: true,
  },
  'a link to a folder outside, and a file below it in one commit': {
    work: ({ odd, outside }) => {
      const file = { mode: '100644', name: 'in', id: odd.blob('x') };
      return odd.commit(
        odd.onMain([
          { mode: '120000', name: 'evil', id: odd.blob(outside) },
          { mode: '40000', name: 'evil', id: odd.tree([file]) },
        ]),
      );
    },
    comes: /twice/,
  },
  '.git itself': lookAlike('.git/hooks/post-checkout'),
  '.GIT': lookAlike('.GIT/config'),
  'git~1': lookAlike('git~1/config'),
  '.git with an invisible character': lookAlike('.g\u200cit/config'),
  '.git with a blank': lookAlike('.git /config'),
  '.git with dots': lookAlike('.git.../config'),
  '.git as a stream': lookAlike('.git::$INDEX_ALLOCATION/config'),
  'a .git deeper down': lookAlike('deep/er/.git/config'),
  'a way up': lookAlike('../escaped'),
  'a way up with a backslash': lookAlike('..\\escaped'),
  'a repository within': {
    work: ({ made, odd }) =>
      odd.commit(odd.onMain([{ mode: '160000', name: 'evil', id: made.git('rev-parse', 'main') }])),
    comes: 'lands',
  },
  'a submodule whose address is a command': {
    work: ({ odd, trap }) =>
      odd.commit(
        odd.onMain([
          {
            mode: '100644',
            name: '.gitmodules',
            id: odd.blob(`[submodule "evil"]\n\tpath = evil\n\turl = ext::${trap}\n`),
          },
          { mode: '160000', name: 'evil', id: 'a'.repeat(40) },
        ]),
      ),
    later: ({ made, trap }) => {
      made.git('config', 'submodule.evil.url', `ext::${trap}`);
      made.git('config', 'submodule.evil.update', `!${trap}`);
      made.git('config', 'submodule.recurse', 'true');
      made.git('config', 'protocol.ext.allow', 'always');
    },
    comes: 'lands',
  },
  'a submodule whose update is a command': broken(({ odd, trap }) => {
    const id = odd.blob(`[submodule "evil"]\n\tpath = evil\n\turl = /x\n\tupdate = !${trap}\n`);
    return odd.commit(odd.onMain([{ mode: '100644', name: '.gitmodules', id }]));
  }, /no git takes/),
  'names that differ by case or by composition alone': {
    work: ({ made }) => honest(made, { 'readme.md': '1', 'e\u0301': '1', '\u00e9': '2', evil: '1' }),
    comes: 'lands',
  },
  'a name that is no UTF-8': {
    work: ({ odd }) =>
      odd.commit(odd.onMain([{ mode: '100644', name: Buffer.from([0xff, 0xfe, 0x2f + 1]), id: odd.blob('x') }])),
    comes: 'lands',
  },
  'a file in the place of a folder that others write to': {
    work: ({ odd }) => odd.file('honest', 'x'),
    comes: 'lands',
    clashes: true,
  },
  'a name of 4,000 characters': {
    work: ({ odd }) => odd.file('x'.repeat(4_000)),
    comes: /too long|File name/,
  },
  '500 folders deep': {
    work: ({ odd }) => odd.file(`${'d/'.repeat(500)}evil`),
    comes: 'lands',
  },
  'a file of 200 MB': {
    work: ({ made, odd }) => {
      const path = join(made.directory, '../large');
      writeFileSync(path, '');
      truncateSync(path, 200_000_000);
      const id = made.git('-c', 'core.compression=0', 'hash-object', '-w', '--no-filters', path);
      rmSync(path);
      return odd.commit(odd.onMain([{ mode: '100644', name: 'evil', id }]));
    },
    comes: 'lands',
  },
  'a tree with a name twice': broken(({ odd }) => {
    const id = odd.blob('x');
    return odd.commit(
      odd.tree([
        { mode: '100644', name: 'a', id },
        { mode: '100644', name: 'a', id },
      ]),
    );
  }, /is in it twice/),
  'a tree out of order': broken(({ odd }) => {
    const id = odd.blob('x');
    return odd.commit(
      odd.tree([
        { mode: '100644', name: 'b', id },
        { mode: '100644', name: 'a', id },
      ]),
    );
  }, /out of order/),
  'a tree with a name that is a path': broken(
    ({ odd }) => odd.commit(odd.onMain([{ mode: '100644', name: 'a/../../b', id: odd.blob('x') }])),
    /the name/,
  ),
  'a tree with an odd mode': broken(
    ({ odd }) => odd.commit(odd.onMain([{ mode: '104755', name: 'evil', id: odd.blob('x') }])),
    /mode 104755/,
  ),
  'a file whose content is nowhere': broken(
    ({ odd }) => odd.commit(odd.onMain([{ mode: '100644', name: 'evil', id: 'b'.repeat(40) }])),
    /content of evil is not in this repository/,
  ),
  'a folder that is nowhere': broken(
    ({ odd }) => odd.commit(odd.onMain([{ mode: '40000', name: 'evil', id: 'b'.repeat(40) }])),
    /evil is no folder/,
  ),
  'a commit without an author': broken(
    ({ odd, made }) => odd.commit(made.git('rev-parse', 'main^{tree}'), (text) => text.replace(/author .*\n/, '')),
    /no well-formed commit/,
  ),
  'a commit of a time that no clock shows': broken(
    ({ odd, made }) =>
      odd.commit(made.git('rev-parse', 'main^{tree}'), (text) => text.replaceAll('1767323045', '9'.repeat(30))),
    /no well-formed commit/,
  ),
  'author and dates that lie': {
    work: ({ odd }) =>
      odd.commit(odd.onMain([{ mode: '100644', name: 'evil', id: odd.blob('x') }]), (text) =>
        text.replaceAll('Eve <eve@example.org> 1767323045', 'Orbit <orbit@localhost> 1'),
      ),
    comes: 'lands',
  },
  'every hook there is': {
    work: ({ made }) => honest(made),
    later: ({ git, trap }) => {
      mkdirSync(join(git, 'hooks'), { recursive: true });
      for (const hook of hookNames) writeFileSync(join(git, 'hooks', hook), readFileSync(trap), { mode: 0o755 });
      addConfig(git, `[core]\n\thooksPath = ${join(git, 'hooks')}\n`);
    },
    comes: 'lands',
  },
  'hooks in the config': config(
    ...['reference-transaction', 'post-checkout', 'post-index-change', 'pre-commit'].flatMap((event) => [
      [`hook.${event}.command`, 'TRAP'] as const,
      [`hook.${event}.event`, event] as const,
    ]),
  ),
  'programs in the config': config(
    ['diff.external', 'TRAP'],
    ['diff.evil.command', 'TRAP'],
    ['diff.evil.textconv', 'TRAP'],
    ['merge.evil.driver', 'TRAP %A'],
    ['merge.default', 'evil'],
    ['core.sshCommand', 'TRAP'],
    ['core.pager', 'TRAP'],
    ['pager.diff-tree', 'TRAP'],
    ['core.editor', 'TRAP'],
    ['core.askPass', 'TRAP'],
    ['core.alternateRefsCommand', 'TRAP'],
    ['gpg.program', 'TRAP'],
    ['commit.gpgSign', 'true'],
    ['credential.helper', '!TRAP'],
    ['url.ext::TRAP.insteadOf', 'https://'],
    ...['cat-file', 'merge-tree', 'update-ref', 'rev-list', 'diff-tree', 'checkout', 'status'].map(
      (verb) => [`alias.${verb}`, '!TRAP'] as const,
    ),
  ),
  'a monitor of the file system': {
    ...config(),
    later: ({ git, trap }) => addConfig(git, `[core]\n\tfsmonitor = ${trap}\n`),
  },
  'a config that includes another, and a work tree elsewhere': {
    ...config(),
    later: ({ git, trap, outside }) => {
      writeFileSync(
        join(git, 'more'),
        `[core]\n\tfsmonitor = ${trap}\n\tworktree = ${outside}\n[merge "evil"]\n\tdriver = ${trap} %A\n`,
      );
      addConfig(git, '[include]\n\tpath = more\n');
    },
  },
  'replacement objects and grafts': {
    work: ({ made }) => honest(made),
    later: ({ made, git, odd }, commit) => {
      made.git('replace', '-f', commit, odd.file('planted'));
      made.git('replace', '-f', made.git('rev-parse', `${commit}^{tree}`), made.git('rev-parse', 'main^{tree}'));
      writeFileSync(join(git, 'info/grafts'), `${commit}\n`);
    },
    comes: 'lands',
  },
  'attributes and alternates of the repository': {
    work: ({ made }) => honest(made, { evil: '1', 'README.md': 'changed\n' }),
    later: ({ made, git, trap, outside }) => {
      made.git('config', 'merge.evil.driver', `${trap} %A`);
      writeFileSync(join(git, 'info/attributes'), '* merge=evil text eol=crlf\n');
      writeFileSync(join(git, 'objects/info/alternates'), `${outside}\n/proc/self/fd\n`);
    },
    comes: 'lands',
  },
  'variables of git in the environment': {
    work: ({ made }) => honest(made, { '.gitattributes': '* diff=evil merge=evil\n', 'README.md': 'changed\n' }),
    later: ({ trap, outside }) => {
      const planted: Readonly<Record<string, string>> = {
        GIT_DIR: outside,
        GIT_WORK_TREE: outside,
        GIT_INDEX_FILE: join(outside, 'index'),
        GIT_OBJECT_DIRECTORY: outside,
        GIT_EXTERNAL_DIFF: trap,
        GIT_SSH_COMMAND: trap,
        GIT_PAGER: trap,
        GIT_EDITOR: trap,
        GIT_EXEC_PATH: outside,
        GIT_CONFIG_GLOBAL: join(outside, 'kept'),
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'core.fsmonitor',
        GIT_CONFIG_VALUE_0: trap,
        GIT_TRACE: join(outside, 'trace'),
      };
      Object.assign(process.env, planted);
      onTestFinished(() => {
        for (const name of Object.keys(planted)) delete process.env[name];
      });
    },
    comes: 'lands',
  },
  'its branch amended, moved on and deleted after it was handed in': {
    work: ({ made }) => {
      const commit = honest(made);
      made.git('update-ref', 'refs/heads/orbit-work/001/T1-1', commit);
      return commit;
    },
    later: ({ made, odd }) => {
      made.git('update-ref', 'refs/heads/orbit-work/001/T1-1', odd.file('amended'));
      made.git('update-ref', 'refs/orbit/attempts/T1/1', odd.file('amended'));
      made.git('update-ref', '-d', 'refs/heads/orbit-work/001/T1-1');
    },
    comes: 'lands',
  },
};

const hookNames = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'proc-receive',
  'reference-transaction',
  'sendemail-validate',
];

const all = Object.entries(attacks);
const plainFile = expect.stringMatching(/^100644 blob /) as string;

test('S6 S8 I8 P4 I10 what is refused says why, and others land beside it', { timeout: 240_000 }, async () => {
  const around = setUp();
  const { made } = around;
  const before = checkoutOf(made);
  const stage = await landingStage(made, { checks: ['test -e README.md'] });
  const refused = all.filter(([, { comes }]) => comes !== 'lands');
  expect(refused.length).toBeGreaterThan(15);
  for (const [index, [, { work }]] of refused.entries()) await stage.done(`X${index}`, work(around));
  await stage.done('T2', workOn(made, { 'honest/file': '1' }));
  await stage.done('T3', workOn(made, { other: '1' }));
  const held = await stage.land();
  const told = refused.map(async ([name], index) => [
    name,
    held.get(`X${index}`) ?? (await stage.task(`X${index}`)).failures.at(-1)?.reason,
  ]);
  expect(await Promise.all(told)).toEqual(
    refused.map(([name, { comes }]) => [name, expect.stringMatching(comes as RegExp)]),
  );
  expect(await stage.landed()).toEqual(['T2', 'T3']);
  expectUntouched(around, before);
  const landed = { 'honest/file': plainFile, other: plainFile };
  expect(filesAt(made, target)).toEqual({ ...filesAt(made, 'main'), ...landed });
});

for (const [name, attack] of all.filter(([, { comes }]) => comes === 'lands')) {
  test(`S6 S8 I8 P4 ${name} lands as what it is`, { timeout: 120_000 }, async () => {
    const around = setUp();
    const { made } = around;
    const before = checkoutOf(made);
    const stage = await landingStage(made, { checks: ['test -e README.md'] });
    const commit = attack.work(around);
    await stage.done('T1', commit);
    await stage.done('T2', workOn(made, { 'honest/file': '1' }));
    await stage.done('T3', workOn(made, { other: '1' }));
    const plainConfig = readFileSync(join(around.git, 'config'));
    attack.later?.(around, commit);
    const held = await stage.land();
    expectUntouched(around, before, plainConfig);
    const told = held.get('T1') ?? (await stage.task('T1')).failures.at(-1)?.reason;
    const clash = attack.clashes === true;
    expect({ told, landed: (await stage.landed()).toSorted() }).toEqual({
      told: undefined,
      landed: clash ? ['T1', 'T3'] : ['T1', 'T2', 'T3'],
    });
    const refusal = (await stage.task('T2')).failures.at(-1)?.reason;
    expect(refusal?.includes('conflicts')).toBe(clash ? true : undefined);
    expect(filesAt(made, target)).toEqual({
      ...filesAt(made, 'main'),
      ...filesAt(made, commit),
      ...(clash ? {} : { 'honest/file': plainFile }),
      other: plainFile,
    });
  });
}

/** Nothing ran, nothing left its place, and any other git takes what landed. */
function expectUntouched({ made, git, outside }: Around, before: string, plainConfig?: Buffer): void {
  expect(readdirSync(outside), 'something ran or came out').toEqual(['kept']);
  // Only now may git be run as a user runs it.
  if (plainConfig !== undefined) writeFileSync(join(git, 'config'), plainConfig);
  for (const path of ['hooks', 'info/grafts', 'info/attributes', 'objects/info/alternates', 'refs/replace'])
    rmSync(join(git, path), { recursive: true, force: true });
  expect(checkoutOf(made)).toBe(before);
  const clone = join(outside, '../clone.git');
  const order = ['clone', '-q', '--bare', '--single-branch', '--branch', 'orbit/001'];
  made.git('-c', 'transfer.fsckObjects=true', ...order, `file://${made.directory}`, clone);
  made.git(`--git-dir=${clone}`, 'fsck', '--strict', '--no-dangling');
}

function setUp(): Around {
  const made = makeRepository({ files: { 'README.md': 'A project\n', 'src/a': '1\n' } });
  onTestFinished(() => made.dispose());
  const outside = join(made.directory, '../outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), 'kept');
  const trap = join(made.directory, '../trap');
  writeFileSync(trap, `#!/bin/sh\ntouch '${join(outside, 'mark')}'\ncat\n`);
  chmodSync(trap, 0o755);
  return { made, odd: oddObjects(made), git: join(made.directory, '.git'), trap, outside };
}

function addConfig(git: string, text: string): void {
  appendFileSync(join(git, 'config'), text);
}

/** The user's checkout, as text to compare. */
function checkoutOf(made: TestRepository): string {
  const { directory } = made;
  const files = readdirSync(directory).filter((name) => name !== '.git' && name !== '.worktrees');
  return [
    made.git('symbolic-ref', 'HEAD'),
    made.git('rev-parse', 'HEAD'),
    made.git('status', '--porcelain'),
    ...files,
  ].join('\n');
}

/** Path → mode and id. */
function filesAt(made: TestRepository, commit: string): Record<string, string> {
  const entries = made.git('ls-tree', '-r', '-z', commit).split('\0').filter(Boolean);
  return Object.fromEntries(entries.map((entry) => entry.split('\t', 2).toReversed()));
}
