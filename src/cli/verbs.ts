/**
 * The table of verbs: where each is loaded from and under which heading the help lists it.
 *
 * Nothing but the verb that was called is evaluated. Verbs without a group work, but are for Orbit's own processes.
 */
import type { Command } from './command.ts';

export interface VerbEntry {
  group: (typeof groups)[number] | null;
  load: () => Promise<Command>;
}

export const groups = ['Start', 'Plans', 'What is there', 'For agents', 'Steer', 'Talk', 'Look closer'] as const;

export const verbs: Readonly<Record<string, VerbEntry>> = {
  init: { group: 'Start', load: async () => (await import('./commands/init.ts')).command },
  doctor: { group: 'Start', load: async () => (await import('./commands/doctor.ts')).command },
  demo: { group: 'Start', load: async () => (await import('./commands/demo.ts')).command },
  run: { group: 'Start', load: async () => (await import('./commands/run.ts')).command },
  serve: { group: 'Start', load: async () => (await import('./commands/serve.ts')).command },
  open: { group: 'Start', load: async () => (await import('./commands/open.ts')).command },
  completion: { group: 'Start', load: async () => (await import('./commands/completion.ts')).command },
  plan: { group: 'Plans', load: async () => (await import('./commands/plan.ts')).command },
  import: { group: 'Plans', load: async () => (await import('./commands/import.ts')).command },
  export: { group: 'Plans', load: async () => (await import('./commands/export.ts')).command },
  create: { group: 'Plans', load: async () => (await import('./commands/create.ts')).command },
  edit: { group: 'Plans', load: async () => (await import('./commands/edit.ts')).command },
  dep: { group: 'Plans', load: async () => (await import('./commands/dep.ts')).command },
  ready: { group: 'What is there', load: async () => (await import('./commands/ready.ts')).command },
  list: { group: 'What is there', load: async () => (await import('./commands/list.ts')).command },
  blocked: { group: 'What is there', load: async () => (await import('./commands/blocked.ts')).command },
  show: { group: 'What is there', load: async () => (await import('./commands/show.ts')).command },
  stats: { group: 'What is there', load: async () => (await import('./commands/stats.ts')).command },
  'layer-status': { group: 'What is there', load: async () => (await import('./commands/layer-status.ts')).command },
  why: { group: 'What is there', load: async () => (await import('./commands/why.ts')).command },
  graph: { group: 'What is there', load: async () => (await import('./commands/graph.ts')).command },
  report: { group: 'What is there', load: async () => (await import('./commands/report.ts')).command },
  'available-tasks': { group: 'For agents', load: async () => (await import('./commands/available-tasks.ts')).command },
  'list-available': { group: 'For agents', load: async () => (await import('./commands/list-available.ts')).command },
  claim: { group: 'For agents', load: async () => (await import('./commands/claim.ts')).command },
  start: { group: 'For agents', load: async () => (await import('./commands/start.ts')).command },
  complete: { group: 'For agents', load: async () => (await import('./commands/complete.ts')).command },
  handoff: { group: 'For agents', load: async () => (await import('./commands/handoff.ts')).command },
  block: { group: 'For agents', load: async () => (await import('./commands/block.ts')).command },
  fail: { group: 'For agents', load: async () => (await import('./commands/fail.ts')).command },
  beat: { group: 'For agents', load: async () => (await import('./commands/beat.ts')).command },
  scope: { group: 'For agents', load: async () => (await import('./commands/scope.ts')).command },
  release: { group: 'For agents', load: async () => (await import('./commands/release.ts')).command },
  mcp: { group: 'For agents', load: async () => (await import('./commands/mcp.ts')).command },
  agents: { group: 'Steer', load: async () => (await import('./commands/agents.ts')).command },
  spawn: { group: 'Steer', load: async () => (await import('./commands/spawn.ts')).command },
  nudge: { group: 'Steer', load: async () => (await import('./commands/nudge.ts')).command },
  retry: { group: 'Steer', load: async () => (await import('./commands/retry.ts')).command },
  reassign: { group: 'Steer', load: async () => (await import('./commands/reassign.ts')).command },
  terminate: { group: 'Steer', load: async () => (await import('./commands/terminate.ts')).command },
  cancel: { group: 'Steer', load: async () => (await import('./commands/cancel.ts')).command },
  close: { group: 'Steer', load: async () => (await import('./commands/close.ts')).command },
  reopen: { group: 'Steer', load: async () => (await import('./commands/reopen.ts')).command },
  pause: { group: 'Steer', load: async () => (await import('./commands/pause.ts')).command },
  resume: { group: 'Steer', load: async () => (await import('./commands/resume.ts')).command },
  shutdown: { group: 'Steer', load: async () => (await import('./commands/shutdown.ts')).command },
  queue: { group: 'Steer', load: async () => (await import('./commands/queue.ts')).command },
  approve: { group: 'Steer', load: async () => (await import('./commands/approve.ts')).command },
  reject: { group: 'Steer', load: async () => (await import('./commands/reject.ts')).command },
  land: { group: 'Steer', load: async () => (await import('./commands/land.ts')).command },
  recover: { group: 'Steer', load: async () => (await import('./commands/recover.ts')).command },
  send: { group: 'Talk', load: async () => (await import('./commands/send.ts')).command },
  inbox: { group: 'Talk', load: async () => (await import('./commands/inbox.ts')).command },
  read: { group: 'Talk', load: async () => (await import('./commands/read.ts')).command },
  ack: { group: 'Talk', load: async () => (await import('./commands/ack.ts')).command },
  note: { group: 'Talk', load: async () => (await import('./commands/note.ts')).command },
  notes: { group: 'Talk', load: async () => (await import('./commands/notes.ts')).command },
  logs: { group: 'Look closer', load: async () => (await import('./commands/logs.ts')).command },
  events: { group: 'Look closer', load: async () => (await import('./commands/events.ts')).command },
  verify: { group: 'Look closer', load: async () => (await import('./commands/verify.ts')).command },
  watch: { group: 'Look closer', load: async () => (await import('./commands/watch.ts')).command },
  replay: { group: 'Look closer', load: async () => (await import('./commands/replay.ts')).command },
  runner: { group: null, load: async () => (await import('./commands/runner.ts')).command },
  'scripted-agent': { group: null, load: async () => (await import('./commands/scripted-agent.ts')).command },
};
