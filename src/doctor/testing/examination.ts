import type { Host } from '../../host/host.ts';
import type { Examination } from '../examination.ts';

/** Nothing but the machine, unless said otherwise. */
export function examinationOf(host: Host, asked: Partial<Examination> = {}): Examination {
  return {
    host,
    scope: undefined,
    image: undefined,
    file: undefined,
    root: '/',
    message: undefined,
    strict: false,
    ...asked,
  };
}
