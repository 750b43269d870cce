import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../files.ts';
import type { System } from '../host.ts';
import { ignoring } from '../system-error.ts';
import { ownEnvironment } from './environment.ts';

export function quickjsSystem(files: Pick<Files, 'read'>): System {
  const { release, ...identity } = kernel.identity();
  const environment = ownEnvironment();
  return {
    ...identity,
    kernelRelease: release,
    environment,
    home: environment['HOME']?.startsWith('/') === true ? undefined : homeOf(files, identity.uid),
  };
}

/** Undefined for a user that the database does not know, as in containers. */
function homeOf(files: Pick<Files, 'read'>, uid: number): string | undefined {
  const database = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => decodeUtf8(files.read('/etc/passwd')));
  const fields = database
    ?.split('\n')
    .map((line) => line.split(':'))
    .find(([, , number]) => number === `${uid}`);
  return fields?.[5];
}
