/**
 * One agent's program under test: how it is pointed at the scripted model server, and what it cannot do.
 *
 * The settings and variables are those that a user would write to use an endpoint of their own.
 */
import { inject } from 'vitest';

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
}

/** Long, because one program hides its key's value wherever it meets it. */
const key = 'scripted-model-key-0123456789';

export function subject(
  name: string,
  { settings, environment, home }: Partial<Pick<Subject, 'settings' | 'environment' | 'home'>> = {},
): Subject {
  const program = inject('programs')[name] ?? '';
  return {
    name,
    program,
    missing: inject('missing')[name] ?? (program === '' ? 'it was not installed' : null),
    settings: { command: [program], ...settings },
    environment: environment ?? (() => ({})),
    home: home ?? (() => ({})),
  };
}

export const claude = (): Subject =>
  subject('claude', { environment: (base) => ({ ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: key }) });
