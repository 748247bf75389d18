import { codex } from './subject.ts';
import { agentSuite } from './suite.ts';

agentSuite(codex(), {});
