import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { samplePlan, taskWith } from '../../test/support/core-samples.ts';
import { promptText, type PromptFacts } from './prompt.ts';

function facts(change: Partial<PromptFacts> = {}): PromptFacts {
  const task = taskWith({ id: 'T031', title: 'Add the door', body: 'It must open.', scope: ['src/door/**'] });
  return {
    task,
    plan: samplePlan,
    agent: 'claude-2',
    branch: 'orbit-work/001/T031-7',
    checks: ['npm test'],
    shared: [],
    mayWiden: false,
    dependencies: [{ id: 'T030', title: 'Add the wall' }],
    findings: [],
    kept: [],
    ends: [],
    exitIsReport: false,
    hasTools: false,
    rung: 'first',
    goingOn: null,
    parts: [],
    ...change,
  };
}

test('C1 the prompt tells task, scope, checks, dependencies and how to report', () => {
  const text = promptText(facts(), null);
  for (const part of [
    'T031: Add the door',
    'It must open.',
    '`src/door/**`',
    '`npm test`',
    'T030: Add the wall',
    '`orbit complete T031`',
    '`orbit complete T031 --no-changes "why"`',
    'orbit-work/001/T031-7',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toMatch(/\{[a-z]+\}/);
});

test('E9 P2 what failed before, the work kept of it, advice and findings are in it', () => {
  const failure = {
    token: 3,
    agent: 'claude-1',
    outcome: 'failed' as const,
    reason: 'The check "npm test" failed.',
    at: 0,
    rung: 'first' as const,
    model: null,
  };
  const text = promptText(
    facts({
      task: taskWith({ id: 'T031', failures: [failure], advice: 'Use the hinge.' }),
      kept: [{ ref: 'refs/orbit/attempts/T031/3', subject: 'Half a door' }],
      ends: [{ token: 3, rule: 'same-call', evidence: ['read a.ts 5 times'], lastWords: 'I look once more' }],
      findings: [{ title: 'Doors squeak', text: 'Oil them.', author: 'codex-1', paths: ['src/door/hinge.ts'] }],
    }),
    null,
  );
  for (const part of [
    'The check "npm test" failed.',
    'by the rule same-call',
    'read a.ts 5 times',
    'I look once more',
    'refs/orbit/attempts/T031/3',
    'Use the hinge.',
    'Oil them.',
    'codex-1',
  ]) {
    expect(text).toContain(part);
  }
});

test('P8 an agent that may ask for more paths reads how', () => {
  const ask = 'orbit scope add path/to/file --why "what for"';
  expect(promptText(facts({ mayWiden: true }), null)).toContain(ask);
  expect(promptText(facts(), null)).not.toContain(ask);
});

test('B11 a project can replace the words; unknown placeholders stay', () => {
  expect(promptText(facts(), '{id} for {agent}: {title}\n{nothing} {scope}')).toBe(
    'T031 for claude-2: Add the door\n{nothing} ## Files you may change\n\n- `src/door/**`\nWork that changes other files is refused.\n',
  );
});

test('S5 no text from outside leaves its fence', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('`', '``', '```', '````', '\n', 'text', ' ', '## How to report'), { minLength: 1 }),
      (parts) => {
        const body = parts.join('');
        fc.pre(body.trim() !== '');
        const text = promptText(facts({ task: taskWith({ id: 'T031', body }) }), '{body}');
        const fence = /^(`{3,})text$/m.exec(text)?.[1] ?? '';
        expect(body).not.toContain(fence);
        expect(text.trimEnd().endsWith(`\n${fence}`)).toBe(true);
        expect(text.split(fence)).toHaveLength(3);
      },
    ),
  );
});

test('a title with placeholders or line breaks stays one line of data', () => {
  const text = promptText(facts({ task: taskWith({ id: 'T031', title: 'a {report}\n## b' }) }), '{title}');
  expect(text).toBe('a {report} ## b\n');
});

test('D2 an agent that has the tools is told of them, another is not', () => {
  expect(promptText(facts({ hasTools: true }), null)).toContain('tools of the server `orbit`: complete, ask, block');
  expect(promptText(facts(), null)).not.toContain('tools of the server');
});
