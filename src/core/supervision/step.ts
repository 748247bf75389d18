/**
 * A step: a call with what came of it. This is what most detectors count.
 *
 * Owns what "failed", "the same again" and "the same result" mean.
 */
import { callLine, type Call } from './call.ts';
import { errorShape, outputShape, shortText } from './text-shape.ts';

export interface Step extends Call {
  endedAt: number;
  /** Its result is known. */
  isAnswered: boolean;
  failed: boolean;
  exitCode: number | null;
  /** At most {@link keptLength} characters. */
  text: string;
  /** Long enough to be recognised by. */
  isTelling: boolean;
  /** What its output says, noise apart. */
  shape: number;
  /** It is an edit that brought content which was not there before. */
  advanced: boolean;
}

export interface Result {
  ok: boolean;
  text: string;
  exitCode?: number | undefined;
  at: number;
}

/** Two thirds of a screen from each end: enough to find a summary of tests in. */
const keptLength = 8_192;
/** Shorter outputs (`ok`, `done`, nothing at all) are the same by chance. */
const tellingLength = 16;

export function stepOf(call: Call, result: Result | null): Step {
  const text = result?.text ?? '';
  const exitCode = result === null ? null : (result.exitCode ?? exitCodeIn(call, text));
  const failed = result !== null && isFailure(call, { ok: result.ok, exitCode, text });
  return {
    ...call,
    endedAt: result?.at ?? call.startedAt,
    isAnswered: result !== null,
    failed,
    exitCode,
    text: text.length > keptLength ? `${text.slice(0, keptLength / 2)}\n${text.slice(-keptLength / 2)}` : text,
    isTelling: text.length >= tellingLength && text.trim().length >= tellingLength,
    shape: failed ? errorShape(text) : outputShape(text),
    advanced: false,
  };
}

/** Some programs say of a failed command that it succeeded, and tell its exit code in the text only. */
const exitCodeText =
  /(?:^|\n)\W{0,3}(?:exit(?:ed)?(?: with)?(?: exit)?(?: code)?|command (?:finished|exited|failed) with (?:exit )?code|return_?code|process exited with code)\W{1,3}(\d{1,3})\b/i;

function exitCodeIn(call: Call, text: string): number | null {
  if (call.command === null) return null;
  const edges = text.length > 600 ? `${text.slice(0, 200)}\n${text.slice(-400)}` : text;
  const code = /exit|code/i.test(edges) ? exitCodeText.exec(edges)?.[1] : undefined;
  return code === undefined ? null : Number(code);
}

/** A search that finds nothing exits with 1 and has not failed. */
function isFailure(
  call: Call,
  { ok, exitCode, text }: { ok: boolean; exitCode: number | null; text: string },
): boolean {
  if (call.kind === 'read' && call.command !== null && exitCode === 1 && text.length < 64) return false;
  return exitCode === null ? !ok : exitCode !== 0;
}

export function isSameCall(a: Step, b: Step): boolean {
  return a.signature === b.signature || (a.looseSignature === b.looseSignature && isSameResult(a, b));
}

export function isSameResult(a: Step, b: Step): boolean {
  return a.isAnswered && b.isAnswered && a.failed === b.failed && a.shape === b.shape;
}

/** What came of it, for a person. */
export function resultLine({ isAnswered, failed, exitCode, text }: Step): string {
  if (!isAnswered) return 'no result was told';
  const how = exitCode === null ? (failed ? 'failed' : 'ok') : `exit code ${exitCode}`;
  const words = shortText(text, 200);
  return words === '' ? `${how}, no output` : `${how}: ${words}`;
}

export function stepLine(step: Step): string {
  return `call ${step.ordinal}: ${callLine(step)} → ${resultLine(step)}`;
}
