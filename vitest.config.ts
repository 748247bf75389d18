/** How the tests run: real processes and real git, so each file gets a process of its own and a neutral environment. */
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.ts'],
    // These need programs of 2 GB in all (`npm run test:agents`), or a browser (`npm run test:browser`).
    exclude: [...configDefaults.exclude, 'test/agents/*.test.ts', 'test/browser/*.test.ts'],
    setupFiles: ['./test/support/fixed-seed.ts'],
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // Nobody's git settings, time zone or colours decide whether a test passes; a fresh machine has none.
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', TZ: 'UTC', NO_COLOR: '1' },
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});

export default config;
