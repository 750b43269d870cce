import { basename } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { optionValue } from '../command-line/words.ts';
import type { MachinePlaces } from '../places.ts';
import { clearSockets, endsWithin, kill } from './leftovers.ts';
import { bootId, lookAtProcess, processesThatName, type StartedProcess } from './process.ts';
import { readRunning } from './running.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * Pulls the plug of a machine, whatever of its files can still be read, and clears away what served it. With its lock.
 *
 * @returns whether a QEMU ran for it
 */
export async function stopDamaged(host: Parts, places: MachinePlaces): Promise<boolean> {
  const found = emulatorsOf(host, places);
  for (const { process } of found) {
    // QEMU writes what it has, and ends.
    kill(process.pid, 'SIGTERM');
    if (await endsWithin(host, process, 10_000)) continue;
    kill(process.pid, 'SIGKILL');
    await endsWithin(host, process, 30_000);
  }
  for (const { sockets } of found) if (sockets !== undefined) await clearSockets(host, sockets);
  host.files.remove(places.running);
  return found.length > 0;
}

interface Emulator {
  readonly process: StartedProcess;
  readonly sockets?: string | undefined;
}

/** By what was noted of it, and by its own command line. */
function emulatorsOf(host: Parts, places: MachinePlaces): Emulator[] {
  const noted = notedEmulator(host, places);
  const others = processesThatName(host, places.directory)
    .flatMap((process) => {
      const socket = consoleSocket(process.command, places);
      return socket === undefined ? [] : [{ process, sockets: socket.replace(/\/console$/, '') }];
    })
    .filter(({ process }) => process.pid !== noted?.process.pid);
  return [...(noted === undefined ? [] : [noted]), ...others];
}

function notedEmulator(host: Parts, places: MachinePlaces): Emulator | undefined {
  try {
    const noted = readRunning(host, places);
    if (noted === undefined || noted.pid === 0 || noted.bootId !== bootId(host.files)) return undefined;
    const process = lookAtProcess(host.files, noted.pid);
    if (process?.startTicks !== noted.startTicks) return undefined;
    return { process, sockets: noted.sockets };
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

/** Where a QEMU has the console that it logs to this machine's file; undefined for all other programs. */
function consoleSocket(command: readonly string[], { console }: MachinePlaces): string | undefined {
  const word = command.find(
    (one, index) =>
      command[index - 1] === '-chardev' &&
      one.startsWith('socket,id=console,') &&
      one.split(/(?<!,),(?!,)/).includes(`logfile=${optionValue(console)}`),
  );
  const path = /,path=((?:[^,]|,,)+)/.exec(word ?? '')?.[1]?.replaceAll(',,', ',');
  return path !== undefined && basename(path) === 'console' ? path : undefined;
}
