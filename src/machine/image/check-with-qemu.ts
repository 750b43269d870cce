import type { Host } from '../../host/host.ts';
import type { BaseImage } from '../record.ts';
import { invalidDisk, redownload } from './qcow2/header.ts';

export interface ImageTool {
  /** Words that start `qemu-img`. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reference counts, which we do not read ourselves. Clusters that nobody uses (exit code 3) harm nothing.
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID
 */
export function checkWithQemu(
  { processes }: Pick<Host, 'processes'>,
  { command, environment }: ImageTool,
  disk: string,
  format: BaseImage['format'],
  name: string,
): void {
  if (format !== 'qcow2') return;
  const result = processes.run([...command, 'check', '-q', '-f', 'qcow2', disk], {
    environment: { ...environment, LC_ALL: 'C' },
    timeoutMs: 600_000,
  });
  // It counts compressed clusters beyond the end of the file among those that harm nothing.
  const isTruncated = result.stderr.includes('exceeding the end of the file');
  if ((result.exitCode === 0 || result.exitCode === 3) && !isTruncated) return;
  if (isTruncated) throw invalidDisk(name, 'it ends in the middle of its data', redownload);
  const [line = 'it gave no reason'] = `${result.stderr}${result.stdout}`.trim().split('\n');
  throw invalidDisk(name, `qemu-img check finds errors: ${line.replaceAll(disk, name)}`, redownload);
}
