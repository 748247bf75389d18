import { agentSuite } from './suite.ts';
import { codex } from './subject.ts';

agentSuite(codex(), { budget: 'it tells no cost' });
