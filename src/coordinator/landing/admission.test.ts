import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { taskWith } from '../../../test/support/core-samples.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { ApprovalPolicy } from '../../core/approval.ts';
import type { Task } from '../../core/task.ts';
import { openRepository } from '../../workspace/git/git-repository.ts';
import { admit } from './admission.ts';

/** What admission says of the commit `work` of a task with these facts; nothing is said with `undefined`. */
async function refusal(
  made: TestRepository,
  fields: Partial<Task>,
  policy?: ApprovalPolicy,
): Promise<string | undefined> {
  const [from, commit] = [made.git('rev-parse', 'main'), made.git('rev-parse', 'work')];
  const found = { tree: null, branch: null, commits: 1, files: 1, checks: [], noChanges: null };
  const evidence = { token: 3, agent: 'a-1', commit, base: from, ...found, at: 1 };
  const task = taskWith({ id: 'T2', evidence, ...fields });
  const repository = await openRepository(made.directory);
  return (await admit(repository, { task, from, commit, shared: [], policy }))?.cause;
}

function repositoryWithLink(): TestRepository {
  const made = makeRepository({ files: { a: '1' } });
  made.git('switch', '-q', '-c', 'work');
  symlinkSync('a', join(made.directory, 'link'));
  made.commit('Link');
  return made;
}

test('P2 S10 at landing the risk is looked at again, whatever was said at completion', async () => {
  using made = repositoryWithLink();
  expect(await refusal(made, {})).toBe('approval');
  expect(await refusal(made, { scope: ['*'] })).toBe('approval');
  expect(await refusal(made, { scope: ['link'] })).toBeUndefined();
  expect(await refusal(made, { scope: ['a'] })).toBe('scope');
  expect(await refusal(made, {}, { approval: 'none', risky: 'ask' })).toBe('approval');
  expect(await refusal(made, {}, { approval: 'end', risky: 'allow' })).toBeUndefined();
  expect(await refusal(made, { scope: ['link'] }, { approval: 'each', risky: 'allow' })).toBe('approval');
});

test('S16 the word counts for the tree and the base that were looked at', async () => {
  using made = repositoryWithLink();
  const [base, tree] = [made.git('rev-parse', 'main'), made.git('rev-parse', 'work^{tree}')];
  const approval = { commit: made.git('rev-parse', 'work'), tree, base, by: 'ann', at: 1 };
  expect(await refusal(made, { approval })).toBeUndefined();
  expect(await refusal(made, { approval: { ...approval, base: tree } })).toBe('approval');
  made.write({ b: '1' });
  made.commit('More');
  expect(await refusal(made, { approval })).toBe('approval');
});
