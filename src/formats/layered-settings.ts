/** Settings of a whole plan: the lines `unblock:`, `layers:`, `landing:`, `finish:` and `Check:` above its first layer and task. */
import type { Finding, PlanDraft } from '../core/plan.ts';
import { finishes, landingModes, type Finish, type LandingMode } from '../core/pull-request.ts';
import { cleanText } from './clean-text.ts';
import { excerpt, warningAt } from './format.ts';
import { readCode, readInline, writeCode, writeInline } from './markdown-inline.ts';
import type { MarkdownLine } from './markdown-lines.ts';

export interface PlanSettings {
  unblock: PlanDraft['unblock'];
  layers: PlanDraft['layers'];
  checks: Set<string>;
  landing?: LandingMode;
  finish?: Finish;
}

const pattern =
  /^ {0,3}(?:[-*+][ \t]+)?(?:\*\*)?(unblock|layers|landing|finish|checks?)(?:\*\*)?[ \t]*:(?:\*\*)?(.*)$/is;

/** Takes the line into `settings` when it is one; any other line is prose. */
export function readPlanSetting(line: MarkdownLine, settings: PlanSettings, findings: Finding[]): void {
  const found = pattern.exec(readInline(cleanText(line.text)));
  if (found === null) return;
  const name = (found[1] ?? '').toLowerCase();
  const value = (found[2] ?? '').trim();
  const word = /^[a-z-]*/i.exec(value)?.[0].toLowerCase();
  if (name === 'unblock' && (word === 'done' || word === 'landed')) settings.unblock = word;
  else if (name === 'layers' && (word === 'hints' || word === 'hard')) settings.layers = word;
  else if (name === 'landing' && isOneOf(landingModes, word)) settings.landing = word;
  else if (name === 'finish' && isOneOf(finishes, word)) settings.finish = word;
  else if (name.startsWith('check') && value !== '') addCheck(settings.checks, value);
  else {
    const choice = choices[name] ?? 'a command';
    const message = `"${name}: ${excerpt(value)}" is not read as a setting: its value is ${choice}`;
    findings.push(warningAt({ line: line.number, task: null }, 'bad-setting', message));
  }
}

const choices: Readonly<Record<string, string>> = {
  unblock: 'done or landed',
  layers: 'hints or hard',
  landing: landingModes.join(', '),
  finish: finishes.join(', '),
};

function isOneOf<T extends string>(values: readonly T[], word: string | undefined): word is T {
  return (values as readonly (string | undefined)[]).includes(word);
}

type Written = Pick<PlanDraft, 'unblock' | 'layers' | 'checks' | 'landing' | 'finish'>;

export function writePlanSettings(settings: Written): string[] {
  const lines: string[] = [];
  if (settings.unblock !== null) lines.push(`unblock: ${settings.unblock}`);
  if (settings.layers !== null) lines.push(`layers: ${settings.layers}`);
  if (settings.landing !== undefined) lines.push(`landing: ${settings.landing}`);
  if (settings.finish !== undefined) lines.push(`finish: ${settings.finish}`);
  return [...lines, ...settings.checks.map((check) => writeInline(`Check: ${checkText(check)}`))];
}

/** Adds a check once; `None` and backquotes around the command are no part of it. */
export function addCheck(checks: Set<string>, value: string): void {
  if (/^none$/i.test(value)) return;
  const check = readCode(value).trim();
  if (check !== '') checks.add(check);
}

/** One line that {@link addCheck} reads back as it is. */
export function checkText(check: string): string {
  const text = cleanText(check.replaceAll(/[\r\n]+/g, ' ')).trim();
  return /^none$/i.test(text) || readCode(text) !== text ? writeCode(text) : text;
}
