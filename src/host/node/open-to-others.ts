import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Host } from '../host.ts';
import { systemCall } from './system-call.ts';

/**
 * The same host, whose fleeting programs other users can execute as well: for root, who executes them as others. Their
 * directory stays root's, and is not one of root's own that others cannot get into.
 */
export function openToOthers(host: Host): Host {
  if (host.system.uid !== 0) return host;
  const createFleeting: Host['files']['createFleeting'] = (path, data, mode) => {
    host.files.createFleeting(path, data, mode);
    systemCall('chmod', path, () => {
      chmodSync(path, 0o755);
      chmodSync(dirname(path), 0o711);
    });
  };
  const environment = { ...host.system.environment, TMPDIR: undefined, XDG_RUNTIME_DIR: undefined };
  return {
    ...host,
    files: { ...host.files, createFleeting },
    system: { ...host.system, environment },
  };
}
