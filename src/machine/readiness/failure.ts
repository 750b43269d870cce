import { AnyarchError } from '../../core/error.ts';
import { diskInUse, saysInUse } from '../disk/disk-in-use.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { consoleTail } from '../life/console-tail.ts';
import type { Machine } from '../life/machine.ts';
import { networkFailure } from '../network/allocate-network.ts';
import type { DeadEnd } from './dead-ends.ts';
import type { Journey } from './progress.ts';

type Parts = Pick<Host, 'files'>;

/** QEMU is gone: what it printed says why, or the console does. */
export function qemuEnded(
  host: Parts,
  { record, places }: Machine,
  { messagesFrom, progress }: { readonly messagesFrom: number; readonly progress: Journey },
): AnyarchError {
  const said = messagesOf(host, places.messages, messagesFrom);
  const known = networkFailure(host, record, said);
  if (known !== undefined) return known;
  if (saysInUse(said)) return diskInUse(record.name, said);
  const why = said === '' ? 'it said nothing' : (said.split('\n').at(-1) ?? said);
  return new AnyarchError(
    'ANYARCH_MACHINE_FAILED',
    `QEMU ended before ${record.name} was ready (the last that was seen: ${progress.furthest.description}): ${why}`,
    {
      hint: `anyarch machine logs ${record.name} shows the console, anyarch machine logs ${record.name} --qemu what QEMU printed`,
      details: {
        name: record.name,
        milestone: progress.furthest.name,
        qemu: said,
        console: tailOf(host, { record, places }),
      },
    },
  );
}

export function deadEnd(
  host: Parts,
  machine: Machine,
  { end, what }: { readonly end: DeadEnd; readonly what: string },
  progress: Journey,
): AnyarchError {
  const { name } = machine.record;
  return new AnyarchError('ANYARCH_MACHINE_FAILED', `${name} does not get ready: ${what}`, {
    hint: end.remedy.replaceAll('NAME', name),
    details: {
      name,
      reason: end.name,
      milestone: progress.furthest.name,
      console: tailOf(host, machine),
    },
  });
}

export interface Standstill {
  readonly progress: Journey;
  readonly seconds: number;
  /** What was waited for then. */
  readonly awaited: string;
  /** What ssh said last. */
  readonly refusal?: string;
}

/** The machine goes on running: whoever looks at its console may know better. */
export function standstill(host: Parts, machine: Machine, end: Standstill): AnyarchError {
  const { name } = machine.record;
  const { furthest } = end.progress;
  const isDenied = end.refusal !== undefined && end.refusal !== '';
  return new AnyarchError(
    'ANYARCH_MACHINE_FAILED',
    `${name} made no progress for ${end.seconds} s while ${end.awaited} (the last that was seen: ${furthest.description})` +
      (isDenied ? `; ssh says: ${end.refusal.split('\n').at(-1) ?? ''}` : ''),
    {
      hint: remedy(machine, end),
      details: {
        name,
        reason: 'no-progress',
        milestone: furthest.name,
        ...(isDenied ? { ssh: end.refusal } : {}),
        console: tailOf(host, machine),
      },
    },
  );
}

function remedy({ record: { name, base } }: Machine, { refusal, progress }: Standstill): string {
  const seen = progress.reached.some((one) => one.name.startsWith('cloud-init'));
  if (refusal !== undefined && !seen && base.cloudInit !== 'yes')
    return `the image seems to have no cloud-init, which would let you in; it still runs: anyarch machine console ${name}, or make the machine with another image`;
  return `it still runs: anyarch machine console ${name} shows what it does, anyarch machine wait ${name} goes on waiting, anyarch machine stop ${name} --force ends it`;
}

/** It has booted, and its network has not; the machine goes on running. */
export function noNetwork(
  host: Parts,
  machine: Machine,
  {
    hasAddress,
    seconds,
    progress,
  }: { readonly hasAddress?: boolean | undefined; readonly seconds: number; readonly progress: Journey },
): AnyarchError {
  const { name } = machine.record;
  const seen =
    hasAddress === false ? 'cloud-init says that its card has no address' : 'nothing answers at its SSH port';
  return new AnyarchError(
    'ANYARCH_MACHINE_FAILED',
    `${name} has booted, but its network has not come up: ${seen}, ${seconds} s after ${progress.furthest.description}`,
    {
      hint: `look from inside: anyarch machine console ${name} (networkctl, ip address; a user with a password: create --password); the image must ask for an address by DHCP, or read the network-config of the seed`,
      details: {
        name,
        reason: 'no-network',
        milestone: progress.furthest.name,
        console: tailOf(host, machine),
      },
    },
  );
}

/** From here on in QEMU's messages. */
function messagesOf({ files }: Parts, path: string, from: number): string {
  const bytes = ignoring(['ENOENT'], () => files.readAt(path, from, 64 * 1024));
  return bytes === undefined ? '' : decodeUtf8(bytes).trim();
}

function tailOf(host: Parts, { places }: Machine): readonly string[] {
  return consoleTail(host, places, 4000).split('\n').slice(-12);
}
