import type { ToolPatterns } from '../message-pattern.ts';

/** QEMU's user-mode emulators, under whatever name: `qemu-aarch64`, `qemu-aarch64-static`, `aarch64-binfmt-P`. */
export const qemu: ToolPatterns = {
  tool: 'qemu',
  patterns: [
    {
      line: /(?:^|[\s"])(?:qemu-)?(?<architecture>[a-z0-9_]+)(?:-static|-binfmt\S*)?: Could not open:? '?(?<program>\/[^'\s:]+)'?/,
      symptoms: ['loader-not-found', 'no-such-file'],
      precision: 'exact',
      examples: [
        "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
        "x86_64-binfmt-P: Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory",
        "qemu-s390x-static: Could not open '/lib/ld64.so.1': No such file or directory",
        'qemu-arm-static: Could not open: /lib/ld-linux-armhf.so.3',
      ],
    },
    {
      line: /^\/lib\S*\/ld[-\w.]+: No such file or directory$/,
      symptoms: ['loader-not-found', 'no-such-file'],
      precision: 'exact',
      examples: ['/lib/ld-linux-aarch64.so.1: No such file or directory'],
    },
    {
      line: /(?:qemu-(?<architecture>\w+?)(?:-static)?: )?(?<program>[^\s:]+): Incomplete read of file header/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['qemu-s390x: /opt/hello: Incomplete read of file header'],
    },
    {
      line: /uncaught target signal 4\b/,
      symptoms: ['illegal-instruction', 'guest-crash'],
      precision: 'exact',
      examples: ['qemu: uncaught target signal 4 (Illegal instruction) - core dumped'],
    },
    {
      line: /uncaught target signal (?!4\b)\d+/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'qemu: uncaught target signal 11 (Segmentation fault) - core dumped',
        'qemu: uncaught target signal 6 (Aborted) - core dumped',
      ],
    },
    {
      line: /qemu(?:-\w+)?: unhandled CPU exception 0x[0-9a-f]+/,
      symptoms: ['guest-crash', 'illegal-instruction'],
      precision: 'exact',
      examples: ['qemu: unhandled CPU exception 0x10004 - aborting'],
    },
    {
      line: /QEMU internal SIG\w+|^(?:\*\*)?ERROR:\S*(?:tcg|linux-user|accel)\S*:\d+:|qemu-\w+: \.\.\/\S+:\d+: /,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'QEMU internal SIGSEGV {code=MAPERR, addr=0x20}',
        'ERROR:../../accel/tcg/cpu-exec.c:954:cpu_exec: assertion failed: (cpu == current_cpu)',
      ],
    },
    {
      // clone3 or clone refused by a seccomp profile: with EPERM, where it would have to be ENOSYS.
      line: /qemu_thread_create: Operation not permitted/,
      symptoms: ['system-call-missing', 'guest-crash'],
      precision: 'exact',
      examples: ['qemu: qemu_thread_create: Operation not permitted'],
    },
    {
      line: /qemu_thread_create: Resource temporarily unavailable|Could not allocate dynamic translator buffer/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: [
        'qemu: qemu_thread_create: Resource temporarily unavailable',
        'qemu-aarch64: Could not allocate dynamic translator buffer',
      ],
    },
    {
      line: /Unsupported syscall: -?\d+/,
      symptoms: ['system-call-missing'],
      precision: 'exact',
      examples: ['qemu: Unsupported syscall: 435'],
    },
    {
      line: /(?:qemu-(?<architecture>\w+?)(?:-static)?: )?(?:(?<program>[^\s:]+): )?Unable to (?:reserve|find a guest_base|allocate) .*(?:guest address|image|mapping|memory)|failed to map|Error mapping file: |mmap_min_addr/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: [
        "qemu-arm: Unable to reserve 0xfffff000 bytes of virtual address space at 0x1000 (Success) for use as guest address space (check your virtual memory ulimit setting, mmap_min_addr or reserve less using qemu-user's -R option)",
        'qemu-arm: ./probe: Unable to find a guest_base to satisfy all guest address mapping requirements',
      ],
    },
    {
      line: /(?:qemu-(?<architecture>\w+)(?:-static)?: )?(?:(?<program>[^\s:]+): )?(?:Invalid ELF image for this architecture|requires virtual address space)/,
      symptoms: ['exec-format-error', 'wrong-platform'],
      precision: 'exact',
      examples: [
        '/usr/bin/uname: Invalid ELF image for this architecture',
        'qemu-aarch64: /usr/bin/uname: Invalid ELF image for this architecture',
        'Invalid ELF image for this architecture',
      ],
    },
    {
      line: /(?:qemu-(?<architecture>\w+?)(?:-static)?: )?Error while loading (?<program>\S+): (?:No such file|Permission denied|Exec format)/,
      symptoms: ['no-such-file', 'wrong-argv0'],
      precision: 'exact',
      examples: [
        'Error while loading hello: No such file or directory',
        'qemu-arm-static: Error while loading -sh: No such file or directory',
      ],
    },
    {
      line: /qemu-\w+(?:-static)?: unable to find CPU model|CPU does not support x86-64-v\d|CPU ISA level is lower than required/,
      symptoms: ['illegal-instruction'],
      precision: 'exact',
      examples: [
        "qemu-x86_64: unable to find CPU model 'x'",
        'Fatal glibc error: CPU does not support x86-64-v2',
      ],
    },
    {
      line: /qemu-(?<architecture>\w+?)(?:-static)?: [Uu]nknown (?:option|argument)|usage: qemu-\w+/,
      symptoms: ['wrong-argv0'],
      examples: ["qemu-s390x: unknown option 'c'", 'usage: qemu-aarch64 [options] program [arguments...]'],
    },
    {
      line: /(?:^|[\s/"])qemu-(?<architecture>[a-z0-9_]+?)(?:-static)?: /,
      symptoms: [],
      precision: 'vague',
      examples: ['qemu-aarch64-static: something'],
    },
  ],
};
