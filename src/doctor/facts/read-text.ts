import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';

type Parts = Pick<Host, 'files'>;

/** The whole file; undefined where it cannot be read, whatever the reason: a doctor looks at what there is. */
export function textOf({ files }: Parts, path: string): string | undefined {
  try {
    return decodeUtf8(files.read(path));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** The value of a sysctl, `vm.mmap_min_addr`; undefined where this kernel has none of the name. */
export function settingOf(host: Parts, name: string): string | undefined {
  return textOf(host, `/proc/sys/${name.replaceAll('.', '/')}`)?.trim();
}

export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
