import { selinuxState } from '../../core/selinux.ts';
import { fact } from '../examination.ts';
import { processStatus } from './process-status.ts';
import { textOf } from './read-text.ts';

/** `unknown`: it is on, and nothing tells whether it enforces. */
export const selinuxMode = fact((examination) =>
  selinuxState({
    enforce: textOf(examination.host, '/sys/fs/selinux/enforce'),
    process: processStatus(examination).label,
  }),
);
