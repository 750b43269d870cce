import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../core/text.ts';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { register } from '../../registration/index.ts';
import type { Context } from '../command.ts';
import type { Terminal } from '../terminal.ts';
import { handleStatus } from './status.ts';

const path = '/usr/bin/qemu-aarch64';
const next = 'next: sudo anyarch register aarch64';

/** An emulator that `anyarch register` has registered. */
function registered(fixBinary: boolean): FakeHost {
  const host = fakeHost();
  host.addProgram(path);
  register(host, {
    architectures: ['arm64'],
    fixBinary,
    choose: (target) => ({
      target,
      path,
      version: '11.1.3',
      linkage: 'static',
      origin: 'system',
      preservesArgv0: true,
      sha256: undefined,
    }),
  });
  return host;
}

const same = (text: string): string => text;
const terminal: Terminal = {
  columns: 100,
  interactive: false,
  style: { bold: same, dim: same, red: same, green: same, yellow: same },
  writeResult: () => undefined,
  writeError: () => undefined,
};

async function statusText(host: FakeHost): Promise<string> {
  const context: Context = {
    host,
    terminal,
    json: false,
    signal: new AbortController().signal,
    handOverSignals: () => undefined,
  };
  return (await handleStatus({ options: {}, positionals: [], context })).text ?? '';
}

test('with F the emulator that was pinned goes on running', async () => {
  const host = registered(true);
  host.addProgram(path, 'another');
  expect(await statusText(host)).toContain(
    `${path} was replaced; the one that was pinned goes on running\n  ${next}`,
  );
  host.files.remove(path);
  expect(await statusText(host)).toContain(
    `${path} is gone; the emulator that was pinned goes on running\n  ${next}`,
  );
});

test('without F what is at the path now runs, or nothing does', async () => {
  const host = registered(false);
  host.addProgram(path, 'another');
  expect(await statusText(host)).toContain('programs run with the new one');
  host.files.remove(path);
  const gone = await statusText(host);
  expect(gone).toContain(`${path} is not there: programs of it fail with ENOENT\n  ${next}`);
  expect(gone).not.toContain('pinned');
});

test('an entry of others without flags, whose interpreter is missing', async () => {
  const host = fakeHost();
  host.binfmt.table().register(encodeUtf8(`:qemu-x:M::abcd::/opt/qemu-x:`));
  const text = await statusText(host);
  expect(text).toContain('/opt/qemu-x is not there: programs of it fail with ENOENT');
  host.binfmt.table().control('qemu-x', '0');
  expect(await statusText(host)).toContain('/opt/qemu-x is not there\n');
});
