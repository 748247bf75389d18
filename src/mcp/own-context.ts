/**
 * The project as an agent's tools see it.
 *
 * Owns who a call is done for: the attempt that the environment proves, or the person. Arguments have no say in it. The store is
 * opened at the first call and kept.
 */
import type { Context } from '../actions/context.ts';
import { findOwnAttempt } from '../actions/own-attempt.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import { findRepository } from '../platform/paths.ts';

export interface OwnContext extends AsyncDisposable {
  /**
   * The context of one call, or why the caller may do nothing here. Throws what opening the project throws, and `UsageError`
   * `unknown-attempt` for a token that nobody was given.
   */
  enter(): Promise<Context | Rejection>;
}

export function ownContext(open: () => Promise<Context>): OwnContext {
  let opened: Promise<Context> | null = null;
  const project = async (): Promise<Context> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      // What is not there now may be there at the next call.
      opened = null;
      throw error;
    }
  };
  return {
    async enter() {
      const context = await project();
      if (context.caller.kind === 'person') return context;
      const own = await findOwnAttempt(context, { task: null });
      if (isRejection(own)) return own;
      if (own.attempt === null) {
        throw new UsageError(
          'unknown-attempt',
          `there is no attempt ${own.token}`,
          'work for the attempt that Orbit started',
        );
      }
      return at(context, own.attempt.workspace);
    },
    async [Symbol.asyncDispose]() {
      const context = await opened?.catch(() => null);
      await context?.store[Symbol.asyncDispose]();
    },
  };
}

/** An agent's program may start its servers anywhere; the work is where the attempt is. */
function at(context: Context, workspace: string | null): Context {
  if (workspace === null) return context;
  try {
    return { ...context, paths: findRepository(workspace) };
  } catch {
    return context;
  }
}
