import { beforeEach, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import { acquireLock, tryLock, withLock } from './lock.ts';
import { ownIdentity } from './lock-holder.ts';
import type { LockHolder } from './lock-holder.ts';
import { fakeHost } from './testing/fake-host.ts';
import type { FakeHost } from './testing/fake-host.ts';

const path = '/run/anyarch/lock';

describe('withLock', () => {
  let host: FakeHost;
  beforeEach(() => {
    host = fakeHost();
    host.files.addDirectory('/run/anyarch');
  });

  /** A process of another number that has the lock. */
  const heldBy = (changes: Partial<LockHolder>, stat?: string): void => {
    const holder = { ...ownIdentity(host.files), pid: 77, nonce: 'one-1', ...changes };
    host.files.addFile(path, JSON.stringify(holder));
    if (stat !== undefined) host.files.addFile('/proc/77/stat', stat);
    host.files.addFile('/proc/77/cmdline', 'anyarch\0register\0arm64\0');
  };
  const statOf = (state: string, startTime: number) =>
    `77 (a) b (x) ${state} ${'1 '.repeat(18)}${startTime} 0\n`;

  it('holds the lock during the action and leaves nothing behind', () => {
    const during = withLock(host, path, () => host.files.list('/run/anyarch'));
    expect(during).toEqual(['lock']);
    expect(host.files.list('/run/anyarch')).toEqual([]);
    expect(() =>
      withLock(host, path, () => {
        throw new RangeError('of the action');
      }),
    ).toThrow(RangeError);
    expect(host.files.list('/run/anyarch')).toEqual([]);
  });

  it('waits for a living holder, then says who it is', () => {
    heldBy({}, statOf('S', 5000));
    const start = host.clock.monotonic();
    expect(() => withLock(host, path, () => 'never', { waitMs: 500 })).toThrowWithCode('ANYARCH_LOCKED');
    expect(host.clock.monotonic() - start).toBeGreaterThanOrEqual(500);
    expect(host.clock.monotonic() - start).toBeLessThan(600);
    expect(() => acquireLock(host, path, { waitMs: 0 })).toThrow(
      'locked by process 77 (anyarch register arm64)',
    );
  });

  it('is held by this process too', () => {
    withLock(host, path, () => {
      expect(tryLock(host, path)).toMatchObject({ heldBy: { pid: host.system.pid } });
    });
  });

  it.each([
    ['is gone', {}, undefined],
    ['is a zombie', {}, statOf('Z', 5000)],
    ['had the number before another process', {}, statOf('S', 9999)],
    ['ran before the last boot', { bootId: 'another' }, statOf('S', 5000)],
  ])('takes the lock over from a process that %s', (_, changes, stat) => {
    heldBy(changes, stat);
    const during = withLock(host, path, () => host.files.list('/run/anyarch'), { waitMs: 0 });
    expect(during).toEqual(['lock', 'lock.after-one-1']);
    expect(host.files.list('/run/anyarch')).toEqual([]);
  });

  it('takes over from a dead process that had taken over', () => {
    heldBy({});
    const second = { ...ownIdentity(host.files), pid: 78, nonce: 'two-2' };
    host.files.addFile(`${path}.after-one-1`, JSON.stringify(second));
    expect(withLock(host, path, () => host.files.list('/run/anyarch').length, { waitMs: 0 })).toBe(3);
    expect(host.files.list('/run/anyarch')).toEqual([]);
  });

  it('takes nothing from a process in another pid namespace, which it cannot see', () => {
    heldBy({ pidNamespace: 'pid:[1]' });
    const attempt = () => acquireLock(host, path, { waitMs: 0 });
    expect(attempt).toThrowWithCode('ANYARCH_LOCKED');
    // Not by the process that has the number here.
    expect(attempt).toThrow(`${path} is locked by process 77 of another container or machine`);
  });

  it.each([
    '',
    '{"pid":',
    '{"pid":1}',
    '{"pid":1,"startTime":"1","bootId":"b","pidNamespace":"p","nonce":"../x"}',
  ])('leaves a lock alone that says %j', (text) => {
    host.files.addFile(path, text);
    expect(() => acquireLock(host, path, { waitMs: 0 })).toThrow('does not say by whom');
    expect(host.files.read(path)).toEqual(encodeUtf8(text));
  });

  it('gives back a succession that was released while it was taken', () => {
    heldBy({});
    // Between reading the dead holder's lock and succeeding it, another process had it, released it and took it anew.
    const files = {
      ...host.files,
      createExclusive: (file: string, data: Uint8Array) => {
        host.files.addFile(path, JSON.stringify({ ...ownIdentity(host.files), nonce: 'new-3' }));
        host.files.createExclusive(file, data);
      },
    };
    expect(tryLock({ ...host, files }, path)).toMatchObject({ heldBy: { nonce: 'new-3' } });
    expect(host.files.list('/run/anyarch')).toEqual(['lock']);
  });

  it('releases once, whatever comes after', () => {
    const lock = acquireLock(host, path);
    lock.release();
    const other = acquireLock(host, path);
    lock.release();
    expect(host.files.list('/run/anyarch')).toEqual(['lock']);
    other.release();
  });
});
