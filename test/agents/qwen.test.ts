import { qwen } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(qwen(), {});
