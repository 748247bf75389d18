/**
 * The report as one HTML page that needs nothing else: no script, no font, no address outside.
 *
 * Owns the page. Invariant: every word that people or agents wrote is escaped, and the page's own policy forbids scripts.
 */
import type { Report } from '../actions/report.ts';
import type { PlanStatus } from '../actions/report-plan.ts';
import type { PlanTimes } from '../actions/time-plan.ts';
import { redundantLines, spendHead, spendRow } from './work-words.ts';
import { duration } from './words.ts';

/** @returns a whole HTML document. */
export function reportPage(report: Report): string {
  const { plans, times, at } = report;
  const title = plans.length === 1 ? `Plan ${plans[0]?.plan ?? ''}` : `${plans.length} plans`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}: report</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="quiet">As of <time datetime="${at}">${at.replace('T', ' ').slice(0, 19)} UTC</time></p>
${plans.map((plan, index) => planSection(plan, times[index])).join('\n')}
${workSection(report)}
${outcomeSection(report)}
</main>
</body>
</html>
`;
}

function planSection(status: PlanStatus, times: PlanTimes | undefined): string {
  const counts = Object.entries(status.counts).filter(([, number]) => number > 0);
  return `<section>
<h2>${escaped(status.title)}</h2>
<p>${status.completed} of ${status.total} tasks complete, landing on <code>${escaped(status.target.replace(/^refs\/heads\//, ''))}</code>. ${counts
    .map(([name, number]) => `<span class="chip ${name}">${number} ${name}</span>`)
    .join(' ')}</p>
${table(
  ['Layer', 'Complete', 'Being worked on', 'Needs you'],
  status.layers.map((layer) => [
    layer.layer === null ? 'no layer' : `${layer.layer}: ${layer.title}`,
    `${layer.completed} of ${layer.total}`,
    layer.running.map(({ task, agent }) => `${task} by ${agent}`).join(', '),
    layer.needsYou.map(({ task, kind, reason }) => `${task}: ${kind}: ${reason}`).join('\n'),
  ]),
)}
${times === undefined ? '' : timeSection(times)}
</section>`;
}

function timeSection(times: PlanTimes): string {
  if (times.from === null || times.to === null) return '<p>Nobody has worked on it yet.</p>';
  const from = Date.parse(times.from);
  const ends = times.tasks.flatMap(({ attempts, landedAt }) => [
    ...attempts.map(({ to }) => Date.parse(to)),
    ...(landedAt === null ? [] : [Date.parse(landedAt)]),
  ]);
  const span = Math.max(1, ...ends.map((end) => end - from));
  const rows = times.tasks.map((task) => bars(task, { from, span }));
  const chain = times.chain.map(({ task, waitedMs, workedMs, retriedMs, landingMs }) => [
    task,
    ...[waitedMs, workedMs, retriedMs, landingMs].map((ms) => (ms === 0 ? '' : duration(ms))),
  ]);
  return `<h3>Time line, ${duration(span)}</h3>
<table class="lines"><thead><tr><th>Task</th><th>Attempts</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
<p class="quiet">A bar is an attempt: full when it was proven, hatched when it was not, outlined while it runs; the line is the landing. Tasks marked ▸ are on the chain that set the end.</p>
<h3>The chain that set the end</h3>
${table(['Task', 'Waited', 'Worked', 'Failed and tried again', 'Landing'], chain)}
${times.advice.length === 0 ? '' : `<ul>${times.advice.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`}`;
}

function bars(
  { task, title, onChain, attempts, landedAt }: PlanTimes['tasks'][number],
  { from, span }: { from: number; span: number },
): string {
  const percent = (ms: number): string => ((100 * ms) / span).toFixed(2);
  const drawn = attempts.map((attempt) => {
    const left = Date.parse(attempt.from) - from;
    const ms = Date.parse(attempt.to) - Date.parse(attempt.from);
    const kind = attempt.outcome === null ? 'running' : attempt.outcome === 'done' ? 'done' : 'failed';
    const words = `${attempt.token} ${attempt.agent}: ${attempt.outcome ?? 'running'}, ${duration(ms)}`;
    return `<i class="bar ${kind}" style="left:${percent(left)}%;width:${percent(ms)}%" role="img" aria-label="${escaped(words)}" title="${escaped(words)}"></i>`;
  });
  const landing =
    landedAt === null
      ? ''
      : `<i class="landing-mark" style="left:${percent(Date.parse(landedAt) - from)}%" role="img" aria-label="landed" title="landed ${landedAt}"></i>`;
  return `<tr><th scope="row">${onChain ? '▸ ' : ''}${escaped(task)} <span class="quiet">${escaped(title.slice(0, 80))}</span></th><td><div class="track">${drawn.join('')}${landing}</div></td></tr>`;
}

function workSection(report: Report): string {
  const { landed, spend } = report;
  if (landed.length + spend.length === 0) return '';
  const [sentence = 'Nothing was done for nothing.', ...causes] = redundantLines(report);
  return `<section>
<h2>What landed</h2>
${table(
  ['Task', 'Title', 'When', 'Commit', 'Agent', 'Attempts'],
  landed.map((row) => [
    row.task,
    row.title,
    row.at.slice(0, 16).replace('T', ' '),
    row.commit?.slice(0, 12) ?? '',
    row.agent ?? '',
    String(row.attempts),
  ]),
)}
<h2>What it cost</h2>
${table(spendHead, spend.map(spendRow))}
<p class="quiet">Reported: as the agents' programs told. Estimated: tokens whose cost nobody told, at what the same model was reported to cost here.</p>
<h3>Redundant work</h3>
<p>${escaped(sentence)}</p>
${causes.length === 0 ? '' : `<ul>${causes.map((line) => `<li>${escaped(line.trim())}</li>`).join('')}</ul>`}
</section>`;
}

function outcomeSection({ outcomes, hints, conflicts }: Report): string {
  if (outcomes.length === 0) return '';
  const rows = outcomes.map((row) => [
    row.adapter ?? 'by hand',
    row.model ?? '',
    row.rung,
    String(row.attempts),
    `${row.done} (${Math.round((100 * row.done) / Math.max(1, row.attempts))} %)`,
    String(row.failed),
    String(row.handedOver),
    row.tokens === 0 ? '' : String(row.tokens),
    row.costUsd === 0 ? '' : `$${row.costUsd.toFixed(2)}`,
    `${row.minutes.toFixed(1)} min`,
  ]);
  const told = hints.map((row) => [row.rule, String(row.hints), String(row.progress), String(row.success)]);
  return `<section>
<h2>Agents and models</h2>
${table(['Adapter', 'Model', 'Rung', 'Attempts', 'Proven', 'Failed', 'Handed over', 'Tokens', 'Cost as reported', 'Time'], rows)}
${told.length === 0 ? '' : `<h3>Hints</h3>${table(['Rule', 'Hints', 'Progress after', 'Proven after'], told)}`}
<h3>Conflicts</h3>
<p>${conflicts.seenAhead} tasks were seen to conflict ahead of landing, ${conflicts.avoided} of them were never sent back; ${conflicts.sentBack} were sent back from landing because of a conflict (${(100 * conflicts.sentBackShare).toFixed(1)} %).</p>
</section>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string => row.map((cell) => `<td>${escaped(cell)}</td>`).join('');
  return `<div class="wide"><table><thead><tr>${head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join('\n')}</tbody></table></div>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for between tags and for attributes in quotes; control characters, which could reorder or hide text, are shown as �. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '').replaceAll(/[^\P{C}\t\n]/gu, '\ufffd');
}

const style = `
:root{color-scheme:light dark;--line:#8884;--quiet:#666;--done:#2e7d4f;--failed:#b3452f;--running:#9a6b00}
@media (prefers-color-scheme:dark){:root{--quiet:#aaa;--done:#5fc08a;--failed:#f08b74;--running:#e0b04a}}
body{font:15px/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem}
main{max-width:72rem;margin:auto}
h1{margin:0}h2{margin:2rem 0 .5rem}h3{margin:1.5rem 0 .5rem;font-size:1rem}
.quiet{color:var(--quiet);font-weight:400}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);white-space:pre-wrap}
.lines{table-layout:fixed}.lines th:first-child{width:16rem;font-weight:600;overflow-wrap:anywhere}
.track{position:relative;height:1.2rem}
.bar{position:absolute;top:.15rem;height:.9rem;min-width:3px;border-radius:2px;box-sizing:border-box;background:var(--done)}
.bar.failed{background:repeating-linear-gradient(45deg,var(--failed) 0 4px,transparent 4px 7px);border:1px solid var(--failed)}
.bar.running{background:transparent;border:2px solid var(--running)}
.landing-mark{position:absolute;top:0;height:1.2rem;border-left:2px solid currentColor}
.chip{border:1px solid var(--line);border-radius:1rem;padding:0 .6rem;white-space:nowrap}
@media print{body{padding:0}}
`;
