import { opencode } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(opencode(), {});
