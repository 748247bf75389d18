/** Before the tests with real agents' programs: installs those that are missing and tells which cannot be had. */
import type { TestProject } from 'vitest/node';
import { clis, programOf } from './clis.ts';
import { installCli } from './install.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Name of each program that cannot be had, and why. */
    missing: Record<string, string>;
    /** Name of each other program, and its path. */
    programs: Record<string, string>;
  }
}

/** `ORBIT_TEST_AGENTS=claude,codex` takes only these. */
export default async function setup(project: TestProject): Promise<void> {
  const chosen = process.env['ORBIT_TEST_AGENTS']?.split(',');
  const missing: Record<string, string> = {};
  const programs: Record<string, string> = {};
  for (const cli of clis) {
    const fault = chosen?.includes(cli.name) === false ? 'not among ORBIT_TEST_AGENTS' : await installCli(cli);
    if (fault === null) {
      programs[cli.name] = programOf(cli);
      continue;
    }
    missing[cli.name] = fault;
    process.stdout.write(`no tests with ${cli.name} ${cli.version}: ${fault}\n`);
  }
  project.provide('missing', missing);
  project.provide('programs', programs);
}
