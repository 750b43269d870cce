import { describe, expect, it } from 'vitest';
import { buildProbe } from '../core/probe/probe.ts';
import type { Files } from '../host/files.ts';
import type { KernelTable } from '../host/kernel-table.ts';
import { AnyarchError } from '../core/error.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { disable } from './disable.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import { entriesOf, installEmulator, state, systemdHost } from './testing/persistence-host.ts';

const changing = [
  'writeOnce',
  'writeAtomic',
  'createExclusive',
  'makeDirectory',
  'rename',
  'remove',
  'removeDirectory',
  'writeLink',
] as const satisfies readonly (keyof Files)[];

/** Asks before each change of files and of the table. */
function watched(host: FakeHost, ask: (path: string) => void): FakeHost {
  const methods = changing.map((name) => [
    name,
    (path: string, ...rest: unknown[]) => {
      ask(path);
      return (host.files[name] as (...args: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  const table = (): KernelTable => {
    const real = host.binfmt.table();
    return {
      ...real,
      register: (rule) => {
        ask('register');
        real.register(rule);
      },
      control: (name, command) => {
        ask(name);
        real.control(name, command);
      },
    };
  };
  return {
    ...host,
    files: { ...host.files, ...(Object.fromEntries(methods) as Partial<Files>) },
    binfmt: { ...host.binfmt, table },
  };
}

const architectures = ['arm64', 's390x'];

interface Transition {
  readonly prepare: () => FakeHost;
  readonly act: (host: FakeHost) => unknown;
  /** Architectures that are registered before, and must keep running. */
  readonly running: readonly string[];
}

const fresh = (): FakeHost => {
  const host = systemdHost();
  host.files.addDirectory('/etc/binfmt.d');
  return host;
};

const upgraded = (): FakeHost => {
  const host = fresh();
  enable(host, { architectures });
  installEmulator(host, 's390x', '11.2.0');
  return host;
};

const transitions: Readonly<Record<string, Transition>> = {
  enabling: {
    prepare: fresh,
    act: (host) => enable(host, { architectures }),
    running: [],
  },
  upgrading: {
    prepare: upgraded,
    act: (host) => enable(host, { architectures, qemu: 'system' }),
    running: ['aarch64', 's390x'],
  },
  disabling: {
    prepare: upgraded,
    act: (host) => disable(host, { architectures: 'all' }),
    running: ['aarch64', 's390x'],
  },
};

/** What counts of a machine: not inodes and times. */
function outcome(host: FakeHost): unknown {
  const persisted = readPersisted(host, state);
  const { architectures: entries, files } = persistStatus(host);
  const table = Object.fromEntries([...entriesOf(host)].toSorted());
  return {
    persisted: persisted && { ...persisted, at: '' },
    entries,
    files,
    table,
    configuration: host.files.list('/etc/binfmt.d').toSorted(),
    directory:
      host.files.status('/usr/local/lib/anyarch') && host.files.list('/usr/local/lib/anyarch').toSorted(),
  };
}

/** Architectures whose programs run. */
function runningIn(host: FakeHost): string[] {
  return ['aarch64', 's390x'].filter((target) => {
    host.files.addFile('/tmp/program', buildProbe(target), { mode: 0o755 });
    const { kind } = host.executor.execute('/tmp/program');
    host.files.remove('/tmp/program');
    return kind === 'exited';
  });
}

function dropLocks(host: FakeHost): void {
  if (host.files.status(state) === undefined) return;
  for (const name of host.files.list(state))
    if (name.includes('.lock')) host.files.remove(`${state}/${name}`);
}

describe.each(Object.entries(transitions))('%s', (_, { prepare, act, running }) => {
  const expected = (() => {
    const host = prepare();
    act(host);
    return outcome(host);
  })();
  const paths: string[] = [];
  {
    const host = prepare();
    act(watched(host, (path) => paths.push(path)));
  }

  it('killed at every change, is completed by the next call, and nothing stops running meanwhile', () => {
    expect(paths.length).toBeGreaterThan(20);
    for (let step = 0; step < paths.length; step += 1) {
      const host = prepare();
      if (/lock|probe/.test(paths[step] ?? '')) continue;
      let count = 0;
      const dying = watched(host, () => {
        if (count++ >= step) throw new Error('killed');
      });
      expect(() => act(dying)).toThrow('killed');
      dropLocks(host);
      expect(runningIn(host)).toEqual(expect.arrayContaining([...running]));
      act(host);
      expect(outcome(host)).toEqual(expected);
    }
  }, 60_000);

  it.each(['ENOSPC', 'EIO'])(
    'refused with %s at every change of a file, has a code, and is completed by the next call',
    (errno) => {
      for (const path of new Set(
        paths.filter((one) => /binfmt\.d\/|anyarch\/(?!.*lock|.*probe|digests)/.test(one)),
      )) {
        const host = prepare();
        host.files.fail({ errno, path, method: 'writeAtomic', times: 1 });
        host.files.fail({ errno, path, method: 'writeLink', times: 1 });
        const error = errorOf(() => act(host));
        const isCoded = error === undefined || error instanceof AnyarchError;
        expect(isCoded ? undefined : error).toBeUndefined();
        expect(runningIn(host)).toEqual(expect.arrayContaining([...running]));
        errorOf(() => act(host));
        act(host);
        expect(outcome(host)).toEqual(expected);
      }
    },
  );
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
