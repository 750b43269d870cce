import { absolutePath } from '../../../core/absolute-path.ts';
import { AnyarchError } from '../../../core/error.ts';
import type { System } from '../../../host/host.ts';
import {
  checkDiskSize,
  checkMounts,
  findDefinition,
  isUserName,
  parseForwards,
  parseMounts,
  publicKeyOf,
  readCloudConfig,
  type MachineDefinition,
  type MachineRequest,
} from '../../../machine/index.ts';
import type { Context, OptionValues } from '../../command.ts';
import type { machineCreate } from '../../commands/machine-create.ts';
import { cpuModelOf, cpusOf, memoryOf, usualCpus } from './capacity.ts';
import { sizeOf } from './size.ts';

export type CreateOptions = OptionValues<(typeof machineCreate)['options']>;

/**
 * What the command line asks for, checked before anything is fetched.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_SEED_INVALID, ANYARCH_FILE
 */
export function machineRequest(
  { host }: Pick<Context, 'host'>,
  name: string,
  options: CreateOptions,
): MachineRequest {
  const definition = findDefinition(options.arch ?? host.system.machine);
  const { password, engine, qemu, cpu, cpus, memory } = options;
  const at = (path: string): string => absolutePath(path, process.cwd());
  const cloudInit = options['cloud-init'];
  const sshKey = options['ssh-key'];
  const mounts = parseMounts(options.mount ?? [], process.cwd(), host.files);
  checkMounts(definition, mounts, host.system.machine);
  return {
    name,
    definition,
    hardware: {
      cpus: cpus === undefined ? usualCpus(definition) : cpusOf(definition, cpus),
      memoryMiB: memory === undefined ? definition.memory.defaultMiB : memoryOf(definition, memory),
      ...(cpu === undefined ? {} : { cpu: cpuModelOf(definition, cpu) }),
      // Until a boot has proven another one.
      accelerator: 'tcg',
      ...(qemu === undefined ? {} : { qemu: qemu.includes('/') ? at(qemu) : qemu }),
      words: options['qemu-arg'] ?? [],
    },
    diskBytes: options.disk === undefined ? undefined : diskBytes(definition, options.disk),
    user: userOf(host.system, options.user),
    forwards: parseForwards(options.port ?? []),
    mounts,
    engine: engine === 'podman' || engine === 'docker' ? engine : undefined,
    guest: {
      sshKey: sshKey === undefined ? undefined : publicKeyOf(host, at(sshKey)),
      password,
      packages: (options.package ?? []).map(packageName),
      runCommands: options.run ?? [],
      userData: cloudInit === undefined ? undefined : readUserData(host, at(cloudInit)),
    },
  };
}

function diskBytes(definition: MachineDefinition, text: string): number {
  const bytes = sizeOf('--disk', text);
  checkDiskSize(definition, bytes);
  return bytes;
}

/**
 * The caller's own name, where a guest can have a user of that name who is not there already. What the environment says
 * counts for users that the database does not know: sudo and cron leave it out, or leave another's there.
 */
export function userOf(
  { userName, environment }: Pick<System, 'userName' | 'environment'>,
  asked: string | undefined,
): string {
  if (asked !== undefined) {
    if (isUserName(asked) && asked !== 'root') return asked;
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `--user ${asked.slice(0, 60)}: no user of a machine can be called so`,
      {
        hint: 'small letters, digits, - and _; root is reached by sudo',
      },
    );
  }
  const own = userName ?? environment['USER'] ?? environment['LOGNAME'];
  return own !== undefined && isUserName(own) && !usersOfSystems.has(own) ? own : 'debian';
}

const usersOfSystems = new Set([
  'root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy', 'www-data',
  'backup', 'list', 'irc', 'nobody', 'sshd', 'messagebus', 'admin', 'sudo', 'docker', 'users', 'staff',
]); // prettier-ignore

function packageName(text: string): string {
  if (/^[a-z0-9][a-z0-9.+-]*$/.test(text)) return text;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--package takes the name of a package, not "${text.slice(0, 60)}"`,
  );
}

function readUserData({ files }: Context['host'], path: string): ReturnType<typeof readCloudConfig> {
  const kind = files.status(path)?.kind;
  if (kind === 'file') return readCloudConfig(files.read(path), path);
  // A device or a pipe need not ever end.
  const message = kind === undefined ? `there is no file ${path}` : `${path} is no regular file`;
  throw new AnyarchError('ANYARCH_FILE', `--cloud-init: ${message}`, {
    hint: 'a file that begins with #cloud-config',
    details: { path },
  });
}
