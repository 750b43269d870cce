import type { ToolPatterns } from '../message-pattern.ts';

/** gdb, strace and others that trace: there is no ptrace inside an emulated program. */
export const tracers: ToolPatterns = {
  tool: undefined,
  patterns: [
    {
      line: /ptrace\b.*(?:Function not implemented|Operation not permitted|Input\/output error)|PTRACE_\w+.*(?:Function not implemented|Input\/output error)/i,
      symptoms: ['tracing-refused'],
      precision: 'exact',
      examples: [
        'strace: test_ptrace_get_syscall_info: PTRACE_TRACEME: Function not implemented',
        'ptrace: Function not implemented.',
      ],
    },
    {
      line: /Couldn't get (?:CS )?registers|Error disabling address space randomization|Cannot PTRACE_SEIZE|Could not trace the inferior process/,
      symptoms: ['tracing-refused'],
      precision: 'exact',
      examples: [
        "Couldn't get registers: Input/output error.",
        'warning: Error disabling address space randomization: Function not implemented',
      ],
    },
  ],
};
