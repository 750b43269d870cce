/**
 * EAGAIN of fork, clone and execve, in the words of the C library, shells, Go and Java: a limit of processes is reached. execve
 * fails by it, too, right behind a change to a user who has too many already (setpriv, su, runuser). The same errno of anything
 * else, such as reading a terminal that does not block, is left alone.
 */
export const noMoreProcesses = new RegExp(
  [
    String.raw`(?:fork|clone|exec|thread|user id|setuid).*resource temporarily unavailable`,
    String.raw`\b(?:bash|env|chroot|nice|nohup|stdbuf|timeout|setsid|xargs): .*resource temporarily unavailable`,
    String.raw`can(?:no|')t fork`,
    String.raw`failed to create new OS thread`,
    String.raw`unable to create (?:new )?native thread`,
    String.raw`pthread_create failed \(EAGAIN\)`,
  ].join('|'),
  'i',
);
