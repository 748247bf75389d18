import { agentSuite } from './suite.ts';
import { claude } from './subject.ts';

agentSuite(claude(), {});
