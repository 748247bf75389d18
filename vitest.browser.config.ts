/** The tests of the dashboard in a real browser: one at a time, since frame times are looked at. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/browser/*.test.ts'],
    globalSetup: './test/browser/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', TZ: 'UTC', NO_COLOR: '1' },
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});

export default config;
