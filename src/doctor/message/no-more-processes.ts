const eagain = 'resource temporarily unavailable';

/** A program that is started, in the quotes of the locale. */
const program = String.raw`['‘"\x60]?[^\s:'’"\x60]+['’"\x60]?`;

/**
 * EAGAIN of fork, clone and execve, in the words of the C library, shells, make, ninja, Go, Java, Python and Node: a limit of processes is
 * reached. execve fails by it, too, right behind a change to a user who has too many already (setpriv, su, runuser). The same errno of reading
 * and writing, and other errnos of the same calls, mean something else.
 */
export const noMoreProcesses = new RegExp(
  [
    String.raw`\b(?:v?fork(?: failed)?|clone3?|posix_spawnp?(?: failed)?|(?:qemu_thread|pthread)_create(?: failed)?|cannot set user id|setuid)(?:\(\))?: (?:retry: )?${eagain}`,
    String.raw`\b(?:(?:failed|unable) to execute|cannot execute|cannot fork\(\) for|exec) [^:]+: ${eagain}`,
    String.raw`\b(?:(?:ba|da|k|z)?sh|env|chroot|nice|nohup|stdbuf|timeout|setsid|xargs|make(?:\[\d+\])?): (?:(?:line )?\d+: )?(?:failed to run command )?${program}: ${eagain}`,
    String.raw`can(?:no|')t fork(?!.*(?:allocate memory|not permitted))`,
    String.raw`failed to create new OS thread \(have \d+ already; errno=11\)`,
    String.raw`unable to create (?:new )?native thread`,
    String.raw`pthread_create failed \(EAGAIN\)`,
    String.raw`can't start new thread`,
    String.raw`\bspawn(?:Sync)? .*\bEAGAIN\b`,
  ].join('|'),
  'i',
);
