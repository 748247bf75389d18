/** The keys of one agent in the settings. */
import type { Keys } from './settings-kind.ts';

export const agentKeys: Keys = {
  adapter: {
    kind: 'text',
    about:
      'How Orbit drives it: claude, codex, opencode, gemini, copilot, qwen, acp (any other ACP agent), command (any program), scripted (a script of steps).',
  },
  slots: { kind: 'number', default: 1, min: 1, integer: true, about: 'How many of it may work at once.' },
  command: {
    kind: 'texts',
    min: 1,
    about:
      'Another program and leading arguments than the usual one; for command and acp the program itself. A relative path starts at the top of the project.',
  },
  prompt: {
    kind: 'text',
    choices: ['stdin', 'file'],
    about: 'Where the prompt goes: standard input (default), or only the file named by ORBIT_PROMPT.',
  },
  output: {
    kind: 'text',
    choices: ['text', 'json-lines'],
    about: 'What its standard output means: plain text (default), or one event as JSON per line.',
  },
  report: {
    kind: 'text',
    choices: ['exit', 'explicit'],
    about: 'What says that it is finished: exit code 0 (default), or only orbit complete or a report line.',
  },
  script: { kind: 'text', about: 'Path of the script, for the scripted adapter.' },
  model: {
    kind: 'text',
    about: 'Model that the agent is asked to use, by adapters that can ask; command and scripted cannot.',
  },
  thinking: {
    kind: 'text',
    choices: ['low', 'medium', 'high', 'max'],
    about: 'How hard its model shall think, by adapters that can ask; raised by one step when a task is tried again.',
  },
  fallbackModels: {
    kind: 'texts',
    about:
      'Models to try, in this order, when attempts with the usual one failed twice and no other agent can take over.',
  },
  account: {
    kind: 'text',
    about: 'Account whose quota it uses: agents of one account rest together when it is used up. Its own by default.',
  },
  check: {
    kind: 'text',
    choices: ['required', 'when-checked', 'never'],
    about:
      'required: no task before it passed orbit agents check as it is now; when-checked (default): no task after it failed one; never: no matter.',
  },
  memoryMb: {
    kind: 'number',
    min: 0,
    integer: true,
    about:
      'Megabytes that one attempt with it is expected to take; no more start than fit. Measured for known programs, 0 for others.',
  },
  memoryMaxMb: {
    kind: 'number',
    min: 1,
    integer: true,
    about: 'Megabytes at which an attempt is ended, all its processes together; no limit by default.',
  },
  environment: { kind: 'texts', about: 'Names of environment variables passed on to it.' },
};
