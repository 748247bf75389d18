/** The tools of whoever orchestrates (E6): these names, and no others, because prompts and programs of people rely on them. */
import type { Tool } from './tool.ts';
import { agentTools } from './tools/orchestrator/agents.ts';
import { lifeTools } from './tools/orchestrator/life.ts';
import { workTools } from './tools/orchestrator/work.ts';

export const orchestratorTools: readonly Tool[] = [...lifeTools, ...agentTools, ...workTools];
