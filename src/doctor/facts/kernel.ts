import { gunzipSync } from 'node:zlib';
import { decodeUtf8 } from '../../core/text.ts';
import { ignoring } from '../../host/system-error.ts';
import { fact, type Examination } from '../examination.ts';

/** How the running kernel came to binfmt_misc, or did not. */
export interface KernelSupport {
  /** In /proc/filesystems; undefined where that cannot be read. */
  readonly isKnown: boolean | undefined;
  /** CONFIG_BINFMT_MISC: built in, a module, left out; undefined where nothing tells. */
  readonly configured: { readonly as: 'y' | 'm' | 'n'; readonly file: string } | undefined;
  /** The file of the module for this kernel. */
  readonly module: string | undefined;
}

export const kernelSupport = fact((examination): KernelSupport => {
  const fileSystems = textOf(examination, '/proc/filesystems');
  return {
    isKnown: fileSystems === undefined ? undefined : /\sbinfmt_misc$/m.test(fileSystems),
    configured: configuration(examination),
    module: moduleFile(examination),
  };
});

function configuration(examination: Examination): KernelSupport['configured'] {
  const release = examination.host.system.kernelRelease;
  for (const file of ['/proc/config.gz', `/boot/config-${release}`, `/lib/modules/${release}/config`]) {
    const text = textOf(examination, file);
    if (text === undefined) continue;
    const as = /^CONFIG_BINFMT_MISC=([ym])$/m.exec(text)?.[1];
    return { as: as === 'y' || as === 'm' ? as : 'n', file };
  }
  return undefined;
}

/** modules.dep(5): one line a module, its path first. */
function moduleFile(examination: Examination): string | undefined {
  const directory = `/lib/modules/${examination.host.system.kernelRelease}`;
  const path = /^([^:\n]*\/binfmt_misc\.ko[^:\n]*):/m.exec(
    textOf(examination, `${directory}/modules.dep`) ?? '',
  )?.[1];
  if (path === undefined) return undefined;
  return path.startsWith('/') ? path : `${directory}/${path}`;
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EISDIR'];

function textOf({ host: { files } }: Examination, path: string): string | undefined {
  const bytes = ignoring(unreadable, () => files.read(path));
  if (bytes === undefined) return undefined;
  if (!path.endsWith('.gz')) return decodeUtf8(bytes);
  try {
    return decodeUtf8(gunzipSync(bytes));
  } catch {
    // Cut off or none: the next place may tell.
    return undefined;
  }
}
