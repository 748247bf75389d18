/**
 * Where a settings file is wrong: line and column of the bad key, value or character.
 *
 * Owns the sentence about a bad settings file. Loaded only when there is one.
 */
import { UsageError } from './error.ts';
import { findInJson, JsonFault, placeOf } from './json-place.ts';
import { faultOf, type Fault } from './settings-check.ts';

/** The error for a settings file that is not JSON or does not hold settings; `text` is what it holds. */
export function explainSettings(file: string, text: string): UsageError {
  const hint = 'mend that line; docs/settings.md lists all keys';
  try {
    const { value, at, duplicate } = findInJson(text, (found) => faultOf(found) ?? { path: [], atKey: false });
    const fault: Fault = duplicate ?? (faultOf(value) as Fault);
    const { line, column } = placeOf(text, duplicate?.at ?? at);
    return new UsageError('bad-settings', `${file}:${line}:${column}: ${fault.message}`, hint);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const { line, column } = placeOf(text, error.at);
    return new UsageError('bad-settings', `${file}:${line}:${column}: not JSON: ${error.message}`, hint);
  }
}
