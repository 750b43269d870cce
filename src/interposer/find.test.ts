import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import type { Emulator } from '../emulators/index.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { fingerprintOf } from './blob.ts';
import { findInterposed } from './find.ts';
import { interposedOf } from './index.ts';
import { recordDocument, recordPath, withRecord, type InterposedRecord } from './record.ts';

const build = '/package/build';
const state = '/var/lib/anyarch';
const hex = (digit: string): string => digit.repeat(64);
const path = `${state}/store/sha256/${hex('b')}/qemu-aarch64`;
const emulator: Emulator = {
  target: 'aarch64',
  path: '/usr/bin/qemu-aarch64',
  version: '11.1.3',
  linkage: 'static-pie',
  origin: 'system',
  preservesArgv0: true,
};

function machine(): FakeHost {
  const host = fakeHost({ system: { machine: 'x86_64', uid: 0, environment: {} } });
  for (const [file, content] of [
    [`${build}/interposer/x86_64.bin`, 'blob'],
    [emulator.path, 'qemu'],
    [path, 'qemu and blob'],
  ] as const) {
    host.files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    host.files.writeAtomic(file, encodeUtf8(content), 0o755);
  }
  return host;
}

function fingerprint(host: FakeHost, file: string) {
  const found = fingerprintOf(host, file);
  if (found === undefined) throw new Error(`${file} is not there`);
  return found;
}

function recordOf(host: FakeHost): InterposedRecord & { suite: NonNullable<InterposedRecord['suite']> } {
  return {
    original: { ...fingerprint(host, emulator.path), path: emulator.path, sha256: hex('a'), version: '1' },
    interposer: { ...fingerprint(host, `${build}/interposer/x86_64.bin`), sha256: hex('c') },
    arguments: [],
    stored: { ...fingerprint(host, path), sha256: hex('b'), file: 'qemu-aarch64' },
    suite: {
      outcome: 'passed',
      kind: 'all',
      cases: 104,
      milliseconds: 900,
      at: '2026-11-22T03:00:00.000Z',
      kernelRelease: host.system.kernelRelease,
    },
  };
}

function write(host: FakeHost, ...records: readonly unknown[]): void {
  host.files.makeDirectory(`${state}/interposed`);
  const text = JSON.stringify(recordDocument(records as InterposedRecord[]));
  host.files.writeAtomic(recordPath(state, 'aarch64'), encodeUtf8(text));
}

const interposed = {
  emulator: {
    ...emulator,
    path,
    sha256: hex('b'),
    interposed: { originalSha256: hex('a'), interposerSha256: hex('c'), arguments: [] },
  },
};

describe('findInterposed', () => {
  it('knows what was made and proven', () => {
    const host = machine();
    expect(findInterposed(host, emulator, { build })).toBeUndefined();
    write(host, recordOf(host));
    expect(findInterposed(host, emulator, { build })).toEqual(interposed);
    expect(interposedOf(host, { build })(emulator)).toEqual(interposed.emulator);
    // By its digest, wherever it lies.
    const moved = { ...emulator, path: '/elsewhere', sha256: hex('a') };
    expect(findInterposed(host, moved, { build })?.emulator.path).toBe(path);
    expect(findInterposed(host, { ...moved, sha256: hex('d') }, { build })).toBeUndefined();
    // What is registered at boot is one already.
    const twin = { ...emulator, sha256: hex('b') };
    expect(findInterposed(host, twin, { build })?.emulator).toEqual({
      ...twin,
      interposed: interposed.emulator.interposed,
    });
  });

  it.each<[string, (host: FakeHost) => void]>([
    [
      'another interposer',
      (host) => {
        host.files.writeAtomic(`${build}/interposer/x86_64.bin`, encodeUtf8('b'));
      },
    ],
    [
      'another QEMU',
      (host) => {
        host.files.writeAtomic(emulator.path, encodeUtf8('q'), 0o755);
      },
    ],
    [
      'damage',
      (host) => {
        host.files.writeAtomic(path, encodeUtf8('half'), 0o755);
      },
    ],
    [
      'its loss',
      (host) => {
        host.files.remove(path);
      },
    ],
    [
      'a damaged record',
      (host) => {
        host.files.writeAtomic(recordPath(state, 'aarch64'), encodeUtf8('{'));
      },
    ],
    [
      'another kernel',
      (host) => {
        const { suite, ...rest } = recordOf(host);
        write(host, { ...rest, suite: { ...suite, kernelRelease: '7.0' } });
      },
    ],
    [
      'other options',
      (host) => {
        write(host, { ...recordOf(host), arguments: ['-cpu', 'old'] });
      },
    ],
    [
      'a record whose file is a path',
      (host) => {
        const { stored, ...rest } = recordOf(host);
        write(host, { ...rest, stored: { ...stored, file: '../qemu-aarch64' } });
      },
    ],
  ])('has it made anew after %s', (_, change) => {
    const host = machine();
    write(host, recordOf(host));
    change(host);
    expect(findInterposed(host, emulator, { build })).toBeUndefined();
  });

  it('knows why there is none', () => {
    const host = machine();
    const { suite, ...rest } = recordOf(host);
    const codeOf = (one: Emulator = emulator, lasting = false) =>
      findInterposed(host, one, { build, lasting })?.plain?.code;
    write(host, { ...rest, suite: { ...suite, outcome: 'failed', difference: 'the guest "exit" …' } });
    expect(findInterposed(host, emulator, { build })).toEqual({
      emulator,
      plain: { code: 'suite-failed', reason: 'the guest "exit" …' },
    });
    // What lasts is worth another try: whatever failed may have been the machine's load.
    expect(codeOf(emulator, true)).toBeUndefined();
    write(host, { ...rest, suite: { ...suite, outcome: 'impossible' } });
    expect(codeOf()).toBe('suite-impossible');
    expect(codeOf(emulator, true)).toBeUndefined();
    write(host, { ...rest, stored: undefined, unpatchable: 'it is static' });
    expect(codeOf()).toBe('unpatchable');
    expect(codeOf({ ...emulator, target: 'sh4' })).toBe('not-served');
    host.files.remove(`${build}/interposer/x86_64.bin`);
    expect(codeOf()).toBe('no-interposer');
  });

  it('takes the one without options where it failed with them', () => {
    const host = machine();
    const record = recordOf(host);
    const old = { ...emulator, version: '7.2.22' };
    const failed = {
      ...record,
      arguments: ['-cpu', 'max,pauth-impdef=on'],
      suite: { ...record.suite, outcome: 'failed' },
    };
    write(host, record, failed);
    expect(findInterposed(host, old, { build })?.emulator.path).toBe(path);
    // Before that was found out, it is one that an older version of ours made, which knew of no option.
    write(host, record);
    expect(findInterposed(host, old, { build })).toBeUndefined();
    // The other one was not tried yet.
    write(host, failed);
    expect(findInterposed(host, old, { build })).toBeUndefined();
    const bare = { ...record, suite: { ...record.suite, outcome: 'failed' } };
    write(host, bare, failed);
    expect(findInterposed(host, old, { build })?.plain?.code).toBe('suite-failed');
  });

  it('takes nothing for what lasts that it has not hashed', () => {
    const host = machine();
    const record = recordOf(host);
    const sha256 = host.files.sha256(path);
    const stored = `${state}/store/sha256/${sha256}/qemu-aarch64`;
    host.files.makeDirectory(stored.slice(0, stored.lastIndexOf('/')));
    host.files.writeAtomic(stored, host.files.read(path), 0o755);
    write(host, { ...record, stored: { ...fingerprint(host, stored), sha256, file: 'qemu-aarch64' } });
    expect(findInterposed(host, emulator, { build, lasting: true })?.emulator.path).toBe(stored);
    // Of the same size and time.
    write(host, record);
    expect(findInterposed(host, emulator, { build })?.emulator.path).toBe(path);
    expect(findInterposed(host, emulator, { build, lasting: true })).toBeUndefined();
    expect(interposedOf(host, { build, lasting: true })(emulator)).toBe(emulator);
  });

  it('notices a change whose time was set back', () => {
    const host = machine();
    const record = recordOf(host);
    write(host, { ...record, stored: { ...record.stored, changedMs: 1 } });
    expect(findInterposed(host, emulator, { build })).toBeUndefined();
  });
});

describe('withRecord', () => {
  it('takes the place of one about the same, and keeps eight', () => {
    const record = recordOf(machine());
    const others = Array.from({ length: 9 }, (_, index) => ({
      ...record,
      original: { ...record.original, path: `/${index}` },
    }));
    expect(withRecord([record, ...others], record)).toEqual([record, ...others.slice(0, 7)]);
  });
});
