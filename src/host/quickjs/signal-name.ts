/** include/uapi/asm-generic/signal.h: the same on every machine that the image is for. */
const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG ' +
  'XCPU XFSZ VTALRM PROF WINCH IO PWR SYS';

/** `SIGKILL` for 9; `SIG40` for one without a name. */
export function signalName(signal: number): string {
  return `SIG${names.split(' ')[signal - 1] ?? signal}`;
}
