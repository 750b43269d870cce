import { printable } from '../../core/printable.ts';

/** What the helper found on a disk. */
export interface ReaderReport {
  /** All of the devices, with what is on each (`-` where nothing is known of it). */
  readonly devices: readonly { readonly device: string; readonly type: string }[];
  /** Where a system could be. */
  readonly candidates: readonly Volume[];
  readonly root: Volume | undefined;
  readonly mounted: readonly Place[];
  /** What its fstab names and is not on the disk, or could not be mounted. */
  readonly missing: readonly Place[];
  /** What programs have said. */
  readonly said: readonly string[];
  /** Undefined where the helper did not come to an end. */
  readonly code: number | undefined;
}

export interface Volume {
  /** `/dev/vda2` */
  readonly device: string;
  readonly type: string;
  /** Of btrfs. */
  readonly subvolume?: string;
}

export interface Place {
  /** As fstab names it, or as the device is called in the helper. */
  readonly what: string;
  readonly type: string;
  /** Where in the system. */
  readonly where: string;
}

/** Reads the lines of `initScript`. What a hostile disk put into names is made printable. */
export function readReport(text: string): ReaderReport {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t').map((word) => printable(word)));
  const of = (kind: string) => lines.filter(([first]) => first === kind);
  const places = (kind: string) =>
    of(kind).map(([, what = '', type = '', where = '']): Place => ({ what, type, where }));
  const code = of('done').at(0)?.[1];
  return {
    devices: of('device').map(([, device = '', type = '-']) => ({ device, type })),
    candidates: of('candidate').map(volume),
    root: of('root').map(volume).at(0),
    mounted: places('mounted'),
    missing: places('missing'),
    said: of('said').map(([, ...words]) => words.join(' ')),
    code: code === undefined || !/^\d{1,3}$/.test(code) ? undefined : Number(code),
  };
}

function volume([, device = '', type = '', subvolume = '-']: readonly string[]): Volume {
  return { device, type, ...(subvolume === '-' ? {} : { subvolume }) };
}
