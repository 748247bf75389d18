/**
 * The library: the same use cases as the command line, for other programs. Everything not exported here may change at any time.
 *
 * `openProject` gives a context; each function takes it first and answers with data or a {@link Rejection}. A call that is wrong
 * throws `UsageError`, a world that is wrong `OperationalError`. Dispose of the context's store when done.
 */
export { openProject, openRepositoryForInit, type OpenOrder } from './compose.ts';
export { beatTask, type BeatAnswer } from './actions/beat-task.ts';
export { changeDependency, createTask, editTask, type ChangeAnswer, type TaskFields } from './actions/change-task.ts';
export { claimTask, type ClaimAnswer, type ClaimOrder } from './actions/claim-task.ts';
export { completeTask, type CompleteAnswer, type CompleteOrder } from './actions/complete-task.ts';
export type { Context } from './actions/context.ts';
export { countTasks, type Counts } from './actions/count-tasks.ts';
export { blockTask, failTask, handOff, releaseTask, type EndAnswer, type EndOrder } from './actions/end-attempt.ts';
export { explainTask, type Explanation } from './actions/explain-task.ts';
export { exportPlan, type Exported } from './actions/export-plan.ts';
export { findTask } from './actions/find-task.ts';
export { importPlan, type Imported, type ImportOrder } from './actions/import-plan.ts';
export { initProject, type InitAnswer, type InitOrder } from './actions/init-project.ts';
export { listAgents, type AgentView } from './actions/list-agents.ts';
export { listEvents, type EventView } from './actions/list-events.ts';
export { listQueue, type Queue, type QueueEntry, type TrainView } from './actions/list-queue.ts';
export { listReady, listTasks, type ListOrder } from './actions/list-tasks.ts';
export { acknowledge, findNotes, readMessages, recordNote, sendMessage } from './actions/message.ts';
export {
  agentsByModule,
  getAgent,
  listModuleAgents,
  type AgentDetail,
  type AgentsAnswer,
  type ModuleAgent,
} from './actions/orchestrator/agents.ts';
export { runAutonomousCycle, type CycleAnswer } from './actions/orchestrator/cycle.ts';
export { getEvents, type EventsAnswer, type EventsOrder } from './actions/orchestrator/events.ts';
export { executeParallel, type ExecuteOrder } from './actions/orchestrator/execute-parallel.ts';
export { exportState, writeState, type StateExport } from './actions/orchestrator/export-state.ts';
export { initOrchestrator, type InitOrchestratorOrder } from './actions/orchestrator/init.ts';
export { getNextWork, type NextWork, type NextWorkAnswer } from './actions/orchestrator/next-work.ts';
export { pauseOrchestrator, resumeOrchestrator } from './actions/orchestrator/pause.ts';
export { getProgress, type ProgressSummary } from './actions/orchestrator/progress.ts';
export { reassignTask, type ReassignAnswer, type ReassignOrder } from './actions/orchestrator/reassign.ts';
export { shutdownOrchestrator, type ShutdownAnswer } from './actions/orchestrator/shutdown.ts';
export {
  spawnAgent,
  spawnAgentsAuto,
  type SpawnManyAnswer,
  type SpawnOneAnswer,
  type SpawnOrder,
} from './actions/orchestrator/spawn.ts';
export { orchestratorState, type OrchestratorState, type StateView } from './actions/orchestrator/state.ts';
export { renderTerminal, type TerminalAnswer } from './actions/orchestrator/terminal.ts';
export { terminateAgent, type TerminateAnswer, type TerminateOrder } from './actions/orchestrator/terminate.ts';
export { getOrchestrator, type OrchestratorView } from './actions/orchestrator/view.ts';
export { getWorkQueue, queueParts, type QueuePart, type WorkQueue } from './actions/orchestrator/work-queue.ts';
export { pausePlan, type PauseAnswer } from './actions/pause-plan.ts';
export { presentConflicts, type ConflictPair } from './actions/present-conflicts.ts';
export { listKept, restoreWork } from './actions/recover-work.ts';
export { reportPlan, type LayerView, type PlanStatus } from './actions/report-plan.ts';
export { showTask, type TaskDetail } from './actions/show-task.ts';
export { steerTask, type SteerAnswer, type Steering } from './actions/steer-task.ts';
export type { TaskView } from './actions/task-view.ts';
export { isRejection, type Rejection, type RejectionCode } from './core/rejection.ts';
export type { TaskStatus } from './core/status.ts';
export { Bug, OperationalError, UsageError } from './platform/error.ts';
export { version } from './platform/version.ts';
