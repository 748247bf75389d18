import { copilot } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(copilot(), {});
