#!/usr/bin/env node
/**
 * Runs the example from nothing: fetches minimist's source, makes a repository of it, lets Orbit work through the plan with
 * three command agents, and checks the result with git and the package's own tests.
 *
 * usage: node examples/minimist/run.mjs [--keep]      (build Orbit first: npm run build)
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = 'minimist@1.2.8';
const testRunner = 'tape@5.9.0';
const here = fileURLToPath(new URL('.', import.meta.url));
const orbit = fileURLToPath(new URL('../../bin/orbit', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'orbit-example-'));
const project = join(root, 'package');

try {
  fetchProject();
  addPlan();
  run(process.execPath, [orbit, 'init'], project);
  run(process.execPath, [orbit, 'run', '001'], project);
  verify();
} finally {
  if (process.argv.includes('--keep')) console.log(`kept: ${project}`);
  else rmSync(root, { recursive: true, force: true });
}

function fetchProject() {
  console.log(`fetching ${source} and ${testRunner}`);
  const [archive] = JSON.parse(output('npm', ['pack', source, '--json', '--silent'], root));
  run('tar', ['-xzf', archive.filename], root);
  const tools = join(root, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', testRunner], tools);
  renameSync(join(tools, 'node_modules'), join(project, 'node_modules'));
}

function addPlan() {
  for (const name of ['agent.mjs', 'new', 'orbit.config.json', 'run-tests.mjs'])
    cpSync(join(here, name), join(project, name), { recursive: true });
  const folder = join(project, 'specs', '001', 'agent-tasks');
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, 'layered-tasks.md'), join(folder, 'layered-tasks.md'));
  appendFileSync(join(project, '.gitignore'), 'node_modules\n');
  run('git', ['init', '--quiet', '--initial-branch=main'], project);
  run('git', ['config', 'user.name', 'Example'], project);
  run('git', ['config', 'user.email', 'example@localhost'], project);
  run('git', ['add', '--all'], project);
  run('git', ['commit', '--quiet', '-m', `Take ${source} as it is`], project);
}

/** A second look, without Orbit: all ten changes are on the branch, once, and the tests pass there. */
function verify() {
  const log = output(
    'git',
    ['log', '--first-parent', '--format=%(trailers:key=Orbit-Task,valueonly)', 'main..orbit/001'],
    project,
  );
  const landed = log.split('\n').filter(Boolean).sort();
  if (landed.length !== 10 || new Set(landed).size !== 10)
    throw new Error(`expected ten landings, found: ${landed.join(', ')}`);
  run('git', ['merge', '--quiet', '--ff-only', 'orbit/001'], project);
  output(process.execPath, ['node_modules/tape/bin/tape', 'test/*.js'], project);
  console.log(`verified: ${landed.length} changes landed once each, and the package's own tests pass on the result`);
}

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

function output(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
