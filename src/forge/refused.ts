/** A refusal that came as an answer: its words, and the error for one that nothing could be made of. */
import { OperationalError } from '../platform/error.ts';
import { saidIn } from './http.ts';

/** What the body of a refusal says in words. */
export function saidOf(body: unknown): string {
  return saidIn(JSON.stringify(body ?? null)) || 'without a reason';
}

export function refused(body: unknown): OperationalError {
  return new OperationalError('forge-refused', `the forge does not open the pull request: ${saidOf(body)}`, {
    hint: 'is the base branch there, and does the work differ from it? forge.base names another branch',
  });
}
