/** What people see, whichever tool prints it. A message is read as one or more of them (message/), and a check names those that its fault brings. */
export const symptoms = {
  'exec-format-error': 'exec format error (ENOEXEC)',
  'no-such-file': 'no such file or directory, or not found, for a file that exists (ENOENT)',
  'permission-denied': 'permission denied (EACCES)',
  'too-many-links': 'too many levels of symbolic links (ELOOP)',
  'run-as-script': 'a shell reads a program as a script: "Syntax error: Unterminated quoted string"',
  'runs-nothing': 'the command ends with 0 and has run nothing',
  'wrong-platform': 'the image or the program is of another platform than was asked for',
  'image-not-found': 'an image that is there is not found for the platform',
  'registration-refused': 'a rule cannot be registered',
  'registration-lost': 'what was registered is gone',
  'setuid-without-effect': 'sudo or another setuid program does not become root',
  'wrong-argv0': 'a program does not know its own name: applet not found, or a login shell that is none',
  'loader-not-found': "QEMU cannot open the guest's dynamic loader",
  'guest-crash': 'the guest, or QEMU itself, is killed by a signal',
  'guest-hang': 'the guest makes no progress',
  'system-call-missing': 'function not implemented, invalid argument, unsupported syscall',
  'illegal-instruction': 'an instruction or a processor feature is missing',
  'tracing-refused': 'ptrace, gdb or strace does not work inside',
  'namespace-refused': 'a user namespace or a mount in it is refused',
  'ids-not-mapped': 'ids cannot be mapped: newuidmap, subuid, chown or lchown fails',
  'no-space': 'no space left on device',
  'out-of-memory': 'killed for want of memory, or memory cannot be had',
  slow: 'it works, and is slow',
  'engine-unreachable': 'the engine does not answer',
} as const;

export type Symptom = keyof typeof symptoms;
