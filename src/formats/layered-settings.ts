/** Settings of a whole plan: the lines `unblock:`, `layers:` and `Check:` above its first layer and task. */
import type { Finding, PlanDraft } from '../core/plan.ts';
import { cleanText } from './clean-text.ts';
import { excerpt, warningAt } from './format.ts';
import { readCode, readInline, writeCode, writeInline } from './markdown-inline.ts';
import type { MarkdownLine } from './markdown-lines.ts';

export interface PlanSettings {
  unblock: PlanDraft['unblock'];
  layers: PlanDraft['layers'];
  checks: Set<string>;
}

const pattern = /^ {0,3}(?:[-*+][ \t]+)?(?:\*\*)?(unblock|layers|checks?)(?:\*\*)?[ \t]*:(?:\*\*)?(.*)$/is;

/** Takes the line into `settings` when it is one; any other line is prose. */
export function readPlanSetting(line: MarkdownLine, settings: PlanSettings, findings: Finding[]): void {
  const found = pattern.exec(readInline(cleanText(line.text)));
  if (found === null) return;
  const name = (found[1] ?? '').toLowerCase();
  const value = (found[2] ?? '').trim();
  const word = /^[a-z]*/i.exec(value)?.[0].toLowerCase();
  if (name === 'unblock' && (word === 'done' || word === 'landed')) settings.unblock = word;
  else if (name === 'layers' && (word === 'hints' || word === 'hard')) settings.layers = word;
  else if (name.startsWith('check') && value !== '') addCheck(settings.checks, value);
  else {
    const choice = { unblock: 'done or landed', layers: 'hints or hard' }[name] ?? 'a command';
    const message = `"${name}: ${excerpt(value)}" is not read as a setting: its value is ${choice}`;
    findings.push(warningAt({ line: line.number, task: null }, 'bad-setting', message));
  }
}

export function writePlanSettings(settings: Pick<PlanDraft, 'unblock' | 'layers' | 'checks'>): string[] {
  const lines: string[] = [];
  if (settings.unblock !== null) lines.push(`unblock: ${settings.unblock}`);
  if (settings.layers !== null) lines.push(`layers: ${settings.layers}`);
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
