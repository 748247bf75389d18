/** Does again what the server put off because too much was asked at once. Pure but for the timer it is given. */
import { ApiProblem } from './api.ts';

/** So often in all; the server's pace frees a place within a second, so that more tells of something else. */
const TRIES_MAX = 20;

type Wait = (ms: number) => Promise<void>;

const waitFor: Wait = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** Answers what `work` answers, at last; throws what it throws, unless that is a refusal for a while. */
export async function patiently<Answer>(work: () => Promise<Answer>, wait: Wait = waitFor): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 429 || tries >= TRIES_MAX) throw error;
      await wait(error.waitMs);
    }
  }
}
