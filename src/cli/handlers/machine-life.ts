import { AnyarchError } from '../../core/error.ts';
import {
  readMachine,
  removeMachine,
  resizeMachine,
  stopByForce,
  stopMachine,
  waitForMachine,
  type HowStopped,
} from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type {
  machineRemove,
  machineResize,
  machineStart,
  machineStop,
  machineWait,
} from '../commands/machine-life.ts';
import { withProgress } from '../progress.ts';
import { gibibytes } from '../reports/machine.ts';
import { readyOutcome } from '../reports/machine-started.ts';
import { formatColumns, painted } from '../table.ts';
import { drawBoot, startedMachine } from './machine-started.ts';
import { sizeOf, wholeNumber } from './machine/size.ts';

export const handleMachineStart: Handler<(typeof machineStart)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const [name = ''] = positionals;
  const machine = readMachine(context.host, name);
  const goal = goalOf(options.wait);
  const started = await startedMachine(context, machine, {
    wait: goal === 'stopped' ? undefined : goal,
    cold: options.cold,
    noFetch: options['no-fetch'],
    mirror: options.mirror,
  });
  return readyOutcome('anyarch/machine-start/1', name, started, context.terminal.style);
};

export const handleMachineStop: Handler<(typeof machineStop)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, signal, terminal } = context;
  const [name = ''] = positionals;
  if (options.save === true && options.force === true)
    throw new AnyarchError('ANYARCH_USAGE', '--save and --force: what is forced is not saved', {
      hint: `anyarch machine stop ${name} --save`,
    });
  const { how, tookMs } = await withProgress(context, async (onProgress) => {
    if (options.force === true) return await stopByForce(host, name, signal);
    return await stopMachine(host, readMachine(host, name), {
      save: options.save === true,
      neverForce: options['never-force'] === true,
      ...(options.timeout === undefined ? {} : { deadlineMs: seconds('--timeout', options.timeout) }),
      signal,
      onProgress: (received, total) => {
        onProgress({ phase: 'save', subject: name, received, total });
      },
    });
  });
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-stop/1', name, how, tookMs: Math.round(tookMs) },
    text: formatColumns([
      [painted(terminal.style.green, how === 'saved' ? 'saved' : 'stopped'), name, howStopped[how]],
    ]),
  };
};

const howStopped: Readonly<Record<HowStopped, string>> = {
  powerdown: 'it switched itself off',
  ssh: 'told over SSH, because its power button had no effect in time',
  forced: 'by force, as by pulling the plug',
  saved: 'it goes on where it was when it starts',
  already: 'it did not run',
};

export const handleMachineWait: Handler<(typeof machineWait)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, signal, terminal } = context;
  const [name = ''] = positionals;
  const machine = readMachine(host, name);
  const goal = goalOf(options.for) ?? 'cloud-init';
  const drawing = drawBoot(context, name);
  try {
    const started = await waitForMachine(host, machine, {
      goal: goal === 'process' ? 'ssh' : goal,
      timeoutMs: options.timeout === undefined ? undefined : seconds('--timeout', options.timeout),
      signal,
      onBoot: drawing.onBoot,
    });
    if (started !== undefined) return readyOutcome('anyarch/machine-wait/1', name, started, terminal.style);
    return {
      exitCode: 0,
      document: { schema: 'anyarch/machine-wait/1', name, state: 'stopped' },
      text: `${name} is stopped\n`,
    };
  } finally {
    drawing.end();
  }
};

export const handleMachineRemove: Handler<(typeof machineRemove)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, signal, terminal } = context;
  const { style } = terminal;
  const dryRun = options['dry-run'] === true;
  const machines: { readonly name: string; readonly error?: AnyarchError }[] = [];
  for (const name of new Set(positionals))
    try {
      await removeMachine(host, name, { force: options.force === true, dryRun, signal });
      machines.push({ name });
    } catch (error) {
      // Who names one only gets its error as everywhere.
      if (!(error instanceof AnyarchError) || positionals.length === 1) throw error;
      machines.push({ name, error });
    }
  const bad = machines.filter(({ error }) => error !== undefined).length;
  return {
    exitCode: bad === 0 ? 0 : bad === machines.length ? 1 : 3,
    document: {
      schema: 'anyarch/machine-remove/1',
      dryRun,
      machines: machines.map(({ name, error }) => ({
        name,
        ...(error === undefined
          ? {}
          : { error: { code: error.code, message: error.message, hint: error.hint } }),
      })),
    },
    text: formatColumns(
      machines.map(({ name, error }) =>
        error === undefined
          ? [painted(style.green, dryRun ? 'would go' : 'removed'), name]
          : [painted(style.red, 'stays'), name, `${error.message} [${error.code}]`],
      ),
    ),
  };
};

export const handleMachineResize: Handler<(typeof machineResize)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, signal, terminal } = context;
  const [name = '', size = ''] = positionals;
  const machine = readMachine(host, name);
  const resized = await resizeMachine(host, machine, sizeOf('SIZE', size), {
    noFetch: options['no-fetch'],
    signal,
  });
  const { beforeBytes, afterBytes, hasGrown } = resized;
  const isSame = beforeBytes === afterBytes;
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-resize/1', name, ...resized },
    text: formatColumns([
      [
        painted(terminal.style.green, isSame ? 'kept' : 'grown'),
        name,
        `${gibibytes(beforeBytes)} to ${gibibytes(afterBytes)}`,
        hasGrown ? 'its file system, too' : 'its file system grows at the next boot',
      ],
    ]),
  };
};

type Goal = 'ssh' | 'cloud-init' | 'process' | 'stopped';

/** The parser has compared it with the choices. */
function goalOf(text: string | undefined): Goal | undefined {
  return (['ssh', 'cloud-init', 'process', 'stopped'] as const).find((one) => one === text);
}

/** @returns milliseconds @throws AnyarchError ANYARCH_USAGE */
function seconds(what: string, text: string): number {
  return wholeNumber(what, text, { from: 1, to: 1_000_000 }) * 1000;
}
