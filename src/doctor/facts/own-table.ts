import { parseMounts } from '../../host/mounts.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { ignoring } from '../../host/system-error.ts';
import { ownNamespace } from '../../table-in-force/index.ts';
import { fact } from '../examination.ts';
import { tableStatus } from './status.ts';

/**
 * That this process's user namespace has an empty table of its own, mounted over the one of a namespace around it. Undefined where it has
 * not, or nothing tells.
 */
export const emptyOwnTable = fact(
  (examination): { readonly userNamespace: number; readonly below: string } | undefined => {
    const { host } = examination;
    const { table, entries } = tableStatus(examination);
    const own = ownNamespace(host);
    if (own === undefined || own.mountedTable === 'around' || table.state !== 'mounted' || entries.length > 0)
      return undefined;
    const text = ignoring(['ENOENT', 'EACCES', 'ENOTDIR'], () =>
      decodeUtf8(host.files.read('/proc/self/mountinfo')),
    );
    const mounts = parseMounts(text ?? '').filter(
      ({ type, point }) => type === 'binfmt_misc' && point === host.binfmt.path,
    );
    const top = mounts.at(-1)?.device;
    const below = mounts.find(({ device }) => device !== top)?.device;
    return below === undefined ? undefined : { userNamespace: own.userNamespace, below };
  },
);
