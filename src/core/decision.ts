/** Decision: what core answers to a command. The files `decide-*.ts` give them, `decide-task.ts` is the way in. */
import type { Surroundings, TaskCommand } from './command.ts';
import type { TaskEventBody } from './event.ts';
import type { Rejection } from './rejection.ts';
import type { Task } from './task.ts';

/** `audit` events are kept although the command is refused: the traces of late writes. */
export type Decision = { events: readonly TaskEventBody[] } | (Rejection & { audit?: readonly TaskEventBody[] });

export type CommandOf<Type extends TaskCommand['type']> = Extract<TaskCommand, { type: Type }>;

/** One decider for each of some types of command. */
export type Deciders<Type extends TaskCommand['type']> = {
  readonly [T in Type]: (task: Task, command: CommandOf<T>, around: Surroundings) => Decision;
};
