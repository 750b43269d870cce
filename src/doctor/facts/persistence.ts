import { isInitialUserNamespace } from '../../core/user-namespace.ts';
import { persistenceStatus } from '../../persistence/index.ts';
import { fact } from '../examination.ts';
import { textOf } from './read-text.ts';

/** What is registered at each boot, and whether it will be there. */
export const persistence = fact(({ host }) => persistenceStatus(host));

/** Whether the table in force can be the one that a boot fills: those of other user namespaces end with these. */
export const isHostNamespace = fact(({ host }): boolean => {
  const map = textOf(host, '/proc/self/uid_map');
  return map !== undefined && isInitialUserNamespace(map);
});
