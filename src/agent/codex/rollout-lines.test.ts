import { expect, test } from 'vitest';
import type { AgentEvent } from '../agent.ts';
import { codexReader } from './reader.ts';

test('P5 rollouts of older versions: commands as lists, results with metadata, patches as calls', () => {
  const events = read(
    said('function_call', { call_id: 'a', name: 'shell', arguments: '{"command":["bash","-lc","cat x | head"]}' }),
    said('function_call_output', { call_id: 'a', output: '{"output":"no","metadata":{"exit_code":2}}' }),
    said('custom_tool_call', { call_id: 'b', name: 'apply_patch', input: patch }),
    said('custom_tool_call_output', { call_id: 'b', output: '{"output":"Success","metadata":{"exit_code":0}}' }),
    said('function_call', {
      call_id: 'c',
      name: 'shell',
      arguments: JSON.stringify({ command: ['apply_patch', patch] }),
    }),
    said('function_call_output', { call_id: 'c', output: '{"output":"no","metadata":{"exit_code":1}}' }),
  );
  expect(events).toEqual([
    { type: 'tool-call', id: 'a', tool: 'shell', input: '{"command":"cat x | head"}', kind: 'read' },
    { type: 'tool-result', id: 'a', ok: false, text: 'no', exitCode: 2 },
    { type: 'tool-call', id: 'b', tool: 'apply_patch', input: JSON.stringify({ patch }), kind: 'edit' },
    { type: 'tool-result', id: 'b', ok: true, text: 'Success', exitCode: 0 },
    { type: 'file-change', path: 'src/a.ts' },
    { type: 'file-change', path: 'src/b.ts' },
    { type: 'tool-call', id: 'c', tool: 'apply_patch', input: JSON.stringify({ patch }), kind: 'edit' },
    { type: 'tool-result', id: 'c', ok: false, text: 'no', exitCode: 1 },
  ]);
});

test('C4 equal results are equal, whatever numbers stand above them', () => {
  const run = (id: string, chunk: string): string[] => [
    said('function_call', { call_id: id, name: 'exec_command', arguments: '{"cmd":"make"}' }),
    said('function_call_output', {
      call_id: id,
      output: `Chunk ID: ${chunk}\nWall time: 0.${chunk} seconds\nProcess exited with code 2\nOutput:\nno rule\n`,
    }),
  ];
  const results = read(...run('a', '11'), ...run('b', '22')).filter(({ type }) => type === 'tool-result');
  expect(results).toMatchObject([
    { ok: false, text: 'no rule\n', exitCode: 2 },
    { ok: false, text: 'no rule\n', exitCode: 2 },
  ]);
});

test('P10 prompts, hints, plans and ends are known in rollouts', () => {
  const user = (text: string): string => said('message', { role: 'user', content: [{ type: 'input_text', text }] });
  const events = read(
    user('<environment_context>x</environment_context>'),
    user('Do it.'),
    said('function_call', {
      call_id: 'p',
      name: 'update_plan',
      arguments: '{"plan":[{"step":"one","status":"completed"}]}',
    }),
    said('function_call_output', { call_id: 'p', output: 'Plan updated' }),
    user('Faster.'),
    line('event_msg', { type: 'turn_aborted', reason: 'interrupted' }),
    line('event_msg', { type: 'stream_error', message: 'stream disconnected before completion' }),
    line('event_msg', { type: 'never_heard' }),
    line('session_meta', null),
  );
  expect(events).toEqual([
    { type: 'todo', items: [{ text: 'one', done: true }] },
    { type: 'hint-seen', text: 'Faster.' },
    { type: 'turn-end', reason: 'interrupted', text: '' },
    expect.objectContaining({ type: 'error', class: 'network', retrying: true }),
  ]);
});

const patch = '*** Begin Patch\n*** Update File: src/a.ts\n*** Move to: src/b.ts\n@@\n-x\n+y\n*** End Patch';

function line(type: string, payload: unknown): string {
  return JSON.stringify({ timestamp: '2026-11-21T02:40:13.921Z', type, payload });
}

function said(type: string, fields: Readonly<Record<string, unknown>>): string {
  return line('response_item', { type, ...fields });
}

function read(...lines: string[]): AgentEvent[] {
  const reader = codexReader();
  return lines.flatMap((text) => [...reader.read({ text, droppedBytes: 0 }, 'out')]);
}
