import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { leasePorts, portFolder, portVariables, sweepPorts, type PortLease } from './port-lease.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'orbit-test-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return join(made, 'ports');
}

/** A range that the tests of this file have for themselves: below what systems give out, beside the default. */
const first = 19_300;

test('P11 I16 ports are unique among all that live, and given back at the end', async () => {
  const home = folder();
  const order = { count: 2, first, last: first + 19, folder: home };
  const leases = await Promise.all(Array.from({ length: 10 }, async () => leasePorts(order)));
  const ports = leases.flatMap((lease) => lease.ports);
  expect(new Set(ports).size).toBe(20);
  await expect(leasePorts({ ...order, count: 1 })).rejects.toMatchObject({ code: 'no-port-free', retryable: true });
  await leases[0]?.release();
  await using again = await leasePorts(order);
  expect(new Set(again.ports)).toEqual(new Set(leases[0]?.ports));
  await Promise.all(leases.map(async (lease) => lease.release()));
  await again.release();
  expect(readdirSync(home)).toEqual([]);
});

test.each(['127.0.0.1', '0.0.0.0', '::'])(
  'P11 a port that something listens on at %s is not given out',
  async (host) => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, host, listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const order = { count: 1, first: port, last: port, folder: folder() };
    await expect(leasePorts(order)).rejects.toMatchObject({ code: 'no-port-free' });
  },
);

test('I15 the ports of a killed process are free at once, and its locks are swept', async () => {
  const home = folder();
  const order = { count: 2, first: first + 20, last: first + 21, folder: home };
  const module = fileURLToPath(new URL('port-lease.ts', import.meta.url));
  const script = `const { leasePorts } = await import(${JSON.stringify(module)});
    await leasePorts(${JSON.stringify(order)}); console.log('has'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((has) => child.stdout.once('data', has));
  await expect(leasePorts(order)).rejects.toMatchObject({ code: 'no-port-free' });
  child.kill('SIGKILL');
  await new Promise((gone) => child.once('close', gone));
  const lease: PortLease = await leasePorts({ ...order, count: 1 });
  await sweepPorts(home);
  expect(readdirSync(home)).toEqual([String(lease.ports[0])]);
  await lease.release();
});

test('P11 how ports are told', () => {
  expect(portVariables([7, 9, 8])).toEqual({ ORBIT_PORT: '7', ORBIT_PORT_1: '9', ORBIT_PORT_2: '8' });
  expect(portVariables([])).toEqual({});
  const runtime = folder();
  expect(portFolder({ XDG_RUNTIME_DIR: runtime })).toBe(join(runtime, 'orbit/ports'));
  expect(portFolder({ XDG_RUNTIME_DIR: '/dev/null/none' })).toMatch(/orbit-\d+\/ports$/);
  expect(portFolder({})).toMatch(/orbit-\d+\/ports$/);
});
