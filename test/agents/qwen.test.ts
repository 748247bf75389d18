import { qwen } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(qwen(), {
  'limit-reset': 'it waits for the time that it was told without a word',
  notes: 'it refuses to send a context so full, before notes can be asked for',
  budget: 'it tells no cost',
});
