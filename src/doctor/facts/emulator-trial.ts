import { findArchitecture } from '../../core/architecture.ts';
import { buildProbe, probeArchitectures } from '../../core/probe/probe.ts';
import { chooseEmulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import type { Examination } from '../examination.ts';
import { fact } from '../examination.ts';
import { concernedArchitectures } from './concerned.ts';
import { processLimits } from './limits.ts';
import { processStatus } from './process-status.ts';

/** An emulator was given a probe by hand, so that neither the table nor the kernel's matching plays a part. */
export interface EmulatorTrial {
  /** QEMU's target name. */
  readonly architecture: string;
  readonly emulator: string;
  readonly works: boolean;
  /** What it ended with, and the first line that it printed. */
  readonly evidence: string;
  /** All that it printed. */
  readonly output: string;
}

/** Programs of an architecture of 32 bits get the whole of 4 GiB reserved, so that one of each width tells most. */
const samples = ['aarch64', 'arm'];

/** Only where this process is confined: elsewhere the probes of the table tell the same. */
export const emulatorTrials = fact((examination): readonly EmulatorTrial[] => {
  const { seccomp } = processStatus(examination);
  const isConfined = seccomp === 'filter' || processLimits(examination).addressSpace !== undefined;
  if (!isConfined) return [];
  const asked = concernedArchitectures(examination);
  return (asked.length > 0 ? asked : samples).flatMap((name) => {
    const trial = tryEmulator(examination.host, name);
    return trial === undefined ? [] : [trial];
  });
});

/** Whether a filter of system calls or a limit keeps emulators from working, so that nothing is wrong with them. */
export function confinementExplains(examination: Examination): boolean {
  return emulatorTrials(examination).some(({ works }) => !works);
}

function tryEmulator(host: Host, name: string): EmulatorTrial | undefined {
  const emulator = chooseEmulator(host, name).emulator;
  if (emulator === undefined || !probeArchitectures.includes(name)) return undefined;
  return withProbe(host, name, (probe) => {
    const { exitCode, signal, startError, timedOut, stdout, stderr } = host.processes.run(
      [emulator.path, probe],
      { timeoutMs: 5000 },
    );
    const output = `${stdout}${stderr}`;
    const end = timedOut
      ? 'did not end within 5 s'
      : startError === undefined
        ? `ended with ${exitCode ?? signal ?? 'nothing'}`
        : `could not be started (${startError})`;
    const said = output.trim().split('\n', 1)[0] ?? '';
    return {
      architecture: findArchitecture(name).name,
      emulator: emulator.path,
      works: exitCode === 42,
      evidence: `${emulator.path} with a probe ${end}${said === '' ? '' : `: ${said}`}`,
      output,
    };
  });
}

function withProbe<T>({ files, system }: Host, name: string, action: (path: string) => T): T {
  const path = `/tmp/anyarch-doctor-${system.pid}-${name}`;
  files.createFleeting(path, buildProbe(name), 0o700);
  try {
    return action(path);
  } finally {
    files.remove(path);
  }
}
