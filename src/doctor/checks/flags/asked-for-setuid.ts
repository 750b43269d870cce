import type { Examination } from '../../examination.ts';
import { fact } from '../../examination.ts';

const setuidOrSetgid = 0o6000;

/** Why it matters whether setuid programs gain rights; undefined where nobody asked. */
export const askedForSetuid = fact(({ host, file, message }: Examination): string | undefined => {
  if (message?.symptoms.includes('setuid-without-effect') === true) return 'the message says so';
  const mode = file === undefined ? 0 : (host.files.status(file)?.mode ?? 0);
  return (mode & setuidOrSetgid) === 0 || file === undefined
    ? undefined
    : `${file} is a setuid program (mode ${mode.toString(8)})`;
});
