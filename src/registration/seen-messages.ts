import type { SeenMessage } from './explanation.ts';

/**
 * - `missing`: the program itself cannot be opened
 * - `shell text`: shells run it themselves when the kernel does not (shell-text.ts)
 */
export type FileSort = 'missing' | 'shell text' | 'program';

/**
 * What programs print when execve fails, and what they exit with. Taken from the output of bash 5.2 and dash 0.5.12
 * (test/kernel/seen-messages.test.ts), coreutils 9.1, and podman 4.3 with runc 1.1.5. Docker 20.10 with the same runc
 * prints the same text for ENOEXEC. Of crun the text is known, not the exit code.
 */
export function messagesFor(errno: string, path: string, sort: FileSort): readonly SeenMessage[] {
  const seen = (by: string, message: string, exitCode?: number): SeenMessage => ({ by, message, exitCode });
  switch (errno) {
    case 'ENOEXEC':
      return [
        ...(sort === 'shell text'
          ? []
          : [
              seen('bash', `${path}: cannot execute binary file: Exec format error`, 126),
              seen('sh (dash)', `${path}: Exec format error`, 126),
            ]),
        seen('docker, podman with runc', `exec ${path}: exec format error`, 1),
        seen('podman with crun', `exec container process \`${path}\`: Exec format error`),
        // Where the root's shell can run, it is given the file as a script instead.
        seen('chroot into a foreign root', `failed to run command '${path}': Exec format error`, 126),
      ];
    case 'ENOENT':
      return sort !== 'missing'
        ? [
            seen('bash', `${path}: cannot execute: required file not found`, 127),
            seen('sh (dash)', `${path}: not found`, 127),
            seen('docker, podman with runc', `exec ${path}: no such file or directory`, 1),
            seen('podman with crun', `(missing dynamic library?) ${path}: No such file or directory`),
          ]
        : [
            seen('bash', `${path}: No such file or directory`, 127),
            seen('sh (dash)', `${path}: not found`, 127),
            seen('podman with runc', `exec: "${path}": stat ${path}: no such file or directory`, 127),
          ];
    case 'EACCES':
      return [
        seen('bash', `${path}: Permission denied`, 126),
        seen('sh (dash)', `${path}: Permission denied`, 126),
        seen('podman with runc', `exec: "${path}": permission denied`, 126),
      ];
    case 'ELOOP':
      return [
        seen('bash', `${path}: Too many levels of symbolic links`, 126),
        seen('sh (dash)', `${path}: Too many levels of symbolic links`, 127),
        seen('podman with runc', `exec ${path}: too many levels of symbolic links`, 1),
      ];
    default:
      return [];
  }
}
