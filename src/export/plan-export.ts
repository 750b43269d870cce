import { architectures, findArchitecture, sameFamily, type Architecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { debianTemplate } from '../core/templates/debian.ts';
import { systemdTemplate } from '../core/templates/systemd.ts';
import type { Host } from '../host/host.ts';
import { interpreterFor, type Interpreter } from './interpreter.ts';
import type { ExportedFile, ExportPlan, ExportWish, LeftOut } from './wish.ts';

export type ExportHost = Pick<Host, 'files' | 'processes' | 'system'>;

/**
 * What is to be written for whom. The rules are those of `register`: Debian's patterns, entries called `qemu-TARGET`.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_HOST_UNSUPPORTED, ANYARCH_NATIVE_ARCHITECTURE,
 *   ANYARCH_EMULATOR_NOT_FOUND, ANYARCH_EMULATOR_UNTRUSTED, ANYARCH_RULE_INVALID, ANYARCH_USAGE
 */
export function planExport(host: ExportHost, wish: ExportWish): ExportPlan {
  checkForm(wish);
  const reader = readerOf(host, wish);
  const files: ExportedFile[] = [];
  const leftOut: LeftOut[] = [];
  const warnings: string[] = [];
  const missing: string[] = [];
  for (const architecture of askedFor(wish)) {
    const { name } = architecture;
    if (isLeftOut(architecture, reader, wish)) {
      if (wish.architectures !== 'all') throw ownFamily(architecture, reader, wish);
      leftOut.push({ architecture: name, why: 'own-family' });
      continue;
    }
    const interpreter = orNone(wish, () => interpreterFor(host, name, wish));
    if (interpreter === undefined) {
      leftOut.push({ architecture: name, why: 'no-emulator' });
      continue;
    }
    if (interpreter.warning !== undefined) warnings.push(interpreter.warning);
    if (interpreter.isMissing) missing.push(interpreter.path);
    files.push(fileOf(architecture, interpreter, wish));
  }
  if (files.length === 0) throw nothingToExport();
  return { files, leftOut, warnings: [...warnings, ...missingWarning(missing)] };
}

function missingWarning([first, ...others]: readonly string[]): string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, nor ${others.length} others`;
  return [`there is no program ${first}${more} yet, and flag F needs it at registration`];
}

function checkForm({ form, openBinary, hostArchitecture, interpreters }: ExportWish): void {
  if (form === 'debian' && openBinary) {
    throw new AnyarchError('ANYARCH_USAGE', 'update-binfmts has no word for flag O', {
      hint: 'leave --open-binary out, or export for systemd',
    });
  }
  if (hostArchitecture !== undefined && interpreters === undefined) {
    throw new AnyarchError('ANYARCH_USAGE', 'the emulators of this machine are no use to another one', {
      hint: 'say where it will have them: --qemu-path /usr/bin',
    });
  }
}

/** The architecture of the machine that reads the files. */
function readerOf({ system }: Pick<Host, 'system'>, { hostArchitecture }: ExportWish): Architecture {
  if (hostArchitecture !== undefined) return findArchitecture(hostArchitecture);
  try {
    return findArchitecture(system.machine);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    throw new AnyarchError(
      'ANYARCH_HOST_UNSUPPORTED',
      `unknown architecture of this machine: ${system.machine}`,
      {
        hint: 'name the one that the files are for: --host ARCH',
        cause: error,
      },
    );
  }
}

function askedFor({ architectures: names }: ExportWish): readonly Architecture[] {
  if (names === 'all') return architectures;
  const asked = new Set(names.map((name) => findArchitecture(name)));
  return architectures.filter((one) => asked.has(one));
}

/** A rule for the machine's own programs would stop all of them, the emulator included. */
function isLeftOut(
  architecture: Architecture,
  reader: Architecture,
  { ownFamily: wanted }: ExportWish,
): boolean {
  return wanted ? architecture === reader : sameFamily(architecture, reader);
}

function ownFamily(architecture: Architecture, reader: Architecture, wish: ExportWish): AnyarchError {
  const isOwn = architecture === reader;
  const machine = wish.hostArchitecture === undefined ? 'this machine' : `a machine of ${reader.name}`;
  return new AnyarchError(
    'ANYARCH_NATIVE_ARCHITECTURE',
    isOwn
      ? `${architecture.name} is what ${machine} runs itself: a rule for it would stop every program`
      : `${architecture.name} is of the own family of ${machine}, which mostly runs it itself`,
    { hint: isOwn ? 'for another machine, name its architecture: --host ARCH' : '--own-family exports it' },
  );
}

/** Of `all`, what there is an emulator for. */
function orNone({ architectures: names }: ExportWish, find: () => Interpreter): Interpreter | undefined {
  try {
    return find();
  } catch (error) {
    const isMissing = error instanceof AnyarchError && error.code === 'ANYARCH_EMULATOR_NOT_FOUND';
    if (names === 'all' && isMissing) return undefined;
    throw error;
  }
}

function fileOf(
  { name, magic, mask }: Architecture,
  { path, preservesArgv0 }: Interpreter,
  { form, credentials, fixBinary, openBinary, preserveArgv0 }: ExportWish,
): ExportedFile {
  const write = form === 'systemd' ? systemdTemplate : debianTemplate;
  const { fileName, text } = write(
    { name, magic, mask },
    {
      interpreter: path,
      credentials,
      fixBinary,
      openBinary,
      preserveArgv0: preserveArgv0 === 'auto' ? preservesArgv0 : preserveArgv0,
    },
  );
  return { architecture: name, interpreter: path, fileName, body: text };
}

function nothingToExport(): AnyarchError {
  return new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', 'there is no emulator to export rules for', {
    hint: 'anyarch emulators fetch, or say where emulators will be: --qemu-path /usr/bin',
  });
}
