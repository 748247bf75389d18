/** The log's hash chain is checked by the built program, over a log that somebody edited. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { makeProject } from '../support/orbit-project.ts';

test('D8 I18 an edit of the log by hand is found, and named', async () => {
  using project = await makeProject();
  await project.orbit(['create', '--title', 'One', '--plan', '001']);
  await project.orbit(['create', '--title', 'Two', '--plan', '001']);
  const whole = await project.orbit(['verify', '--json']);
  expect([whole.code, whole.json()]).toMatchObject([0, { intact: true, firstBad: null }]);

  const db = new DatabaseSync(join(project.directory, '.git/orbit/orbit.db'));
  const edited = db.prepare(
    `UPDATE event SET data = replace(data, 'Two', 'Six') WHERE data LIKE '%Two%' RETURNING seq`,
  );
  const firstBad = edited.get()?.['seq'];
  expect(firstBad).toBeGreaterThan(1);
  db.close();
  for (const verb of [['verify'], ['events', '--verify']]) {
    const answer = await project.orbit([...verb, '--json']);
    expect([answer.code, answer.json()]).toMatchObject([1, { intact: false, firstBad }]);
  }
  expect((await project.orbit(['verify'])).stdout).toContain(`Event ${String(firstBad)} was changed`);
});
