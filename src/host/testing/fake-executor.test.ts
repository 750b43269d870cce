import { describe, expect, it } from 'vitest';
import { describeExecutor } from '../../../test/contract/executor.ts';
import { buildProbe } from '../../core/probe/probe.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Execution } from './fake-executor.ts';
import { fakeHost } from './fake-host.ts';

describeExecutor('the fake', () => {
  const { executor, files, binfmt } = fakeHost();
  const nativeProgram = (exitCode: number): Uint8Array => {
    const content = buildProbe('x86_64', exitCode);
    executor.addProgram(content, () => ({ kind: 'exited', code: exitCode }));
    return content;
  };
  files.addDirectory('/work');
  files.mount('/noexec', { type: 0, noExecute: true });
  files.addFile('/noexec/program', nativeProgram(0), { mode: 0o755 });
  return {
    executor,
    files,
    table: binfmt.table(),
    directory: '/work',
    noExecuteProgram: '/noexec/program',
    nativeProgram,
  };
});

describe('fakeExecutor', () => {
  it.each([
    ['', ['/qemu', '/foreign', 'a', 'b']],
    ['P', ['/qemu', '/foreign', 'name', 'a', 'b']],
  ])('hands the interpreter its arguments, with the flags "%s"', (flags, expected) => {
    const host = fakeHost();
    const seen: Execution[] = [];
    host.addProgram('/qemu', 'QEMU', (execution) => {
      seen.push(execution);
      return { kind: 'signalled', signal: 11 };
    });
    const program = buildProbe('s390x');
    host.files.addFile('/foreign', program, { mode: 0o755 });
    host.binfmt.table().register(encodeUtf8(`:s390x:M::\\x7fELF\\x02\\x02::/qemu:${flags}`));
    const outcome = host.executor.execute('/foreign', ['a', 'b'], { argv0: 'name' });
    expect(outcome).toEqual({ kind: 'signalled', signal: 11 });
    expect(seen).toEqual([{ arguments: expected, program }]);
  });

  it('runs ELF files of its native architectures only', () => {
    const host = fakeHost({ executor: { native: ['aarch64'], exitCode: 3 } });
    host.files.addFile('/arm64', buildProbe('aarch64'), { mode: 0o755 });
    host.files.addFile('/amd64', buildProbe('x86_64'), { mode: 0o755 });
    expect(host.executor.execute('/arm64')).toEqual({ kind: 'exited', code: 3 });
    expect(host.executor.execute('/amd64')).toEqual({ kind: 'refused', errno: 'ENOEXEC' });
  });
});
