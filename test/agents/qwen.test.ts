import { qwen } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(qwen(), {
  'limit-reset': 'it waits for the time that it was told without a word',
  budget: 'it tells no cost',
});
