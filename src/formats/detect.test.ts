import { expect, test } from 'vitest';
import { detectFormat } from './detect.ts';

const cases: [name: string, text: string, file: string, format: string | null][] = [
  ['layers', '## Layer 1: A\n- [ ] T1 a\n', 'plan.md', 'layered-tasks'],
  ['phases', '## Phase 1: Setup\n- [ ] T001 a\n', 'plan.md', 'spec-kit'],
  ['phases in a file of another name', '## Phase 1: Setup\n- [ ] T001 a\n', 'layered-tasks.md', 'spec-kit'],
  ['tags', '- [ ] T001 [P] [US1] a\n', 'plan.md', 'spec-kit'],
  ['tasks alone', '- [ ] T1 @claude a\n', 'plan.md', 'layered-tasks'],
  ['a spec-kit name', '- [ ] T001 a\n', 'specs/001/tasks.md', 'spec-kit'],
  ['a layered name', '', 'specs\\001\\Layered-Tasks.md', 'layered-tasks'],
  ['phases in a fence only', '```\n## Phase 1: x\n```\n', 'notes.md', null],
  ['prose', '# Notes\n- [ ] buy milk\n', 'notes.md', null],
];

for (const [name, text, file, format] of cases) {
  test(`A3 P12 detects ${name}`, () => expect(detectFormat(text, file)).toBe(format));
}
