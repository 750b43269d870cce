import type { ToolPatterns } from '../message-pattern.ts';

export const java: ToolPatterns = {
  tool: 'java',
  patterns: [
    {
      line: /Cannot run program "(?<program>[^"]+)".*error=8,/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['java.io.IOException: Cannot run program "./hello": error=8, Exec format error'],
    },
    {
      line: /Cannot run program "(?<program>[^"]+)".*error=2,/,
      symptoms: ['no-such-file'],
      examples: [
        'java.io.IOException: Cannot run program "./hello" (in directory "."): error=2, No such file or directory',
      ],
    },
    {
      line: /Cannot run program "(?<program>[^"]+)".*error=13,/,
      symptoms: ['permission-denied'],
      examples: ['java.io.IOException: Cannot run program "./hello": error=13, Permission denied'],
    },
    {
      line: /A fatal error has been detected by the Java Runtime Environment|hs_err_pid\d+/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: ['# A fatal error has been detected by the Java Runtime Environment:'],
    },
    {
      line: /Could not reserve enough space|os::commit_memory|There is insufficient memory for the Java Runtime/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: [
        '# There is insufficient memory for the Java Runtime Environment to continue.',
        "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x1, 2, 0) failed; error='Not enough space' (errno=12)",
      ],
    },
    {
      line: /pthread_create failed \((?:ENOSYS|EINVAL)\)|JVMJ9\w+ .*pthread/,
      symptoms: ['system-call-missing'],
      precision: 'exact',
      examples: [
        '[warning][os,thread] Failed to start thread "x" - pthread_create failed (ENOSYS) for attributes',
      ],
    },
    {
      line: /Port Library failed to initialize: -1/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: ['Error: Port Library failed to initialize: -1'],
    },
  ],
};
