import { expect, onTestFinished, test } from 'vitest';
import type { AgentEvent } from '../agent.ts';
import type { ProcessExit } from '../../platform/process.ts';
import type { Conversation } from '../child-session.ts';
import { fieldsIn, type Fields } from '../fields.ts';
import { codexReader } from './reader.ts';
import { converse } from './session.ts';

test('P10 a session opens, takes the prompt, and a hint joins the running turn', async () => {
  const codex = server();
  await codex.opened();
  expect(codex.asked('thread/start')).toMatchObject([
    { cwd: '/w', approvalPolicy: 'never', sandbox: 'danger-full-access' },
  ]);
  expect(codex.asked('turn/start')).toMatchObject([
    { threadId: 't', input: [{ type: 'text', text: 'Do it.' }], effort: 'xhigh' },
  ]);
  const told = codex.talk.hint('Faster.');
  const steer = await codex.next('turn/steer');
  expect(steer).toMatchObject({ params: { threadId: 't', expectedTurnId: 'turn-1', input: [{ text: 'Faster.' }] } });
  codex.answer(steer, { turnId: 'turn-1' });
  expect(await told).toBe('now');
});

test('D11 a hint to an idle session begins the next turn', async () => {
  const codex = server();
  await codex.opened();
  codex.notify('turn/completed', { threadId: 't', turn: { id: 'turn-1', status: 'completed' } });
  const told = codex.talk.hint('More.');
  codex.answer(await codex.next('turn/start'), { turn: { id: 'turn-2' } });
  expect(await told).toBe('now');
  expect(await codex.talk.interrupt()).toBe(true);
  expect(codex.asked('turn/interrupt')).toEqual([{ threadId: 't', turnId: 'turn-2' }]);
});

test('D11 a hint that Codex does not take now is said at the end of the turn, once', async () => {
  const codex = server();
  await codex.opened();
  const told = codex.talk.hint('Later.');
  codex.refuse(await codex.next('turn/steer'), 'activeTurnNotSteerable');
  expect(await told).toBe('next-turn');
  codex.notify('turn/completed', { threadId: 'a helper', turn: { id: 'turn-1' } });
  expect(codex.asked('turn/start')).toHaveLength(1);
  codex.notify('turn/completed', { threadId: 't', turn: { id: 'turn-1' } });
  const next = await codex.next('turn/start');
  expect(next).toMatchObject({ params: { input: [{ text: 'Later.' }] } });
  codex.answer(next, { turn: { id: 'turn-2' } });
  codex.notify('turn/completed', { threadId: 't', turn: { id: 'turn-2' } });
  expect(codex.asked('turn/start')).toHaveLength(2);
});

test('D11 a hint that crossed the end of its turn begins the next one', async () => {
  const codex = server();
  await codex.opened();
  const told = codex.talk.hint('Again.');
  const steer = await codex.next('turn/steer');
  codex.notify('turn/completed', { threadId: 't', turn: { id: 'turn-1' } });
  codex.refuse(steer, 'no active turn');
  codex.answer(await codex.next('turn/start'), { turn: { id: 'turn-2' } });
  expect(await told).toBe('now');
});

test('C6 a start that is not answered ends in an error that says what was asked', async () => {
  const codex = server({ replyMs: 10 });
  expect(await codex.toldFirst).toMatchObject({
    type: 'error',
    class: 'agent',
    critical: true,
    text: expect.stringContaining('did not answer initialize'),
  });
  expect(await codex.talk.hint('Hello?')).toBe('unsupported');
  expect(await codex.talk.interrupt()).toBe(false);
});

test('P10 a start that is refused, or answered by nonsense, says so', async () => {
  const refused = server();
  refused.refuse(await refused.next('initialize'), 'no config');
  expect(await refused.toldFirst).toMatchObject({ critical: true, text: 'codex app-server did not begin: no config' });
  const nonsense = server();
  nonsense.answer(await nonsense.next('initialize'), 'yes');
  nonsense.answer(await nonsense.next('thread/start'), { thread: [] });
  expect(await nonsense.toldFirst).toMatchObject({
    critical: true,
    text: 'codex app-server opened no thread: its answer names none',
  });
});

test('P10 a session that cannot be taken up again begins anew, and says so', async () => {
  const codex = server({ resume: 'old' });
  codex.answer(await codex.next('initialize'), {});
  const resume = await codex.next('thread/resume');
  expect(resume).toMatchObject({ params: { threadId: 'old', cwd: '/w' } });
  codex.refuse(resume, 'no rollout found');
  expect(await codex.toldFirst).toMatchObject({
    type: 'error',
    critical: false,
    text: expect.stringContaining('no rollout found'),
  });
  codex.answer(await codex.next('thread/start'), { thread: { id: 't' } });
  codex.answer(await codex.next('turn/start'), { turn: { id: 'turn-1' } });
});

test('C7 a refused login interrupts the turn, because Codex would go on trying', async () => {
  const codex = server();
  await codex.opened();
  const error = {
    message: 'Reconnecting... 1/5',
    codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 401 } },
  };
  codex.notify('error', { threadId: 't', turnId: 'turn-1', error, willRetry: true });
  codex.notify('error', { threadId: 't', turnId: 'turn-1', error, willRetry: true });
  expect(codex.asked('turn/interrupt')).toEqual([{ threadId: 't', turnId: 'turn-1' }]);
});

test('P10 whatever Codex asks is answered', async () => {
  const codex = server();
  await codex.opened();
  const ask = (method: string, params: Fields = {}): Fields => {
    codex.hear({ id: 'q', method, params });
    return codex.said.at(-1) ?? {};
  };
  expect(ask('item/commandExecution/requestApproval')).toEqual({ id: 'q', result: { decision: 'accept' } });
  expect(ask('execCommandApproval')).toEqual({ id: 'q', result: { decision: 'approved' } });
  expect(ask('item/permissions/requestApproval', { permissions: { network: { enabled: true } } })).toMatchObject({
    result: { permissions: { network: { enabled: true } }, scope: 'turn' },
  });
  expect(ask('item/tool/requestUserInput', { questions: [{ id: 'a' }, 7] })).toMatchObject({
    result: { answers: { a: { answers: [expect.stringContaining('orbit block')] } } },
  });
  expect(ask('mcpServer/elicitation/request')).toMatchObject({ result: { action: 'decline' } });
  expect(ask('never/heardOf')).toMatchObject({ id: 'q', error: { code: -32_601 } });
});

interface Peer {
  talk: Conversation;
  /** What Orbit said, parsed. */
  said: Fields[];
  /** The first event that the conversation itself told. */
  toldFirst: Promise<AgentEvent>;
  asked(method: string): unknown[];
  /** The request of that method that was not taken yet, when it comes. */
  next(method: string): Promise<Fields>;
  answer(request: Fields, result: unknown): void;
  refuse(request: Fields, message: string): void;
  notify(method: string, params: Fields): void;
  hear(line: Fields): void;
  /** Plays the start up to the first turn. */
  opened(): Promise<void>;
}

/** The other side of the conversation, played by the test. */
function server({ replyMs = 30_000, resume = null }: { replyMs?: number; resume?: string | null } = {}): Peer {
  const said: Fields[] = [];
  const taken = new Set<Fields>();
  const told = Promise.withResolvers<AgentEvent>();
  const gone = Promise.withResolvers<ProcessExit>();
  onTestFinished(() => gone.resolve({ exitCode: 0, signal: null }));
  const reader = codexReader();
  let bell = Promise.withResolvers<void>();
  const talk = converse({
    order: { workspace: '/w', prompt: 'Do it.', resume, model: null, thinking: 'max' },
    line: () => reader.last(),
    replyMs,
    mouth: {
      gone: gone.promise,
      tell: told.resolve,
      isFull: () => false,
      say(text): boolean {
        const line = fieldsIn(JSON.parse(text));
        said.push(line);
        bell.resolve();
        bell = Promise.withResolvers();
        if (line['method'] === 'turn/interrupt') hear({ id: line['id'], result: {} });
        return true;
      },
    },
  });
  const hear = (fields: Fields): void => {
    const line = { text: JSON.stringify(fields), droppedBytes: 0 };
    talk?.heard?.(reader.read(line, 'out'), line);
  };
  const next = async (method: string): Promise<Fields> => {
    for (;;) {
      const found = said.find((line) => line['method'] === method && !taken.has(line));
      if (found === undefined) {
        await bell.promise;
        continue;
      }
      taken.add(found);
      return found;
    }
  };
  const answer = (request: Fields, result: unknown): void => hear({ id: request['id'], result });
  return {
    talk,
    said,
    toldFirst: told.promise,
    asked: (method) => said.filter((line) => line['method'] === method).map(({ params }) => params),
    next,
    answer,
    refuse: (request, message) => hear({ id: request['id'], error: { code: -32_600, message } }),
    notify: (method, params) => hear({ method, params }),
    hear,
    async opened(): Promise<void> {
      answer(await next('initialize'), { userAgent: 'orbit/0.169.0 (x)' });
      answer(await next('thread/start'), { thread: { id: 't' }, model: 'm' });
      answer(await next('turn/start'), { turn: { id: 'turn-1' } });
      hear({ method: 'turn/started', params: { threadId: 't', turn: { id: 'turn-1' } } });
    },
  };
}
