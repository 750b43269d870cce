import type { ToolPatterns } from '../message-pattern.ts';

/** Go's toolchain and programs. */
export const go: ToolPatterns = {
  tool: 'go',
  patterns: [
    {
      line: /fork\/exec (?<program>[^\s:]+): exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['fork/exec /tmp/go-build1/b001/x.test: exec format error'],
    },
    {
      line: /fork\/exec (?<program>[^\s:]+): no such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['fork/exec /bin/sh: no such file or directory'],
    },
    {
      line: /fork\/exec (?<program>[^\s:]+): permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['fork/exec /tmp/x: permission denied'],
    },
    {
      // pidfd_open and waitid of QEMU before 8: https://github.com/golang/go/issues/68976
      line: /fork\/exec (?<program>[^\s:]+): (?:invalid argument|function not implemented)/,
      symptoms: ['system-call-missing'],
      precision: 'exact',
      examples: ['go: fork/exec /usr/local/go/pkg/tool/linux_arm64/compile: invalid argument'],
    },
    {
      line: /lfstack\.push invalid packing|taggedPointerPack|runtime: (?:unexpected return pc|pointer to unallocated span|bad pointer)|fatal error: (?:unexpected signal|found bad pointer|bad g in signal)/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'runtime: lfstack.push invalid packing: node=0xffff',
        'taggedPointerPack invalid packing: ptr=0xffff7d',
      ],
    },
    {
      // clone(2) with flags that an emulator does not know, or refused by a seccomp profile; errno 11 is a limit of processes.
      line: /failed to create new OS thread \(have \d+ already; errno=(?:1|22|38)\)/,
      symptoms: ['system-call-missing', 'guest-crash'],
      precision: 'exact',
      examples: ['runtime: failed to create new OS thread (have 2 already; errno=22)'],
    },
    {
      line: /fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory|newosproc)/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: ['fatal error: runtime: out of memory'],
    },
  ],
};
