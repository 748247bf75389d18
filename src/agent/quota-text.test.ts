import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readQuota, readWait } from './quota-text.ts';

/** Saturday 21 November 2026, 12:00 UTC. */
const now = Date.UTC(2026, 10, 21, 12);
const clock = { now, zone: 'UTC' };
const s = 1_000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

const notices: readonly [text: string, retryAfterMs: number | null][] = [
  // Claude Code
  ['Claude AI usage limit reached|1795266000', 1_795_266_000_000 - now],
  ["You've hit your session limit · resets 3pm (UTC)", 3 * h],
  ["You've hit your session limit · resets 3:30pm (Europe/Berlin)", 2 * h + 30 * m],
  ["You've hit your session limit · resets 3pm (America/Los_Angeles)", 11 * h],
  ["You've hit your weekly limit · resets Nov 24, 3pm (UTC)", 3 * d + 3 * h],
  ["You've hit your weekly limit · resets Jan 2, 9am (UTC)", 42 * d - 3 * h],
  ["You've hit your limit · resets 11am (UTC)", 23 * h],
  ["You've hit your monthly spend limit.", null],
  ['Credit balance is too low', null],
  ['API Error: Request rejected (429) · This request would exceed your rate limit', null],
  // Codex
  ["You've hit your usage limit. Upgrade to Pro or try again in 2h 5m.", 2 * h + 5 * m],
  ["You've hit your usage limit. Try again in 3 days 4 hours 5 minutes.", 3 * d + 4 * h + 5 * m],
  ["You've hit your usage limit. Please try again at 14:05", 2 * h + 5 * m],
  ["You've hit your usage limit. Please try again at 2:05 PM.", 2 * h + 5 * m],
  ["You've hit your usage limit. Please try again at Nov 24th, 2026 3:05 PM.", 3 * d + 3 * h + 5 * m],
  [
    'Rate limit reached for gpt-5.6 in organization org-1 on tokens per min (TPM): Limit 30000. Please try again in 1.5s.',
    1.5 * s,
  ],
  ['Rate limit reached for requests. Please try again in 6m0s.', 6 * m],
  ['exceeded retry limit, last status: 429 Too Many Requests', null],
  // Gemini
  ['You have exhausted your capacity on this model. Your quota will reset after 3h12m5s.', 3 * h + 12 * m + 5 * s],
  ['[API Error: {"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"34s"}]}]', 34 * s],
  ['You exceeded your current quota, please check your plan. Please retry in 34.07s.', 34_070],
  // Copilot, OpenCode, Qwen and services behind them
  ["You've hit your rate limit. Please try again in about 2 hours.", 2 * h],
  ['429 rate_limit_error retry-after: 3600', 3600 * s],
  ['Too many requests; retry-after-ms=1500', 1_500],
  ['rate limited, x-ratelimit-reset: 1795266000', 1_795_266_000_000 - now],
  ['Usage limit reached, resets at 2026-11-21T15:00:00Z', 3 * h],
  ['insufficient_quota', null],
];

for (const [text, retryAfterMs] of notices) {
  // A wait longer than any known window is a misreading.
  const expected = retryAfterMs !== null && retryAfterMs > 40 * d ? null : retryAfterMs;
  test(`P6 reads when the limit is over: ${text}`, () => {
    expect(readQuota(text, clock)).toEqual({ retryAfterMs: expected });
  });
}

test('P6 other errors are no limits', () => {
  for (const text of [
    'API Error: Repeated 529 Overloaded errors. Try again in a moment.',
    'Invalid API key · Please run /login',
    'Prompt is too long',
    'Connection error.',
    'request id req_4290 failed at 10:00',
    '',
  ])
    expect(readQuota(text, clock)).toBeNull();
});

test('P6 a time without a zone is the machine’s own, a time that has just passed is now', () => {
  expect(readWait('try again at 14:05', { now, zone: 'Asia/Tokyo' })).toBe(17 * h + 5 * m);
  expect(readWait('resets 12pm (UTC)', { now: now + 20 * s, zone: 'UTC' })).toBe(0);
  expect(readWait('resets 3pm (Nowhere/Land)', clock)).toBeNull();
});

test('P6 I20 any text is read, and no wait is negative or endless', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.string(), fc.constantFrom(...notices.map(([text]) => text), 'resets ', ' at ', '99:99', '1e9')),
        {
          maxLength: 6,
        },
      ),
      (parts) => {
        const wait = readWait(parts.join(''), clock);
        expect(wait === null || (wait >= 0 && wait <= 40 * d)).toBe(true);
      },
    ),
  );
});
