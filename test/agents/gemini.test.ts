import { gemini } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(gemini(), {
  resume: 'it lists no session that it made under this protocol',
  notes: 'it does not tell how full its context is while it works',
  budget: 'it tells no cost',
});
