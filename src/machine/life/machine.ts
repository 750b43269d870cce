import { parseJson } from '../../core/json.ts';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { machinePlaces, machinesDirectory, type MachinePlaces } from '../places.ts';
import type { MachineRecord } from '../record.ts';
import { machineShape } from './record-shape.ts';

/** A machine that was made, whether it runs or not. */
export interface Machine {
  readonly record: MachineRecord;
  readonly places: MachinePlaces;
}

type Parts = Pick<Host, 'files' | 'system'>;

/** What is fit to be a directory's, a host's and a libvirt domain's name (RFC 1123). */
const nameForm = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** @throws AnyarchError ANYARCH_USAGE */
export function checkMachineName(name: string): void {
  if (nameForm.test(name)) return;
  throw new AnyarchError('ANYARCH_USAGE', `"${name.slice(0, 60)}" cannot be the name of a machine`, {
    hint: 'take at most 40 small letters, digits and hyphens, such as demo or arm64-1: the guest is called so, too',
  });
}

/** @throws AnyarchError ANYARCH_USAGE, ANYARCH_MACHINE_NOT_FOUND, ANYARCH_STATE_INVALID for a damaged record */
export function readMachine(host: Parts, name: string): Machine {
  checkMachineName(name);
  const places = machinePlaces(host.system, name);
  const place = host.files.linkStatus(places.directory);
  if (place === undefined) throw notFound(host, name);
  if (place.kind !== 'directory') throw inTheWay(places);
  const isThere = host.files.linkStatus(places.record) !== undefined;
  const bytes = ignoring(unreadable, () => host.files.read(places.record));
  const document = bytes === undefined ? undefined : parseJson(decodeUtf8(bytes));
  const misfit = machineShape(document, '');
  const record = document as MachineRecord;
  if (misfit === undefined && record.name === name) return { record, places };
  throw new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `${places.record} is ${!isThere ? 'gone' : bytes === undefined ? 'not to be read' : 'damaged'}${misfit === undefined ? ': it is of another machine' : misfit === '' ? '' : ` at ${misfit}`}`,
    {
      hint: `its disk is ${places.disk}; when that is not needed any more: anyarch machine remove ${name} --force`,
      details: { path: places.record },
    },
  );
}

/** What is no file, or not ours to read: the machine is as one whose record is damaged. */
const unreadable = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'ELOOP', 'EIO'];

/** Somebody else's file or link where a machine would be: it is never taken for one, nor removed. */
export function inTheWay({ directory }: Pick<MachinePlaces, 'directory'>): AnyarchError {
  return new AnyarchError(
    'ANYARCH_FILE',
    `${directory} is no machine: it is a file or a link of somebody else`,
    {
      hint: `move it away, or call the machine something else: mv ${directory} /elsewhere`,
      details: { path: directory },
    },
  );
}

/** The directory must exist. */
export function writeRecord({ files }: Pick<Host, 'files'>, { record, places }: Machine): void {
  files.writeAtomic(places.record, encodeUtf8(`${JSON.stringify(record, undefined, 2)}\n`), 0o600);
}

/** Of all machines, in the alphabet's order; also of those whose records are damaged or gone. */
export function machineNames({ files, system }: Parts): string[] {
  const directory = machinesDirectory(system);
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? [];
  return names
    .filter((name) => nameForm.test(name) && isDirectory({ files }, machinePlaces(system, name)))
    .sort();
}

function isDirectory({ files }: Pick<Parts, 'files'>, { directory }: MachinePlaces): boolean {
  return files.linkStatus(directory)?.kind === 'directory';
}

function notFound(host: Parts, name: string): AnyarchError {
  const others = machineNames(host);
  return new AnyarchError('ANYARCH_MACHINE_NOT_FOUND', `there is no machine called ${name}`, {
    hint:
      others.length === 0
        ? `make it: anyarch machine create ${name} -a arm64`
        : `there are ${others.slice(0, 10).join(', ')}; a new one: anyarch machine create ${name} -a arm64`,
    details: { name, machines: others },
  });
}
