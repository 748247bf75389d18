/** What goes wrong around a landing without anybody's ill will: locks, disks, settings, odd repositories, checks that misbehave. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { landingStage, workOn, type LandingOrder, type LandingStage } from '../../../test/support/landing-stage.ts';
import { makeRepository, type RepositoryOrder, type TestRepository } from '../../../test/support/repository.ts';
import { lookAtProcess, processIdentity } from '../../platform/process.ts';

const target = 'refs/heads/orbit/001';
const patience = { timeout: 120_000 } as const;

function repositoryWith(order: RepositoryOrder = {}): TestRepository {
  const made = makeRepository({ files: { 'README.md': 'A project\n' }, ...order });
  onTestFinished(() => made.dispose());
  return made;
}

/** One honest task on the repository as it is. */
async function oneTask(
  made: TestRepository,
  order: LandingOrder = {},
  files: Readonly<Record<string, string>> = { new: '1' },
): Promise<LandingStage> {
  const stage = await landingStage(made, order);
  await stage.done('T1', workOn(made, files));
  return stage;
}

async function landedWith(stage: LandingStage): Promise<unknown> {
  const held = await stage.land();
  const reason = held.get('T1') ?? (await stage.task('T1')).failures.at(-1)?.reason;
  return [await stage.landed(), reason];
}

for (const name of [`${target}.lock`, 'packed-refs.lock', 'refs/orbit/landed/1-T1.lock']) {
  test(`I8 I15 a young lock ${name} holds with a word and is left; once old it goes, and the work lands`, async () => {
    const made = repositoryWith();
    const stage = await oneTask(made);
    await stage.land();
    await stage.done('T2', workOn(made, { more: '1' }));
    const lock = join(made.directory, '.git', name.replace('1-T1', '2-T2'));
    mkdirSync(join(lock, '..'), { recursive: true });
    writeFileSync(lock, '');
    // Packed refs are written only where a ref goes away.
    const touches = name !== 'packed-refs.lock';
    await stage.land();
    expect(existsSync(lock)).toBe(true);
    expect((await stage.task('T2')).landing?.held?.why ?? '').toContain(touches ? '.lock' : '');
    expect(await stage.landed()).toEqual(touches ? ['T1'] : ['T1', 'T2']);
    utimesSync(lock, new Date(0), new Date(0));
    for (let pass = 0; pass < 3; pass += 1) await stage.land();
    expect([await stage.landed(), existsSync(lock)]).toEqual([['T1', 'T2'], !touches]);
  });
}

test('I8 locks on HEAD and on the index of the user’s checkout are not in the way of Orbit’s own branch', async () => {
  const made = repositoryWith();
  const stage = await oneTask(made, { checks: ['test -e new'] });
  const locks = ['HEAD.lock', 'index.lock'].map((name) => join(made.directory, '.git', name));
  for (const lock of locks) writeFileSync(lock, '');
  expect(await landedWith(stage)).toEqual([['T1'], undefined]);
  expect(locks.map((lock) => existsSync(lock))).toEqual([true, true]);
});

for (const [name, settings] of Object.entries({
  'signing required': { 'commit.gpgSign': 'true', 'tag.gpgSign': 'true', 'gpg.program': '/bin/false' },
  'a refusal to move branches back': { 'receive.denyNonFastForwards': 'true', 'receive.denyCurrentBranch': 'refuse' },
  'filters that are not installed': { 'filter.lfs.process': 'no-such-lfs', 'filter.lfs.required': 'false' },
  'line ends of another system': { 'core.autocrlf': 'true' },
  'modes that are ignored': { 'core.fileMode': 'false' },
  'a split index and sparse checkout': { 'core.splitIndex': 'true', 'core.sparseCheckout': 'true' },
}))
  test(`P4 a repository with ${name} lands`, async () => {
    const made = repositoryWith({
      files: { 'README.md': 'A project\n', '.gitattributes': '*.bin filter=lfs -text\n' },
    });
    const stage = await oneTask(
      made,
      { checks: ['test -e new.bin'] },
      {
        'new.bin': 'version 1\n',
        text: 'a\n',
      },
    );
    for (const [key, value] of Object.entries(settings)) made.git('config', key, value);
    expect(await landedWith(stage)).toEqual([['T1'], undefined]);
    expect(made.git('show', `${target}:text`)).toBe('a');
  });

test('P4 without any identity, in a SHA-256 repository, work lands', async () => {
  const made = repositoryWith({ objectFormat: 'sha256' });
  const stage = await oneTask(made, { checks: ['test -e new'] });
  expect(await landedWith(stage)).toEqual([['T1'], undefined]);
  expect(made.git('log', '-1', '--format=%an', target)).toBe('Orbit');
});

test('P4 P9 a filter that is required and not there holds with git’s words until it is there', async () => {
  const made = repositoryWith({ files: { 'README.md': 'A project\n', '.gitattributes': '*.bin filter=big\n' } });
  const stage = await oneTask(made, { checks: ['test -e new.bin'] }, { 'new.bin': 'pointer\n' });
  for (const key of ['clean', 'smudge']) made.git('config', `filter.big.${key}`, 'no-such-filter');
  made.git('config', 'filter.big.required', 'true');
  expect(await landedWith(stage)).toEqual([[], expect.stringMatching(/new\.bin.*smudge filter big failed/)]);
  for (const key of ['clean', 'smudge']) made.git('config', `filter.big.${key}`, 'cat');
  expect((await landedWith(stage)) as unknown[]).toEqual([['T1'], undefined]);
});

test('P4 a target that is checked out sparsely follows, and stays sparse', async () => {
  const made = repositoryWith({ files: { 'in/a': '1', 'out/a': '1' } });
  const order = { target: 'refs/heads/main', checks: ['test -e out/b'] };
  const stage = await oneTask(made, order, { 'out/b': '1', 'in/b': '1' });
  made.git('sparse-checkout', 'set', 'in');
  expect(await landedWith(stage)).toEqual([['T1'], undefined]);
  const places = ['in/b', 'out/b'].map((path) => existsSync(join(made.directory, path)));
  expect([places, made.git('status', '--porcelain')]).toEqual([[true, false], '']);
});

test('P4 a shallow clone lands', async () => {
  const full = repositoryWith();
  full.commit('Two');
  const made = repositoryWith();
  const directory = join(made.directory, '../shallow');
  made.git('clone', '-q', '--depth=1', `file://${full.directory}`, directory);
  const shallow: TestRepository = {
    ...made,
    directory,
    git: (...args) => made.gitIn(directory, ...args),
    commit: (message, cwd = directory) => made.commit(message, cwd),
  };
  const stage = await oneTask(shallow, { checks: ['test -e new'] });
  expect(await landedWith(stage)).toEqual([['T1'], undefined]);
});

test('P4 a repository with a submodule lands, and the submodule is not touched', async () => {
  const made = repositoryWith();
  const other = repositoryWith();
  made.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.directory, 'sub');
  made.commit('Add a submodule');
  const stage = await oneTask(made, { checks: ['test -e new'] });
  expect(await landedWith(stage)).toEqual([['T1'], undefined]);
  expect(made.git('ls-tree', target, 'sub')).toContain('160000');
});

test('P4 attributes union, -merge and binary decide as git says', async () => {
  const attributes = 'log merge=union\nlock -merge\npicture binary\n';
  const made = repositoryWith({ files: { '.gitattributes': attributes, log: 'a\n', lock: 'a\n', picture: 'a\n' } });
  const stage = await landingStage(made);
  await stage.done('T1', workOn(made, { log: 'a\nb\n', lock: 'a\nb\n', picture: 'b' }));
  await stage.done('T2', workOn(made, { log: 'a\nc\n' }));
  await stage.done('T3', workOn(made, { lock: 'c\na\n' }));
  await stage.done('T4', workOn(made, { picture: 'c' }));
  await stage.land();
  expect(await stage.landed()).toEqual(['T1', 'T2']);
  expect(made.git('show', `${target}:log`)).toBe('a\nb\nc');
  const reasons = await Promise.all(['T3', 'T4'].map(async (id) => (await stage.task(id)).failures.at(-1)?.reason));
  expect(reasons).toEqual([expect.stringContaining('in lock'), expect.stringContaining('in picture')]);
});

test('P4 50,000 files on the target and 10,000 in one change land', { timeout: 240_000 }, async () => {
  const made = repositoryWith();
  const fill = (ref: string, from: string, [folder, count]: readonly [string, number]): void => {
    const files = Array.from({ length: count }, (_, n) => `M 644 inline ${folder}/${n % 100}/${n}\ndata 2\nx\n\n`);
    const head = `commit ${ref}\ncommitter A <a@b> 1767323045 +0000\ndata 1\nx\nfrom ${from}\n`;
    const options = {
      cwd: made.directory,
      input: head + files.join(''),
      stdio: ['pipe', 'ignore', 'inherit'] as const,
    };
    execFileSync('git', ['fast-import', '--quiet', '--force'], { ...options, stdio: [...options.stdio] });
  };
  fill('refs/heads/large', 'refs/heads/main', ['many', 50_000]);
  fill('refs/heads/work', 'refs/heads/large', ['more', 10_000]);
  made.git('branch', 'orbit/001', 'large');
  const stage = await landingStage(made);
  await stage.done('T1', made.git('rev-parse', 'work'), { base: made.git('rev-parse', 'large') });
  expect(await landedWith(stage)).toEqual([['T1'], undefined]);
  expect(made.git('rev-parse', `${target}^{tree}`)).toBe(made.git('rev-parse', 'work^{tree}'));
});

/** A program as a check, made in the repository. */
function script(made: TestRepository, text: string): string {
  const path = join(made.directory, '../check');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test(
  'P2 a check that hangs is ended with its whole tree and sends its change back, not the ones beside it',
  patience,
  async () => {
    const made = repositoryWith();
    const note = join(made.directory, '../pid');
    const check = script(made, `[ -e slow ] || exit 0\nsetsid sleep 600 &\necho $! > '${note}'\nsleep 600`);
    const stage = await landingStage(made, { checks: [check], settings: { checkTimeoutS: 1 } });
    await stage.done('T1', workOn(made, { slow: '1' }));
    await stage.done('T2', workOn(made, { quick: '1' }));
    await stage.land();
    expect(await stage.landed()).toEqual(['T2']);
    const failure = (await stage.task('T1')).failures.at(-1);
    expect(failure).toMatchObject({ outcome: 'bounced', reason: expect.stringContaining('ran longer than 1 s') });
    const identity = processIdentity(Number(readFileSync(note, 'utf8')));
    expect(identity === null ? 'gone' : lookAtProcess(identity)).toBe('gone');
  },
);

for (const [name, { text, says }] of Object.entries({
  'changes a file of the commit': {
    text: 'echo changed >> README.md',
    says: /It changes files of the commit: README.md/,
  },
  'hides its change behind an index mark': {
    text: 'git update-index --assume-unchanged README.md; echo changed >> README.md',
    says: /It changes files of the commit: README.md/,
  },
  'commits its change': {
    text: 'echo changed > README.md; git -c user.name=x -c user.email=x@y commit -q -a -m x',
    says: /It changes files of the commit: README.md/,
  },
  'needs a network that is not there': { text: 'echo "cannot reach host" >&2; exit 7', says: /cannot reach host/ },
  'floods its output and fails': { text: 'yes | head -c 3000000; echo last words; exit 1', says: /last words/ },
}))
  test(`P2 I8 a check that ${name} is red, with its reason, and no more of it than fits`, patience, async () => {
    const made = repositoryWith();
    const stage = await oneTask(made, { checks: [script(made, text)] });
    const [landed, reason] = (await landedWith(stage)) as [string[], string];
    expect([landed, reason]).toEqual([[], expect.stringMatching(says)]);
    expect(reason.length).toBeLessThan(4_500);
    expect(made.git('rev-parse', target)).toBe(made.git('rev-parse', 'main'));
  });

test(
  'I15 I9 a check that writes into .git and leaves a daemon neither moves the target nor stays',
  patience,
  async () => {
    const made = repositoryWith();
    const note = join(made.directory, '../pid');
    const check = script(
      made,
      `git update-ref refs/heads/planted HEAD; git config core.fsmonitor ${note}; git tag -f v1
setsid sh -c 'echo $$ > ${note}; exec sleep 600' > /dev/null 2>&1 &
until [ -s '${note}' ]; do sleep 0.01; done`,
    );
    const stage = await oneTask(made, { checks: [check] });
    expect(await landedWith(stage)).toEqual([['T1'], undefined]);
    const identity = processIdentity(Number(readFileSync(note, 'utf8')));
    expect(identity === null ? 'gone' : lookAtProcess(identity)).toBe('gone');
    made.git('config', '--unset', 'core.fsmonitor');
    expect(made.git('log', '-1', '--format=%s', target)).toContain('Land T1');
  },
);

test('I8 a check that moves the target itself lands nothing over it', patience, async () => {
  const made = repositoryWith();
  const stage = await oneTask(made, { checks: [script(made, `git update-ref ${target} HEAD`)] });
  await stage.land();
  const held = await stage.land();
  expect([await stage.landed(), held.get('T1')]).toEqual([[], expect.stringContaining('is not from Orbit')]);
});

const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

// A full disk is made with a small file system of its own, which only root can mount.
test.runIf(isRoot)(
  'I4 I7 P4 on a full disk nothing half lands, the reason is told, and it lands once there is room',
  patience,
  async (context) => {
    const plain = repositoryWith();
    const mount = join(plain.directory, '../small');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'orbit-test', mount], { stdio: 'pipe' });
    } catch {
      context.skip('no file system can be mounted here');
    }
    onTestFinished(() => void execFileSync('umount', ['-l', mount]));
    const directory = join(mount, 'project');
    plain.git('clone', '-q', plain.directory, directory);
    const made: TestRepository = {
      ...plain,
      directory,
      git: (...args) => plain.gitIn(directory, ...args),
      commit: (message, cwd = directory) => plain.commit(message, cwd),
    };
    const stage = await oneTask(made, { checks: ['test -e new'] });
    await stage.land();
    await stage.done('T2', workOn(made, { more: '1' }));
    const ballast = join(mount, 'ballast');
    execFileSync('sh', ['-c', `cat /dev/zero > '${ballast}' 2>/dev/null || true`]);
    const before = made.git('rev-parse', target);
    await stage.land();
    expect((await stage.task('T2')).landing?.held?.why).toMatch(/[Nn]o space left|ENOSPC/);
    expect([await stage.landed(), made.git('rev-parse', target)]).toEqual([['T1'], before]);
    rmSync(ballast);
    for (let pass = 0; pass < 3; pass += 1) await stage.land();
    expect(await stage.landed()).toEqual(['T1', 'T2']);
    made.git('fsck', '--strict', '--no-dangling');
  },
);
