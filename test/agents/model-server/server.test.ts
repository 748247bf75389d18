import { expect, onTestFinished, test } from 'vitest';
import type { Scenario } from './scenario.ts';
import { startModelServer, type ModelServer } from './server.ts';

const scenarios: Record<string, Scenario> = {
  two: {
    steps: [
      { do: 'shell', command: 'echo {word} {n}' },
      { do: 'mcp', tool: 'complete', input: { text: 'ok' } },
      { do: 'say', text: 'The end.' },
    ],
    onHint: [{ match: 'CODE', steps: [{ do: 'say', text: 'I heard {hint}.' }] }],
  },
  falls: {
    steps: [
      { do: 'error', status: 529, times: 2 },
      { do: 'error', status: 'context', times: 1 },
      { do: 'cut', times: 1 },
      { do: 'say', text: 'Up again.' },
    ],
  },
};

async function server(): Promise<ModelServer> {
  const started = await startModelServer({ scenarios });
  onTestFinished(async () => started.close());
  return started;
}

/** How each wire says the same three things: what came so far, as the user, the tool's results and a hint. */
interface Speech {
  path: string;
  body: (said: { prompt: string; results: number; hint?: string }) => unknown;
}

const schema = { type: 'object', properties: { command: { type: 'string' } }, required: ['command', 'description'] };
const times = <T>(count: number, one: () => T): T[] => Array.from({ length: count }, one);

const speeches: Record<string, Speech> = {
  anthropic: {
    path: '/v1/messages?beta=true',
    body: ({ prompt, results, hint }) => ({
      model: 'm',
      stream: true,
      tools: ['Bash', 'mcp__orbit__complete'].map((name) => ({ name, input_schema: schema })),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '<system-reminder>[scenario:none]</system-reminder>' },
            { type: 'text', text: prompt },
          ],
        },
        ...times(results, () => ({
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'x', content: [{ type: 'text', text: 'out' }] }],
        })),
        ...(hint === undefined ? [] : [{ role: 'system', content: `The user sent a new message: ${hint}` }]),
      ],
    }),
  },
  responses: {
    path: '/v1/responses',
    body: ({ prompt, results, hint }) => ({
      model: 'm',
      stream: true,
      tools: [
        { type: 'function', name: 'exec_command', parameters: { properties: { cmd: { type: 'string' } } } },
        { type: 'namespace', name: 'mcp__orbit', tools: [{ type: 'function', name: 'complete', parameters: {} }] },
      ],
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] },
        ...times(results, () => ({ type: 'function_call_output', call_id: 'x', output: 'out' })),
        ...(hint === undefined ? [] : [{ role: 'user', content: [{ type: 'input_text', text: hint }] }]),
      ],
    }),
  },
  chat: {
    path: '/v1/chat/completions',
    body: ({ prompt, results, hint }) => ({
      model: 'm',
      stream: true,
      tools: [
        { type: 'custom', custom: { name: 'apply_patch' } },
        ...['bash', 'orbit_complete'].map((name) => ({ type: 'function', function: { name, parameters: schema } })),
      ],
      messages: [
        { role: 'system', content: 'rules' },
        { role: 'user', content: prompt },
        ...times(results, () => ({ role: 'tool', tool_call_id: 'x', content: 'out' })),
        ...(hint === undefined ? [] : [{ role: 'user', content: hint }]),
      ],
    }),
  },
  gemini: {
    path: '/v1beta/models/m:streamGenerateContent?alt=sse',
    body: ({ prompt, results, hint }) => ({
      tools: [
        {
          functionDeclarations: ['run_shell_command', 'mcp_orbit_complete'].map((name) => ({
            name,
            parametersJsonSchema: schema,
          })),
        },
      ],
      contents: [
        { role: 'user', parts: [{ text: prompt }] },
        ...times(results, () => ({ role: 'user', parts: [{ functionResponse: { response: { output: 'out' } } }] })),
        ...(hint === undefined ? [] : [{ role: 'user', parts: [{ text: hint }] }]),
      ],
    }),
  },
};

async function ask(url: string, { path, body }: Speech, said: Parameters<Speech['body']>[0]): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body(said)) });
}

for (const [name, speech] of Object.entries(speeches)) {
  test(`${name}: the step follows from the results after the marker, and a hint changes it`, async () => {
    const model = await server();
    const prompt = 'Do it. [scenario:two word=blue]';
    const text = async (results: number, hint?: string): Promise<string> => {
      const said = hint === undefined ? { prompt, results } : { prompt, results, hint };
      return (await ask(model.url(), speech, said)).text();
    };
    expect(await text(0)).toContain('echo blue 1');
    expect(await text(1)).toMatch(/complete/);
    expect(await text(2)).toMatch(/The .*end\./s);
    expect(await text(1, 'a CODE word')).toContain('I heard');
    expect(model.exchanges.map(({ step, results, state }) => [step, results, state])).toEqual([
      ['shell', 0, 'done'],
      ['mcp', 1, 'done'],
      ['say', 2, 'done'],
      ['say', 0, 'done'],
    ]);
  });

  test(`${name}: obstacles happen as often as they say, for each run apart`, async () => {
    const model = await server();
    const said = { prompt: '[scenario:falls]', results: 0 };
    const statuses = async (run: string): Promise<(number | string)[]> => {
      const seen: (number | string)[] = [];
      for (let at = 0; at < 5; at += 1) {
        const answer = await ask(model.url(run), speech, said);
        const text = await answer.text().catch(() => 'cut');
        seen.push(text === 'cut' ? 'cut' : answer.status);
      }
      return seen;
    };
    const overloaded = name === 'gemini' ? 503 : 529;
    const expected = [overloaded, overloaded, 400, 'cut', 200];
    expect(await statuses('one')).toEqual(expected);
    expect(await statuses('two')).toEqual(expected);
  });
}

test('what no wire knows is refused and noted, and a request without tools is no step', async () => {
  const model = await server();
  expect((await fetch(`${model.url()}/v1/somewhere`, { method: 'POST', body: '{' })).status).toBe(404);
  const title = { model: 'm', messages: [{ role: 'user', content: 'A title for [scenario:two]' }] };
  const answer = await fetch(`${model.url()}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(title) });
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'A short title' } }] });
  expect(model.exchanges.map(({ wire, step }) => [wire, step])).toEqual([
    [null, null],
    ['chat', null],
  ]);
});

test('a test can wait for what the model is asked, and an open answer ends with the server', async () => {
  const model = await startModelServer();
  const hanging = ask(model.url(), speeches['chat'] as Speech, { prompt: '[scenario:hang]', results: 0 });
  const seen = await model.seen(({ step }) => step === 'hang');
  expect(seen.state).toBe('open');
  await model.close();
  await expect(hanging).rejects.toThrow('fetch failed');
});
