/**
 * One agent's program under test: how it is pointed at the scripted model server, and what it cannot do.
 *
 * The settings and variables are those that a user would write to use an endpoint of their own.
 */
import { inject } from 'vitest';
import { clis } from './clis.ts';

export interface Subject {
  /** Name of the agent and of its adapter. */
  name: string;
  /** Path of the program; empty where it is missing. */
  program: string;
  /** Why there is no program, or `null`. */
  missing: string | null;
  /** Entry of `agents` in the settings, but for adapter and slots. */
  settings: Readonly<Record<string, unknown>>;
  /** What a user has in their environment. `base` has no version and no slash at its end. */
  environment(base: string): Record<string, string>;
  /** Files of the user's home. */
  home(base: string): Record<string, string>;
  /** The scenario that fills it: most programs believe what the service tells of its use. */
  fills: string;
}

/** Long, because one program hides its key's value wherever it meets it. */
const key = 'scripted-model-key-0123456789';

function subject(
  name: string,
  {
    settings,
    environment,
    home,
    window = 200_000,
    fills = `context-fills window=${window}`,
  }: Partial<Pick<Subject, 'settings' | 'environment' | 'home' | 'fills'> & { window: number }> = {},
): Subject {
  const program = inject('programs')[name] ?? '';
  const script = clis.some((cli) => cli.name === name && cli.script);
  return {
    name,
    program,
    missing: inject('missing')[name] ?? (program === '' ? 'it was not installed' : null),
    settings: { command: script ? [process.execPath, program] : [program], ...settings },
    environment: environment ?? (() => ({})),
    home: home ?? (() => ({})),
    fills,
  };
}

export const claude = (): Subject =>
  subject('claude', {
    window: 1_000_000,
    environment: (base) => ({ ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: key }),
  });

/** @param model one that Codex does not know has its tools in the request; one that it knows has them behind a script */
export const codex = (model = 'scripted-model'): Subject =>
  subject('codex', {
    window: 258_400,
    environment: () => ({ SCRIPTED_KEY: key }),
    home: (base) => ({
      '.codex/config.toml': `model = "${model}"
model_provider = "scripted"

[model_providers.scripted]
name = "scripted"
base_url = "${base}/v1"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
`,
    }),
  });

export const opencode = (): Subject =>
  subject('opencode', {
    home: (base) => ({
      '.config/opencode/opencode.json': JSON.stringify({
        model: 'scripted/model',
        small_model: 'scripted/model',
        provider: {
          scripted: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${base}/v1`, apiKey: key },
            models: {
              model: {
                limit: { context: 200_000, output: 8_192 },
                cost: { input: 5, output: 25 },
                tool_call: true,
              },
            },
          },
        },
      }),
    }),
  });

export const gemini = (): Subject =>
  subject('gemini', {
    settings: { model: 'gemini-2.5-flash' },
    environment: (base) => ({ GOOGLE_GEMINI_BASE_URL: base, GEMINI_API_KEY: key }),
  });

export const copilot = (): Subject =>
  subject('copilot', {
    // It counts what it sent by itself, and takes no notice of what the service tells.
    fills: 'context-really-fills',
    environment: (base) => ({
      COPILOT_OFFLINE: 'true',
      COPILOT_PROVIDER_BASE_URL: `${base}/v1`,
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: 'scripted-model',
    }),
  });

export const qwen = (): Subject =>
  subject('qwen', {
    environment: (base) => ({
      OPENAI_BASE_URL: `${base}/v1`,
      OPENAI_API_KEY: key,
      OPENAI_MODEL: 'scripted-model',
    }),
  });
