import type { MachineDefinition } from '../definition/definition.ts';
import type { CommandSockets } from './command-input.ts';
import { device, socket } from './words.ts';

/** The serial line of the console; all that it ever printed is in the log, whoever is connected. */
export function consoleWords(
  { serialLine = 0 }: Pick<MachineDefinition, 'serialLine'>,
  sockets: Pick<CommandSockets, 'console'>,
  log: string,
): string[] {
  return [
    ...socket('console', sockets.console, { logfile: log, logappend: 'on' }),
    ...Array.from({ length: serialLine }, () => ['-serial', 'null']).flat(),
    '-serial',
    'chardev:console',
  ];
}

/** QMP, and a line to the guest's agent where there is one. */
export function controlWords(
  { bus }: MachineDefinition,
  { qmp, guestAgent }: Pick<CommandSockets, 'qmp' | 'guestAgent'>,
): string[] {
  const control = [...socket('qmp', qmp), '-mon', 'chardev=qmp,mode=control'];
  if (bus === 'board') return control;
  return [
    ...control,
    ...device(`virtio-serial-${bus}`, { id: 'serial0' }),
    ...socket('agent', guestAgent),
    ...device('virtserialport', { bus: 'serial0.0', chardev: 'agent', name: 'org.qemu.guest_agent.0' }),
  ];
}
