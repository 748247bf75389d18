import { copilot } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(copilot(), {
  notes: 'it hands over again and again, for a reason that is not understood yet',
  budget: 'it tells no cost',
});
