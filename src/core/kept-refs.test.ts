import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attemptNames,
  conflictRef,
  fullRefs,
  keepsWork,
  keptFolders,
  readKeptRef,
  restackedRefs,
  type PieceKind,
} from './kept-refs.ts';

test('I7 P1 every ref that work is kept under is read back as what it is', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/);
  fc.assert(
    fc.property(name, name, fc.integer({ min: 1 }), (plan, task, token) => {
      const key = `${plan}/${task}` as const;
      const { branch, ref, salvage } = attemptNames(key, token);
      const kept: Record<PieceKind, string> = {
        attempt: ref,
        salvage: `${salvage}-2`,
        conflict: conflictRef(key, token),
        restacked: `${restackedRefs(key)}${token}-0123456789ab`,
        branch: `refs/heads/${branch}`,
      };
      for (const [kind, full] of Object.entries(kept)) {
        expect(readKeptRef(full)).toEqual({ kind, task, token });
        expect(keepsWork(full)).toBe(true);
        const shown = full.replace(/^refs\/(?:orbit|heads)\//, '');
        expect(fullRefs(shown)).toContain(full);
      }
    }),
  );
});

test('P1 what lies elsewhere keeps no work', () => {
  for (const ref of [
    'refs/heads/main',
    'refs/heads/orbit/001',
    'refs/orbit/landed/7-T1',
    'refs/orbit/attempts',
    'HEAD',
    '',
  ])
    expect([keepsWork(ref), readKeptRef(ref)]).toEqual([false, null]);
  // Somebody else's in a folder of Orbit's: never taken for an attempt's, and not given up by a wrong guess.
  for (const folder of Object.values(keptFolders)) expect(readKeptRef(`${folder}/mine`)).toBeNull();
});
