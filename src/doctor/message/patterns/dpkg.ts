import type { ToolPatterns } from '../message-pattern.ts';

/** dpkg, apt and debootstrap: maintainer scripts of a foreign root. */
export const dpkg: ToolPatterns = {
  tool: 'dpkg',
  patterns: [
    {
      line: /dpkg.*unable to execute .*\((?<program>[^)]+)\): Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'dpkg (subprocess): unable to execute new libc6:arm64 package pre-installation script (/var/lib/dpkg/tmp.ci/preinst): Exec format error',
      ],
    },
    {
      line: /dpkg.*unable to execute .*\((?<program>[^)]+)\): No such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: [
        'dpkg (subprocess): unable to execute installed x package post-installation script (/var/lib/dpkg/info/x.postinst): No such file or directory',
      ],
    },
    {
      line: /script subprocess was killed by signal \((?:Segmentation fault|Aborted|Illegal instruction)\)|Sub-process \S+ received (?:signal|a segmentation)|Method \S+ has died unexpectedly/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        ' installed libc-bin package post-installation script subprocess was killed by signal (Segmentation fault), core dumped',
        'E: Method http has died unexpectedly!',
      ],
    },
    {
      line: /W: Failure trying to run: chroot|E: Unable to execute target architecture/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'W: Failure trying to run: chroot "/srv/root" /sbin/ldconfig',
        'E: Unable to execute target architecture',
      ],
    },
    {
      line: /^dpkg: error processing|E: Sub-process \/usr\/bin\/dpkg returned an error code/,
      symptoms: [],
      precision: 'vague',
      examples: ['E: Sub-process /usr/bin/dpkg returned an error code (1)'],
    },
  ],
};
