import { expect, test } from 'vitest';
import { buildProbe } from '../core/probe/probe.ts';
import type { Executor } from '../host/processes.ts';
import { SystemError } from '../host/system-error.ts';
import { fakeHost } from '../host/testing/index.ts';
import { makeProbeDirectory } from './probe-directory.ts';
import { withProver } from './prove.ts';
import { AnyarchError } from '../core/error.ts';

test('is ours alone, and gone afterwards', () => {
  const host = fakeHost({ system: { environment: { TMPDIR: '/tmp' } } });
  const directory = makeProbeDirectory(host, '/state');
  expect(host.files.status(directory.path)).toMatchObject({ kind: 'directory', mode: 0o700, uid: 0 });
  expect(directory.path).toMatch(/^\/tmp\//);
  directory.remove();
  expect(host.files.list('/tmp')).toEqual([]);
});

test('passes over noexec mounts and what others made first', () => {
  const host = fakeHost({ system: { environment: { TMPDIR: '/noexec', XDG_RUNTIME_DIR: '/taken' } } });
  host.files.mount('/noexec', { type: 0, noExecute: true });
  host.files.addDirectory('/dev/shm', { mode: 0o1777 });
  host.files.addDirectory('/taken/anyarch-probe-100-4026531836-0', { mode: 0o777, uid: 1000 });
  host.files.addLink('/dev/shm/anyarch-probe-100-4026531836-0', '/etc');
  expect(makeProbeDirectory(host, '/state').path).toBe('/state/anyarch-probe-100-4026531836-0');
});

test('removes what commands left that are gone, and nothing else', () => {
  const host = fakeHost({ system: { environment: { TMPDIR: '/tmp' } } });
  host.files.addFile('/proc/200/stat', '');
  const mine = { mode: 0o700 };
  const gone = ['anyarch-probe-300-4026531836-1', 'anyarch-probe-301-4026531836-1'];
  for (const name of gone) host.files.addFile(`/tmp/${name}/1`, 'probe');
  host.files.addFile('/tmp/anyarch-probe-302-4026531836-1', 'no directory');
  host.files.addDirectory('/tmp/anyarch-probe-303-4026531836-1', { ...mine, uid: 1000 });
  host.files.addDirectory('/tmp/other-300-4026531836-1', mine);
  const running = 'anyarch-probe-200-4026531836-1';
  const elsewhere = 'anyarch-probe-300-4026532000-1';
  for (const name of [running, elsewhere]) host.files.addDirectory(`/tmp/${name}`, mine);
  makeProbeDirectory(host, '/state').remove();
  const others = [
    'anyarch-probe-302-4026531836-1',
    'anyarch-probe-303-4026531836-1',
    'other-300-4026531836-1',
  ];
  expect(host.files.list('/tmp').sort()).toEqual([...others, running, elsewhere].sort());
  host.clock.advance(3_600_001);
  makeProbeDirectory(host, '/state').remove();
  expect(host.files.list('/tmp').sort()).toEqual(others.sort());
});

test('does its work although leftovers cannot be removed', () => {
  const host = fakeHost({ system: { environment: { TMPDIR: '/tmp' } } });
  host.files.addDirectory('/tmp/anyarch-probe-300-4026531836-1', { mode: 0o700 });
  host.files.fail({ errno: 'EBUSY', method: 'remove', times: 1 });
  expect(makeProbeDirectory(host, '/state').path).toMatch(/^\/tmp\//);
});

test('says why no place will do; then nothing is proven, and nothing fails', () => {
  const host = fakeHost();
  host.files.fail({ errno: 'EROFS', method: 'makeDirectory' });
  const failure = caught(() => makeProbeDirectory(host, '/state'));
  expect(failure?.details['rejected']).toContain('/tmp: EROFS');
  const proof = withProver(host, '/state', (prover) => prover.prove(['aarch64']).get('aarch64'));
  expect(proof).toMatchObject({
    status: 'not-tried',
    reason: expect.stringContaining('no directory') as string,
  });
});

test('where no directory will do, programs are executed from memory', () => {
  const host = fakeHost();
  host.files.fail({ errno: 'EROFS', method: 'makeDirectory' });
  const executed: Uint8Array[] = [];
  const executor: Executor = {
    ...host.executor,
    inMemory: (program) => `/proc/self/fd/${executed.push(program)}`,
    executeAll: (programs) => programs.map((_, index) => ({ kind: 'exited', code: index === 0 ? 42 : 1 })),
  };
  const proofs = withProver({ ...host, executor }, '/state', (prover) => {
    prover.execute(['i386'], (program) => program.fill(1));
    return prover.prove(['aarch64', 's390x']);
  });
  expect(executed[0]?.every((byte) => byte === 1)).toBe(true);
  expect(executed.slice(1)).toEqual([buildProbe('aarch64', 42), buildProbe('s390x', 42)]);
  expect([...proofs].map(([name, { status }]) => [name, status])).toEqual([
    ['aarch64', 'proven'],
    ['s390x', 'failed'],
  ]);
});

test('where programs may not be executed from memory either, nothing is tried', () => {
  const host = fakeHost();
  host.files.fail({ errno: 'EROFS', method: 'makeDirectory' });
  const inMemory = () => {
    throw new SystemError('EACCES', 'memfd_create');
  };
  const executor: Executor = { ...host.executor, inMemory };
  const proofs = withProver({ ...host, executor }, '/state', (prover) => {
    expect(prover.executeProgram(buildProbe('aarch64', 7))).toBeUndefined();
    return prover.prove(['aarch64']);
  });
  expect(proofs.get('aarch64')).toMatchObject({ status: 'not-tried' });
});

test('an architecture without a probe is not tried', () => {
  expect(withProver(fakeHost(), '/state', (prover) => prover.prove(['vax']).get('vax'))).toEqual({
    status: 'not-tried',
    reason: 'there is no probe for vax',
  });
});

function caught(action: () => unknown): AnyarchError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof AnyarchError ? error : undefined;
  }
}
