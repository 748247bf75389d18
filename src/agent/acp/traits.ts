/**
 * What is known of agents by the name that they tell in the protocol: how a second prompt is taken, which mode they need.
 *
 * Owns the measured facts. Of an agent that is not here the safe way is taken: nothing is said while it works, and it is told its task again after
 * a turn that was ended.
 */
import { fieldsIn, listIn, nameIn, type Fields } from '../fields.ts';

export interface Traits {
  /**
   * What is said while it works: `join`: a second prompt joins the running turn; `fetch`: it comes to fetch what was said;
   * `queue`: it would be lost or would cancel the turn, so it waits for the turn's end.
   */
  saysWhileBusy: 'join' | 'fetch' | 'queue';
  /** A turn that was ended while the model was at its answer is forgotten with the prompt that began it. */
  forgetsEndedTurn: boolean;
  /** Modes in which it works without asking, the best first. */
  modes: readonly string[];
}

/** @param agentInfo of the answer to `initialize`. */
export function traitsOf(agentInfo: Fields): Traits {
  const name = (nameIn(agentInfo['name']) ?? '').toLowerCase();
  const known = Object.entries(traits).find(([part]) => name.includes(part));
  return known?.[1] ?? { saysWhileBusy: 'queue', forgetsEndedTurn: true, modes: [] };
}

const traits: Readonly<Record<string, Traits>> = {
  // A second prompt cancels the running turn. What was said in a turn that is ended before the model has answered is gone (0.61.0).
  gemini: { saysWhileBusy: 'queue', forgetsEndedTurn: true, modes: ['yolo'] },
  copilot: { saysWhileBusy: 'queue', forgetsEndedTurn: false, modes: [] },
  qwen: { saysWhileBusy: 'fetch', forgetsEndedTurn: false, modes: ['yolo'] },
  opencode: { saysWhileBusy: 'join', forgetsEndedTurn: false, modes: [] },
  // Both announce steering, which comes first; as root the first offers no mode that never asks.
  'claude-agent': { saysWhileBusy: 'join', forgetsEndedTurn: false, modes: ['bypassPermissions', 'acceptEdits'] },
  'claude-code': { saysWhileBusy: 'join', forgetsEndedTurn: false, modes: ['bypassPermissions', 'acceptEdits'] },
  codex: { saysWhileBusy: 'queue', forgetsEndedTurn: false, modes: ['agent-full-access', 'full-access'] },
};

/** The mode to set in a new session: the best that is offered, `null` if it is set already or none is known. */
export function modeToSet(session: Fields, { modes }: Traits): string | null {
  const { availableModes, currentModeId } = fieldsIn(session['modes']);
  const offered = listIn(availableModes).map((mode) => nameIn(fieldsIn(mode)['id']));
  const wanted = modes.find((mode) => offered.includes(mode)) ?? null;
  return wanted === currentModeId ? null : wanted;
}

/** The session's option for the model, where it has one that knows this model. */
export function modelOption(session: Fields, model: string): { configId: string; value: string } | null {
  for (const option of listIn(session['configOptions']).map(fieldsIn)) {
    const configId = nameIn(option['id']);
    if (option['category'] !== 'model' || configId === null) continue;
    const values = listIn(option['options']).flatMap((entry) => {
      const { options, value } = fieldsIn(entry);
      return options === undefined ? [value] : listIn(options).map((inner) => fieldsIn(inner)['value']);
    });
    if (values.includes(model)) return { configId, value: model };
  }
  return null;
}
