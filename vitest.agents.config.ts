/** The tests with real agents' programs: they wait more than they work, but one of the programs takes two gigabytes. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/agents/*.test.ts'],
    globalSetup: './test/agents/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', TZ: 'UTC', NO_COLOR: '1' },
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});

export default config;
