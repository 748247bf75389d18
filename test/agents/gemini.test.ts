import { gemini } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(gemini(), {});
