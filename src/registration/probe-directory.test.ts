import { expect, test } from 'vitest';
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
  host.files.addDirectory('/taken/anyarch-probe-100-0', { mode: 0o777, uid: 1000 });
  host.files.addLink('/dev/shm/anyarch-probe-100-0', '/etc');
  expect(makeProbeDirectory(host, '/state').path).toBe('/state/anyarch-probe-100-0');
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
