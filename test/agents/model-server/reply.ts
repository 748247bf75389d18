/** What a step of a scenario means as an answer: words, calls and use of tokens, or a fault, with the parameters of its marker filled in. */
import { dirname } from 'node:path';
import type { Conversation, Fault, Reply, Wish } from './conversation.ts';
import type { Place, Step } from './scenario.ts';
import { parameterDefaults } from './scenarios.ts';
import { callFor } from './tools.ts';

export function replyOf(place: Place, conversation: Conversation, id: string): Reply {
  const { step } = place;
  const fill = (text: string): string => filledIn(text, place);
  const wishes: readonly Wish[] =
    step.do === 'several'
      ? step.calls
      : step.do === 'shell' || step.do === 'write' || step.do === 'mcp' || step.do === 'tool'
        ? [step]
        : [];
  const text =
    step.do === 'say'
      ? step.text
      : 'say' in step
        ? (step.say ?? '')
        : step.do === 'stall' || step.do === 'cut'
          ? 'I begin'
          : '';
  const usage = 'usage' in step ? step.usage : undefined;
  return {
    id,
    thought: 'thought' in step ? (step.thought ?? null) : null,
    pieces: split(fill(text), step.do === 'say' ? (step.pieces ?? 2) : 1),
    calls: wishes.map((wish) => callFor(filledWish(wish, fill), conversation)),
    usage: {
      input: usage?.share === undefined ? (usage?.input ?? 1200 + 300 * place.results) : windowOf(place) * usage.share,
      output: usage?.output ?? 40,
    },
  };
}

function windowOf(place: Place): number {
  return Number(place.marker.parameters['window'] ?? parameterDefaults['window']);
}

function filledWish(wish: Wish, fill: (text: string) => string): Wish {
  switch (wish.do) {
    case 'shell':
      return { do: 'shell', command: fill(wish.command) };
    case 'write':
      return { do: 'write', path: fill(wish.path), text: fill(wish.text) };
    case 'mcp':
      return {
        do: 'mcp',
        tool: wish.tool,
        input: JSON.parse(fill(JSON.stringify(wish.input))) as Record<string, unknown>,
      };
    case 'tool':
      return {
        do: 'tool',
        name: wish.name,
        input: JSON.parse(fill(JSON.stringify(wish.input))) as Record<string, unknown>,
      };
  }
}

function filledIn(text: string, place: Place): string {
  const values: Record<string, string> = {
    ...parameterDefaults,
    ...place.marker.parameters,
    n: String(place.results + 1),
    hint: place.hints.at(-1) ?? '',
  };
  values['directory'] = dirname(values['file'] ?? '.');
  return text.replaceAll(/\{([\w-]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function faultOf(step: Step & { do: 'error' }): Fault {
  return {
    status: step.status === 'context' ? 400 : step.status,
    kind: step.status === 'context' ? 'context' : 'status',
    text: step.text ?? null,
    retryAfterS: step.retryAfterS ?? null,
    headers: step.headers ?? {},
    extra: step.extra ?? {},
  };
}

function split(text: string, count: number): string[] {
  if (text === '') return [];
  const size = Math.max(1, Math.ceil(text.length / count));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
