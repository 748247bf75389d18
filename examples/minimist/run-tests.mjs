/**
 * Runs the package's own tests: tape begins when all of its files are loaded, hence `require`, which does not wait in between.
 *
 * Workspaces lie below the project, so Node finds the project's node_modules from each of them; nothing has to be copied.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const files = readdirSync(new URL('test/', import.meta.url)).filter((name) => name.endsWith('.js'));
for (const name of files) require(`./test/${name}`);
