import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeCrash } from './attribute.ts';
import { readCrash } from './read-crash.ts';

const internal = 'QEMU internal SIGSEGV {code=MAPERR, addr=0x20}';
const uncaught = 'qemu: uncaught target signal 11 (Segmentation fault) - core dumped';

describe('readCrash', () => {
  it.each([
    [internal, 'emulator', 'SIGSEGV'],
    [uncaught, 'program', 'SIGSEGV'],
    ['qemu: uncaught target signal 6 (Aborted) - core dumped', 'program', 'SIGABRT'],
    [
      'ERROR:../../accel/tcg/cpu-exec.c:524:cpu_exec_longjmp_cleanup: assertion failed: (cpu == current_cpu)',
      'emulator',
      undefined,
    ],
    [
      "qemu-arm: ../../accel/tcg/translate-all.c:734: page_set_flags: Assertion `have_mmap_lock()' failed.",
      'emulator',
      undefined,
    ],
    ['qemu: unhandled CPU exception 0x10002 - aborting', 'emulator', undefined],
    [
      "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
      'start',
      undefined,
    ],
    [
      'qemu-arm: Unable to reserve 0xffff0000 bytes of virtual address space at 0x1000 (File exists) for use as guest address space',
      'start',
      undefined,
    ],
    [
      'qemu-arm: ./probe: Unable to find a guest_base to satisfy all guest address mapping requirements',
      'start',
      undefined,
    ],
    ['qemu: qemu_thread_create: Resource temporarily unavailable', 'start', undefined],
    ["#8 0.219 qemu-arm: Could not open '/lib/ld-linux.so.3': No such file or directory", 'start', undefined],
    [
      "#12 1.05 .buildkit_qemu_emulator: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
      'start',
      undefined,
    ],
    ['.buildkit_qemu_emulator: /bin/sh: Invalid ELF image for this architecture', 'start', undefined],
    ['qemu: fatal: Trying to execute code outside RAM', 'emulator', undefined],
  ])('reads %s', (line, kind, signal) => {
    expect(readCrash(`before\n${line}\r\nafter`)).toEqual({ kind, line, signal });
  });

  it('prefers what says most', () => {
    expect(readCrash(`${uncaught}\n${internal}`)?.kind).toBe('emulator');
  });

  it.each([
    '',
    'Segmentation fault',
    'error: assertion failed in test 3',
    'fatal: not a git repository',
    'see https://www.qemu.org',
  ])('has nothing to say about "%s"', (text) => {
    expect(readCrash(text)).toBeUndefined();
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(['emulator', 'program', 'start', undefined]).toContain(readCrash(text)?.kind);
      }),
    );
  });
});

describe('attributeCrash', () => {
  it.each([
    ['a guest that failed by itself', { exitCode: 1 }, undefined],
    ['a guest that ended well, whatever it printed', { exitCode: 0, printed: internal }, undefined],
    ['somebody who killed it', { exitCode: 137, signal: 9 }, undefined],
    ['Ctrl-C', { exitCode: 130, signal: 2 }, undefined],
    ['an exit code that is none of a signal', { exitCode: 200 }, undefined],
    ['a signal', { exitCode: 139, signal: 11 }, { kind: 'either', signal: 'SIGSEGV', isOfChild: false }],
    ['a signal of a child', { exitCode: 139 }, { kind: 'either', signal: 'SIGSEGV', isOfChild: true }],
    ['abort', { exitCode: 134, signal: 6 }, { kind: 'aborted', isOfChild: false }],
    [
      'the emulator',
      { exitCode: 139, signal: 11, printed: internal },
      { kind: 'emulator', signal: 'SIGSEGV', isOfChild: false },
    ],
    [
      'the program',
      { exitCode: 139, signal: 11, printed: uncaught },
      { kind: 'program', signal: 'SIGSEGV', isOfChild: false },
    ],
    [
      'a program within a build',
      { exitCode: 100, printed: `E: Sub-process\n${uncaught}\n` },
      { kind: 'program', signal: 'SIGSEGV', isOfChild: true },
    ],
    [
      'a thread that the host refused',
      { exitCode: 134, signal: 6, printed: 'qemu: qemu_thread_create: Operation not permitted' },
      { kind: 'start', signal: 'SIGABRT', isOfChild: false },
    ],
    ['a code that only looks like a signal', { exitCode: 139, printed: 'no\n' }, undefined],
  ])('%s', (_what, end, crash) => {
    const found = attributeCrash(end);
    expect(found === undefined ? undefined : { ...found, message: undefined }).toEqual(
      crash === undefined ? undefined : { ...found, message: undefined, ...crash },
    );
  });
});
