/**
 * Limits: every threshold and time limit of Orbit with its unit and reason. Settings override them by the same names.
 *
 * Owns the defaults only; `platform/settings.ts` reads what a user changed.
 */
import { forgeLimits } from './limits-forge.ts';
import { gitLimits } from './limits-git.ts';

export const limits = {
  /** A runner's beat; E10 fixes 5 s. Cheap: one row update. */
  heartbeatIntervalMs: 5_000,
  /** What an agent does now reaches the store after this long at the latest: soon enough to watch, one row update each. */
  pulseIntervalMs: 2_000,
  /** The lease; E10 fixes 30 s: six missed beats, so that one slow disk does not end a healthy attempt. */
  heartbeatTimeoutMs: 30_000,
  /** A runner that could not beat for this share of the lease ends its agent: surely before the lease is given away. */
  selfStopShare: 0.75,
  /** `orbit nudge` waits so long to hear how its words reached the agent: a beat, and some, for a runner nobody rings. */
  nudgePatienceMs: 8_000,
  /** `orbit spawn` waits so long for the agent to be at work; under the minute after which MCP clients give a call up. */
  spawnPatienceMs: 50_000,
  /** So long a request for an agent is good: whoever asked has stopped waiting by then. */
  spawnRequestMs: 45_000,
  /** `orbit terminate` waits so long for an agent to end by itself and for its runner to save the work. */
  terminatePatienceMs: 45_000,
  /** `orbit shutdown` waits so long for the last agent to end; without its end it answers that it is under way. */
  shutdownPatienceMs: 50_000,
  /** Events that are read back for requests and for how the last coordinator ended; what lies further back is long over. */
  requestEventsMax: 5_000,
  /** The same for how the orchestrator is, which is asked often: while it shuts down, and after that, little happens. */
  stateEventsMax: 1_000,
  /** `parallel-async` starts so many agents at once at most (E8). */
  parallelAsyncMax: 4,
  /** A manager coordinates so many specialists at once at most (D1). */
  specialistsMax: 5,
  /** Findings in an exported state: far more than anybody reads, and a bound for the file. */
  exportedFindingsMax: 10_000,
  /** Tasks that one request for an agent names in the order of its wishes. */
  spawnTasksMax: 20,
  /** Claims from the command line have no runner; A9 calls two hours without activity stuck. */
  claimByHandMs: 7_200_000,
  /** Attempts per task over its whole life: the first, a retry with what failed, a fresh agent, one more (E9, P7). */
  attemptsMax: 4,
  /** Times a task may be taken in all, given back ones included: an agent that hands on for ever is stopped by a person. */
  attemptsTotalMax: 20,
  /** Budgets with fewer attempts than this have none for splitting: the first, a fresh one and another come before. */
  splitAttemptsMin: 4,
  /** A task made by a split may be split once more; whatever still fails then is no question of size. */
  splitDepthMax: 2,
  /** A task and all that it was split into may use its budget so many times: once before the split, and once more for the parts. */
  splitBudgets: 2,
  /** Tasks that attempts at one task may make, over all of them: a plan's layer, not a plan. */
  madeTasksMax: 12,
  /** Tasks made by attempts may make tasks, down to here; beyond that a person is asked. */
  madeDepthMax: 3,
  /** So long a task is kept for another agent than the one that failed twice; then that one may have it again. */
  otherAgentWaitMs: 120_000,
  /** An account is never parked for less, whatever it says: several attempts would run against the same wall. */
  quotaParkMsMin: 1_000,
  /** Nor for longer, whatever it says: weekly limits are the longest that vendors have. */
  quotaParkMsMax: 691_200_000,
  /** A wall that a program itself waits for is left to it for so long; then its account is parked and the slot is free. */
  quotaWaitMs: 60_000,
  /** So many tries of the program itself at a wall whose end nobody told, and it is a wall. */
  quotaRetriesMax: 5,
  /** A login that is refused again before an attempt worked for so long is none; one that held for longer ran out. */
  loginHoldsMs: 600_000,
  /** E10: wait before a failed task is tried again; doubles with each failure. */
  retryDelayMs: 5_000,
  /** Doubling stops here, so that a night's outage does not cost a morning. */
  retryDelayMsMax: 300_000,
  /** One attempt may take this long; also the default of `budget.minutes`, which counts over all attempts. */
  attemptMinutesMax: 60,
  /** Trees that the landing queue validates at once: a second lane nearly halves the wait, and checks share the machine with agents. */
  landingLanes: 2,
  /** Changes validated as one tree: longer chains gain nothing even where one change in a hundred is bad. */
  trainLengthMax: 32,
  /** One more run tells a flaky check from a bad change most of the time; each costs a validation. */
  landingReruns: 1,
  /** Sent back from landing so often: then the task needs a person, not another rebase. */
  bouncesMax: 3,
  /** No output for so long and an idle process tree: the attempt is stalled (DESIGN.md, section 6). */
  silenceMs: 300_000,
  /** No output for so long and an idle process tree: the agent is asked what is the matter (C6). */
  silenceHintMs: 60_000,
  /** An agent whose context is nearly full may take this long to write down where it stands. */
  handOverWaitMs: 120_000,
  /** Agents with programs of their own weight at once, for each processor core: eight on two cores start and work well. */
  agentsPerCoreMax: 4,
  /** So long after its start an agent's program has not yet taken the memory that it will take. */
  agentSettleMs: 30_000,
  /** Memory that is kept free when agents start: for checks, git and the person at the machine. */
  memoryKeptFreeMb: 500,
  /** How often the memory of an agent with a limit is looked at: between two looks a program can take gigabytes, a look takes ms. */
  memoryLookMs: 2_000,
  /** How often a runner looks at its agent's process tree and at the rules of supervision. */
  watchIntervalMs: 1_000,
  /** Share of a processor that a waiting program may use for its timers and still be idle: OpenCode was seen to take 0.015. */
  idleCpuShare: 0.04,
  /** Bytes a second that a waiting program may move and still be idle: Codex was seen to write 5,000 of its own records. */
  idleIoBytesPerS: 16_384,
  /** Times that a completion without proof goes back to the running agent before the attempt fails. */
  completionHintsMax: 2,
  /** Times that an agent whose turn ended without a report is asked for one; each costs a model call. */
  turnQuestionsMax: 1,
  /** After its report an agent may take this long to end by itself; a session that waits for more words is then ended. */
  reportSettleMs: 2_000,
  /** The same for an agent that no hint can reach: it may still be tidying up. */
  reportGraceMs: 60_000,
  /** A runner tries this long to tell the store how its attempt ended; then lease expiry tells it. */
  outcomePatienceMs: 120_000,
  /** Size of each log of one attempt; older output makes room for newer. */
  logBytesMax: 67_108_864,
  /** Grace between asking an agent to end and ending its whole process tree. */
  stopGraceMs: 5_000,
  /** An ended attempt's runner may take this long to save its work and clear up; then the coordinator does it. */
  leftoverGraceMs: 15_000,
  /** What is only in the way for now, such as a lock that a killed git left, is tried again at every look for so long. */
  leftoverPatienceMs: 30_000,
  /** What could not be cleared up is tried again this often: a person may have to look at it. */
  leftoverRetryMs: 60_000,
  /** Writing the projections of a plan takes this share of the coordinator's time at most: a large plan's take long. */
  projectShare: 0.1,
  /** A git lock on a ref of one attempt alone, by a process that is gone: such a move takes milliseconds. */
  attemptLockStaleMs: 10_000,
  /** How often the coordinator looks although nothing rang: the safety net under the doorbell. */
  tickMs: 1_000,
  /** The coordinator's own lease; another one takes over after it. */
  leaderLeaseMs: 10_000,
  /** A new leader judges no lease for so long: three beats, since the clock may have jumped before it came. */
  leaderGraceMs: 15_000,
  /** Wall time running away from monotonic time by this much is a clock jump or a sleep: leases are extended. */
  clockJumpMs: 5_000,
  /** The order of work is made anew at most this often … */
  rankIntervalMs: 1_000,
  /** … and may take this share of the coordinator's time: a plan of 100,000 tasks takes about a second to read and rank. */
  rankShare: 0.05,
  /** The disk use of workspaces is looked at this often at most. */
  diskIntervalMs: 60_000,
  /** With less free than this nothing new is started: a store or git that meets a full disk in the middle can only stop. */
  diskFreeBytesMin: 200_000_000,
  /** Where space is short, logs of ended attempts are removed, oldest first, down to this: weeks of them, as a rule. */
  oldLogBytesMax: 1_000_000_000,
  /** A workspace that does not fit on the disk is tried again this often … */
  diskRetryMs: 5_000,
  /** … for so long; then its task is given back. */
  diskPatienceMs: 600_000,
  /** An error of git or store that does not pass by itself ends a run after this long: a full disk may be freed meanwhile. */
  troubleMs: 60_000,
  /** A landing held by something Orbit cannot remove (a dirty checkout of the target) is looked at again this often. */
  landingRetryMs: 10_000,
  /** Red checks of a target that a person accepted are run again this often: a flake must not hold a plan for ever. */
  targetCheckRetryMs: 300_000,
  /** Work in flight is looked at for conflicts this often at most … */
  lookoutIntervalMs: 1_000,
  /** … and the look-out may take this share of the coordinator's time: what it finds can wait, agents cannot. */
  lookoutShare: 0.1,
  /** Files of agents that give no sign are looked at this often nevertheless: programs of one's own say little. */
  lookoutGlanceMs: 20_000,
  /** … but after a look that took very long it is done again after this: one slow merge must not blind it for hours. */
  lookoutWaitMsMax: 60_000,
  /** A branch is looked at when it has been at rest for so long: agents commit in bursts. */
  lookoutSettleMs: 2_000,
  /** One that never rests is looked at after this long nevertheless. */
  lookoutSettleMsMax: 15_000,
  /** Merges of one look; 2 ms each in a large repository. The rest follows with the next look. */
  lookoutMergesMax: 500,
  /** Changed paths of one piece of work that are compared; one with more counts as changing everything. */
  lookoutPathsMax: 20_000,
  /** One run of git for the look-out: many times what the largest batch takes; a pair that needs longer is not told of. */
  lookoutGitTimeoutMs: 20_000,
  /** What an agent is shown of somebody else's change: enough to see what it is about, little of its context. */
  shownPatchLengthMax: 2_400,
  /** Levels of unlanded work under a new attempt; on three a single rejection took down most of the work in progress. */
  stackDepthMax: 2,
  /** Entries that must have left the landing queue before the share of those sent back is believed. */
  paceEntriesMin: 10,
  /** Events of the log that a new coordinator reads back to learn how fast the queue is. */
  paceEventsMax: 5_000,
  /** Part of a task's work that is done again when what it was built on is sent back: the rest is put onto the new work. */
  reworkShare: 0.6,
  /** Commits put onto another base one by one; more of them become one commit: two processes each would hold up landing. */
  replayedCommitsMax: 100,
  /** A check may run this long before it counts as red. */
  checkTimeoutMs: 1_800_000,
  /** A set-up command may run this long. */
  setUpTimeoutMs: 1_200_000,
  /** Kept from a failed check's output for reasons and prompts. */
  checkTailBytes: 4_096,
  /** A reason in the store, an event or an inbox item. */
  reasonLengthMax: 2_000,
  /** Notes for who goes on, and questions to a person: pages, for they are all that is known then. */
  notesLengthMax: 20_000,
  /** What an agent says that it does: fits a line of a terminal. */
  doingLengthMax: 200,
  /** One JSON line to `orbit mcp`: the largest message and finding, escaped, with room. Longer ones are refused, not kept. */
  mcpLineBytesMax: 1_048_576,
  /** Where the API listens unless told otherwise: above what needs rights, and free of well-known programs. */
  apiPort: 4_711,
  /** Ports tried after that one before any free one is taken: as many projects as one person has open. */
  apiPortsTried: 20,
  /** A link that opens the dashboard: long enough to switch to a browser, too short to be found in a scrollback later. */
  apiCodeMs: 600_000,
  /** Links that wait to be used, at most. */
  apiCodesMax: 100,
  /** A browser stays signed in for so long: a working week, and a weekend. */
  apiSessionMs: 604_800_000,
  /** The largest body that the API reads: a task's description, escaped, with room (as `mcpLineBytesMax`). */
  apiBodyBytesMax: 1_048_576,
  /** Connections at once. Fifty agents, some tabs and scripts use less than a tenth. */
  apiConnectionsMax: 1_024,
  /** Event streams at once: each costs a few kilobytes and one write per event. */
  apiStreamsMax: 256,
  /** A stream whose client reads no faster than this much behind is ended; it comes back and goes on from its last event. */
  apiStreamBacklogBytesMax: 4_194_304,
  /** Events are sent in bundles of this age: fast for the eye, few for the browser. */
  apiStreamBatchMs: 60,
  /** A stream says so often that it lives: below the idle limits of proxies. */
  apiStreamHeartbeatMs: 15_000,
  /** How agents look is pushed at most so often. */
  apiPulseMs: 1_000,
  /** A request that is not whole by then is dropped: nobody here sends slowly. */
  apiRequestMs: 30_000,
  /** When the server ends, answers that are on their way get so long: more than a look at the store, less than a person's patience. */
  apiCloseMs: 1_000,
  /** Changes per second and caller, and how many may come at once. */
  apiWritesPerS: 50,
  apiWritesBurst: 200,
  /** Refused tokens and codes per minute from one address, before it has to wait. */
  apiRefusalsPerMinute: 60,
  /** Answers of writes that are kept for a repeat with the same key, and for how long. */
  apiKeysMax: 10_000,
  apiKeyMs: 86_400_000,
  /** After its input ended, `orbit mcp` waits so long for calls that still run. */
  mcpCloseMs: 5_000,
  /** Entries of one list that a client is shown unasked: resources, modules. More are found by their address. */
  mcpListedMax: 100,
  /** The end of a log as a resource: what a person reads, and a model takes in at once. */
  logTailBytes: 32_768,
  /** A plan file; larger ones are refused before parsing. */
  planBytesMax: 16_777_216,
  /** One path or glob of a scope: far more than people write, and few enough that comparing two of them takes no time. */
  scopeEntryLengthMax: 1_024,
  /** Id that a sender gives a message, so that sending it again changes nothing: a UUID, a path, a short sentence. */
  messageIdLengthMax: 200,
  /** A task's or finding's title: a label of one line. It is also a variable of the task's agent, and the system takes 131,072 bytes each. */
  titleLengthMax: 1_000,
  /** Messages and findings. */
  messageBytesMax: 65_536,
  /** A store locked by others for longer than this is reported as busy. */
  storeBusyMs: 10_000,
  /** A9: a claimed task without any sign for this long is shown as stuck. */
  stuckMs: 7_200_000,
  /** One line an agent prints; the rest is dropped and counted. Real agents' longest lines (a whole file as a tool result) fit. */
  lineBytesMax: 1_048_576,
  /** Text of one interpreted event; the raw log has the whole line. */
  eventTextLengthMax: 65_536,
  /** Events waiting for a slow reader before the agent's pipes are held back: bounds a runner's memory. */
  waitingEventsBytesMax: 4_194_304,
  /** After an agent's exit its pipes may be held open by what it left behind; its last words are in the pipe by then. */
  pipeDrainMs: 1_000,
  /** So long an agent's program may wait, in all, between its tries at a service that fails; then its turn is ended. */
  stormWaitMsMax: 120_000,
  /** An agent's program tells its version within a tenth of a second; a JavaScript one on a loaded machine takes seconds. */
  askProgramTimeoutMs: 20_000,
  /** Introduction, login and new session of an ACP agent: seconds, half a minute where a first start unpacks; minutes on a machine full of them. */
  acpAnswerMs: 120_000,
  /** More than a pipe holds: whatever comes beyond it after an agent's exit was printed by somebody else. */
  pipeDrainBytesMax: 1_048_576,
  /** A program that speaks in requests and answers them within milliseconds, under load within seconds; then it hangs. */
  agentReplyMs: 60_000,
  /** An agent's program that is a server must say where it listens: seconds; a machine full of them takes a minute. */
  serverStartMs: 120_000,
  /** Ports tried for such a server; each is free when it is chosen, so a second one is hardly ever needed. */
  serverPortsMax: 4,
  /** Such a server answers a question within milliseconds; on a machine under load, within seconds. */
  serverAnswerMs: 30_000,
  /** Its stream of events carries a heartbeat every ten seconds; six that are missing mean that it hangs. */
  serverSilenceMs: 60_000,
  /** A broken stream is taken up again so often before the server counts as lost; waits double from a quarter of a second. */
  serverReturnsMax: 5,
  /** Between SIGKILL and the look that must find nothing: the kernel needs milliseconds, a loaded machine more. */
  killWaitMs: 5_000,
  ...gitLimits,
  ...forgeLimits,
  /** Expected duration of a task whose kind has no history: agents' tasks are best cut to 10 to 60 minutes. */
  assumedTaskMs: 1_200_000,
  /** One point of a task's priority counts like so much work waiting for it: a few tasks' worth, not a whole plan's. */
  priorityPointMs: 7_200_000,
  /** Share of the time waited that counts in a task's favour: it parts equals and ends starvation, nothing else. */
  ageingShare: 0.1,
  /** Waiting longer than this counts no further. */
  ageingMsMax: 86_400_000,
} as const;

export type Limits = { [name in keyof typeof limits]: number };
