import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskUseBytes } from './disk-use.ts';

test('P11 the disk use of a directory counts files below it and follows no links', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-disk-'));
  try {
    const large = join(directory, 'large');
    writeFileSync(large, Buffer.alloc(3_000_000, 1));
    mkdirSync(join(directory, 'a', 'b'), { recursive: true });
    symlinkSync(large, join(directory, 'a', 'b', 'link'));
    symlinkSync(directory, join(directory, 'a', 'ring'));
    const once = await diskUseBytes(join(directory, 'a'));
    expect(once).toBeLessThan(100_000);
    linkSync(large, join(directory, 'a', 'b', 'same'));
    expect(await diskUseBytes(join(directory, 'a'))).toBeGreaterThanOrEqual(3_000_000);
    expect(await diskUseBytes(join(directory, 'missing'))).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
