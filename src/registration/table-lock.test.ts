import { beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { binfmtAt } from '../host/binfmt-at.ts';
import { fakeHost } from '../host/testing/index.ts';
import { unregister } from './unregister.ts';
import { registrationHost } from './testing/registration-host.ts';
import { withTableLock } from './table-lock.ts';

describe('withTableLock', () => {
  let held: string[];
  let host: Host;
  beforeEach(() => {
    held = [];
    host = withLock(fakeHost(), (path) => {
      if (held.length > 0) return undefined;
      held.push(path);
      return () => {
        held = [];
      };
    });
  });

  it('holds the lock during the action, whatever becomes of it', () => {
    expect(withTableLock(host, () => held.length)).toBe(1);
    expect(held).toEqual([]);
    expect(() =>
      withTableLock(host, () => {
        throw new RangeError('of the action');
      }),
    ).toThrow(RangeError);
    expect(held).toEqual([]);
  });

  it('waits for another holder, then says so', () => {
    held = ['somebody'];
    const start = host.clock.monotonic();
    expect(() => withTableLock(host, () => 'never')).toThrowWithCode('ANYARCH_LOCKED');
    expect(host.clock.monotonic() - start).toBeGreaterThanOrEqual(10_000);
    expect(held).toEqual(['somebody']);
  });

  it('goes on once the other has ended', () => {
    held = ['somebody'];
    const clock = {
      ...host.clock,
      sleep: () => {
        held = [];
      },
    };
    expect(withTableLock({ ...host, clock }, () => held.length)).toBe(1);
  });

  it('takes the lock of the table that was given, wherever it is', () => {
    const given = { ...host, binfmt: binfmtAt(host, '/binfmt') };
    expect(withTableLock(given, () => held)).toEqual(['/binfmt']);
  });

  it.each(['EROFS', 'EACCES', 'ENOSYS'])('leaves %s to what follows', (errno) => {
    const refusing = withLock(fakeHost(), () => {
      throw new SystemError(errno, 'flock', '/register');
    });
    expect(withTableLock(refusing, () => 'done')).toBe('done');
  });

  it('does without where there is none', () => {
    expect(withTableLock(fakeHost(), () => 'done')).toBe('done');
  });
});

it('registers and unregisters with the lock', () => {
  const { host, register } = registrationHost();
  const binfmt = { ...host.binfmt, tryLock: () => undefined };
  register({ architectures: ['arm64'] });
  expect(() => unregister({ ...host, binfmt }, { architectures: 'all' })).toThrowWithCode('ANYARCH_LOCKED');
  expect(unregister(host, { architectures: 'all' }).results).toMatchObject([{ action: 'remove' }]);
});

function withLock(host: Host, tryLock: (path: string) => (() => void) | undefined): Host {
  const { path } = host.binfmt;
  return { ...host, binfmt: { ...host.binfmt, tryLock: (at = path) => tryLock(at) } };
}
