/** Lines of `codex exec --json` as events. They tell no time, no context and no usage before the end of the turn. */
import type { AgentEvent } from '../agent.ts';
import { fieldsIn, nameIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { faultEvent, isRetryNotice } from './fault.ts';
import type { ItemStage } from './items.ts';
import { sumOf } from './notifications.ts';
import { beginTurn, endTurn, openThread, readItem, tellFault, type Reading } from './reading.ts';

/** Never throws, whatever the shape of the line. */
export function readExecLine(reading: Reading, type: string, line: Fields): AgentEvent[] {
  switch (type) {
    case 'session.created':
    case 'thread.started': {
      const id = nameIn(line['thread_id']) ?? nameIn(line['session_id']);
      return id === null ? [] : openThread(reading, id, null);
    }
    case 'turn.started':
      beginTurn(reading);
      return [];
    case 'item.started':
    case 'item.updated':
    case 'item.completed':
      return readItem(reading, fieldsIn(line['item']), {
        stage: type.slice('item.'.length) as ItemStage,
        isHelper: false,
      });
    case 'turn.completed': {
      const tokens = sumOf(fieldsIn(line['usage']), 'input_tokens', 'output_tokens');
      const usage: AgentEvent[] =
        tokens === null ? [] : [{ type: 'usage', tokens, contextUsed: null, contextSize: null, costUsd: 0 }];
      return [...usage, ...endTurn(reading, { status: 'completed' }, null)];
    }
    case 'turn.failed':
      return endTurn(reading, { status: 'failed', error: line['error'] }, null);
    case 'error':
      return tellFault(
        reading,
        faultEvent({ message: line['message'], willRetry: isRetryNotice(line['message']), now: null }),
        null,
      );
    default:
      return [{ type: 'unknown', name: cleanText(type.slice(0, 128)) }];
  }
}
