/** Prompts: what a person may pick in their client to begin with. The texts are short; the tools bring what is true now. */
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Role } from './role.ts';

export function addPrompts(server: McpServer, role: Role): void {
  if (role === 'worker') {
    server.registerPrompt('worker', { title: 'Do my task', description: 'Work on the task of this attempt.' }, () =>
      say(worker),
    );
    const handoff = { title: 'Hand over', description: 'Write notes for a fresh agent and hand the task back.' };
    server.registerPrompt('handoff', handoff, () => say(handOver));
    return;
  }
  server.registerPrompt(
    'plan',
    {
      title: 'Plan work for agents',
      description: 'Turn a goal into a plan of tasks that several agents can work on side by side.',
      argsSchema: z.object({ goal: z.string().min(1).max(20_000).describe('What shall be true when it is done') }),
    },
    ({ goal }) => say(`${plan}\n\nThe goal:\n${goal}`),
  );
  server.registerPrompt(
    'triage',
    {
      title: 'See to what waits for a person',
      description: 'Go through the inbox: what happened, and what would help.',
    },
    () => say(triage),
  );
}

const worker =
  'Call my_task and do what it asks. Stay within its scope; ask for more paths with widen_scope before you need them. Say with ' +
  'progress what you do. Commit your work, run the checks, then call complete.';

const handOver =
  'Write down for somebody who knows nothing of this session: what is done and committed, what is left, what you tried that did not ' +
  'work, and the next step. Commit what is worth keeping. Then call handoff with these notes.';

const plan =
  'Write a plan for Orbit into specs/<plan>/agent-tasks/layered-tasks.md, with <plan> the next free number such as 002. Under a heading ' +
  '"## Layer N: Title" each task is a line "- [ ] T001 Title", with indented lines "Dependencies: T001", "Files: src/api/**" (what it may ' +
  'change) and "Check: npm test" (a command that must exit 0). A task takes an agent 10 to 60 minutes. Tasks that can run side by side ' +
  'have files that do not overlap; what several need comes first. Look at the repository before you choose files and checks. Then ' +
  'run: orbit plan <plan> --check, and mend what it says.';

const triage =
  'See what waits for a person: list the tasks with status needs-you (orbit inbox --json, or list_tasks where you have it). For each, say in ' +
  'two lines what happened and what would help, with the evidence: the resource orbit://tasks/<plan>/<id> has its attempts and reasons. ' +
  'Propose one command for each (orbit retry with advice, orbit edit, orbit approve, orbit cancel) and wait for my word before you run it.';

function say(text: string): { messages: { role: 'user'; content: { type: 'text'; text: string } }[] } {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
