import type { ToolPatterns } from '../message-pattern.ts';

export const dotnet: ToolPatterns = {
  tool: 'dotnet',
  patterns: [
    {
      line: /trying to start process '(?<program>[^']+)'.*Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        "Unhandled exception. System.ComponentModel.Win32Exception (8): An error occurred trying to start process './hello' with working directory '/'. Exec format error",
      ],
    },
    {
      line: /trying to start process '(?<program>[^']+)'.*No such file/,
      symptoms: ['no-such-file'],
      examples: [
        "System.ComponentModel.Win32Exception (2): An error occurred trying to start process './hello' with working directory '/'. No such file or directory",
      ],
    },
    {
      line: /Failed to create CoreCLR|Fatal error\. (?:Internal CLR|System\.)|Internal CLR error|HRESULT: 0x8/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'Failed to create CoreCLR, HRESULT: 0x80004005',
        'Fatal error. Internal CLR error. (0x80131506)',
      ],
    },
    {
      line: /GC heap initialization failed/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: ['GC heap initialization failed with error 0x8007000E'],
    },
  ],
};
