import type { ToolPatterns } from '../message-pattern.ts';

/** sudo, su and other setuid programs under an emulator that is not root. */
export const sudo: ToolPatterns = {
  tool: 'sudo',
  patterns: [
    {
      line: /sudo: effective uid is not 0|sudo must be owned by uid 0 and have the setuid bit set|must be suid to work properly|sudo: PERM_SUDOERS|sudo: unable to change to root gid/,
      symptoms: ['setuid-without-effect'],
      precision: 'exact',
      examples: [
        "sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set or an NFS file system without root privileges?",
        'sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set',
        'su: must be suid to work properly',
      ],
    },
    {
      line: /"no new privileges" flag is set/,
      symptoms: ['setuid-without-effect'],
      precision: 'exact',
      examples: ['sudo: The "no new privileges" flag is set, which prevents sudo from running as root.'],
    },
    {
      line: /su: (?:cannot set groups|Authentication failure|cannot set user id)|setuid: Operation not permitted/,
      symptoms: ['setuid-without-effect'],
      examples: ['su: cannot set groups: Operation not permitted', 'su: Authentication failure'],
    },
    {
      line: /sudo: unable to execute (?<program>[^:]+): Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['sudo: unable to execute ./hello: Exec format error'],
    },
    {
      line: /sudo: unable to execute (?<program>[^:]+): No such file or directory/,
      symptoms: ['no-such-file'],
      examples: ['sudo: unable to execute ./hello: No such file or directory'],
    },
  ],
};
