import { randomUUID } from 'node:crypto';
import {
  chooseAccelerator,
  cloneMachine,
  createMachine,
  findDefinition,
  machineStatus,
  obtainTools,
  parseForwards,
  readMachine,
  withMachine,
  checkMachineName,
  type Machine,
  type MachineParts,
  type MachineRequest,
} from '../../machine/index.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Context, Handler } from '../command.ts';
import type { machineCreate } from '../commands/machine-create.ts';
import { withProgress } from '../progress.ts';
import { createdOutcome } from '../reports/machine.ts';
import { obtainBaseImage, refuseWrongImage } from './machine/base-image.ts';
import { machineRequest, type CreateOptions } from './machine/request.ts';

export const handleMachineCreate: Handler<(typeof machineCreate)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const [name = ''] = positionals;
  checkMachineName(name);
  const machine =
    options.from === undefined
      ? await create(context, name, options)
      : await clone(context, name, options.from, options);
  return createdOutcome(machine, context.terminal.style);
};

async function create(context: Context, name: string, options: CreateOptions): Promise<Machine> {
  const { host, signal } = context;
  const asked = machineRequest(context, name, options);
  return await createMachine(
    host,
    asked,
    async () => await withProgress(context, async (onProgress) => await parts(onProgress)),
    signal,
  );

  async function parts(onProgress: Parameters<Parameters<typeof withProgress>[1]>[0]): Promise<MachineParts> {
    refuseWrongImage(context, asked, options);
    const tools = await obtainTools(host, asked.definition, {
      qemu: asked.hardware.qemu,
      needs: asked.mounts.length === 0 ? [] : ['virtiofsd'],
      mirror: options.mirror,
      noFetch: options['no-fetch'] === true,
      allowExpired: options['allow-expired'] === true,
      signal,
      onProgress,
    });
    const { base, hasPackages } = await obtainBaseImage(context, asked, options, { tools, onProgress });
    return { tools, base, hasPackages, hardware: accelerated(context, asked, options, tools) };
  }
}

/** KVM only where it has been seen to work; who asks for it and does not get it is told so. */
function accelerated(
  { host }: Context,
  { definition, hardware }: MachineRequest,
  { accel = 'auto' }: CreateOptions,
  tools: MachineParts['tools'],
): MachineRequest['hardware'] {
  if (accel === 'tcg') return hardware;
  const { accelerator, reason, isFallback } = chooseAccelerator(host, definition, tools);
  if (accel === 'kvm' && accelerator !== 'kvm')
    throw new AnyarchError('ANYARCH_HOST_UNSUPPORTED', `this machine cannot be run by KVM: ${reason}`, {
      hint: 'leave --accel out: it is emulated then',
    });
  if (isFallback) host.log.warn(`${definition.name} is emulated: ${reason}`);
  return { ...hardware, accelerator };
}

/** A copy shares its disk's past with the other one: nothing of hardware and image can be another. */
async function clone(context: Context, name: string, from: string, options: CreateOptions): Promise<Machine> {
  const { host, signal } = context;
  const given = Object.keys(options).filter(
    (one) => !['from', 'port', 'no-fetch', 'mirror', 'allow-expired'].includes(one),
  );
  if (given.length > 0)
    throw new AnyarchError('ANYARCH_USAGE', `--${given[0] ?? ''} cannot be given with --from`, {
      hint: 'a copy is as the other machine is, but for its ports (--port)',
    });
  const [sourceName = '', snapshot] = from.split('@');
  const { record } = readMachine(host, sourceName);
  const forwards = parseForwards(options.port ?? []);
  const tools = await withProgress(
    context,
    async (onProgress) =>
      await obtainTools(host, findDefinition(record.definition), {
        qemu: record.hardware.qemu,
        mirror: options.mirror,
        noFetch: options['no-fetch'] === true,
        allowExpired: options['allow-expired'] === true,
        signal,
        onProgress,
      }),
  );
  return await withMachine(
    host,
    sourceName,
    async (source) => {
      if (snapshot === undefined && machineStatus(host, source).kind === 'running')
        throw new AnyarchError('ANYARCH_MACHINE_RUNNING', `${sourceName} runs`, {
          hint: `stop or save it, or make a copy of a snapshot: anyarch machine snapshot save ${sourceName} base, then --from ${sourceName}@base`,
          details: { name: sourceName },
        });
      return await cloneMachine(host, source, {
        name,
        id: randomUUID(),
        snapshot,
        forwards,
        imageTool: tools.command('qemu-img'),
        subject: name,
        signal,
      });
    },
    { signal },
  );
}
