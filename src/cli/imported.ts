/** What `plan` and `import` tell alike: the findings of a file, with the doubts about its checks. */
import type { Imported } from '../actions/import-plan.ts';
import type { Around } from './command.ts';

/** Warns of each finding; answers the data for programs. */
export async function tellImported(around: Around, answer: Imported): Promise<object> {
  const [{ tellFindings }, { checkFindings }] = await Promise.all([
    import('../actions/import-plan.ts'),
    import('../actions/require-checks.ts'),
  ]);
  const doubts = await checkFindings(await around.project(), answer, around.environment['PATH'] ?? '');
  const findings = [...answer.findings, ...doubts];
  for (const line of tellFindings(answer.file, findings)) around.warn(line);
  return { ...answer, findings, lines: undefined, checks: undefined };
}
