import { copilot } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(copilot(), {
  budget: 'it tells no cost',
});
