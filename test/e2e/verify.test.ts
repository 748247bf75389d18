/** The log's hash chain, as anybody can check it. */
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
  db.exec(`UPDATE event SET actor = 1, data = replace(data, 'Two', 'Six') WHERE data LIKE '%Two%'`);
  db.close();
  for (const verb of [['verify'], ['events', '--verify']]) {
    const edited = await project.orbit([...verb, '--json']);
    expect([edited.code, edited.json()]).toMatchObject([1, { intact: false, firstBad: expect.any(Number) }]);
  }
  expect((await project.orbit(['verify'])).stdout).toMatch(/^Event \d+ was changed/);
});
