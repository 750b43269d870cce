import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { missingFor, readLinking } from '../elf/closure.ts';
import type { Linking } from '../elf/closure.ts';
import { hostLoader } from '../elf/host-loader.ts';
import type { HostLoader } from '../elf/host-loader.ts';
import { openImage } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';
import { replaceInterpreter } from '../elf/interpreter.ts';
import { privateLoader } from '../elf/private-loader.ts';
import type { MakeSet, NotAdapted, SetInput, SetProgram } from '../make-set.ts';
import { toolTreeMount } from '../../core/recipe/mount.ts';
import type { AdaptName } from '../adapt-name.ts';
import type { Adaptation, AdaptationInput } from './adaptation.ts';
import { pluginDirectory, redirectPlugins } from './bfd-plugins.ts';
import { adaptCc1 } from './cc1.ts';
import { adaptDpkg } from './dpkg.ts';
import { adaptDriver } from './driver.ts';
import { hideConversions } from './libc.ts';
import { leaveLongLogarithms } from './llvm.ts';

const adaptations: Readonly<Record<AdaptName, Adaptation>> = {
  cc1: adaptCc1,
  driver: adaptDriver,
  dpkg: adaptDpkg,
};

/** Makes a set of native programs that behave as the guest's: see docs/tool-adaptations.md. */
export const makeSet: MakeSet = async (host, input, sink) => {
  const directory = `${toolTreeMount}/${input.id}`;
  const debian = { host: input.host.debian, guest: input.guest.debian };
  const linkings = new Map<string, Linking>();
  let loader: HostLoader | undefined;
  if (input.loader !== undefined) {
    loader = supportedLoader(input.host.architecture);
    const original = host.files.read(input.loader);
    linkings.set(nameOf(loader.interpreter), readLinking(openImage(original)));
    await sink({ path: 'ld', content: privateLoader(original, loader, directory), executable: true });
  }
  const unadapted = new Map<string, string>();
  for (const { name, file } of input.libraries) {
    const content = attempt(() => adaptedLibrary(name, host.files.read(file), input, directory));
    if (content instanceof AnyarchError) {
      unadapted.set(name, content.message);
      continue;
    }
    linkings.set(name, readLinking(openImage(content)));
    await sink({ path: name, content, executable: false });
    if (name === linkerPlugin) await sink({ path: `${pluginDirectory}/${name}`, content, executable: false });
  }
  const leftOut: NotAdapted[] = [];
  for (const program of input.programs) {
    const outcome = attempt(() =>
      adaptedProgram(host, program, { loader, directory, debian, linkings, unadapted }),
    );
    if (outcome instanceof AnyarchError) leftOut.push({ name: program.tool.name, reason: outcome.message });
    else await sink({ path: program.path, content: outcome, executable: true });
  }
  return leftOut;
};

function supportedLoader(architecture: string): HostLoader {
  const loader = hostLoader(architecture);
  if (loader === undefined) {
    throw new AnyarchError(
      'ANYARCH_TOOL_UNADAPTABLE',
      `native programs of ${architecture} cannot be given a loader of their own`,
      { hint: 'Builds are emulated, with the same result.' },
    );
  }
  return loader;
}

const linkerPlugin = 'liblto_plugin.so';

interface ProgramContext {
  /** Undefined when all programs are linked statically. */
  readonly loader: HostLoader | undefined;
  readonly directory: string;
  readonly debian: AdaptationInput['debian'];
  readonly linkings: ReadonlyMap<string, Linking>;
  /** Why libraries are not there, by name. */
  readonly unadapted: ReadonlyMap<string, string>;
}

function adaptedLibrary(name: string, original: Uint8Array, input: SetInput, directory: string): Uint8Array {
  const bytes = original.slice();
  if (name === 'libc.so.6') hideConversions(bytes, input.host.triplet);
  if (/^libLLVM\b.*\.so/.test(name)) leaveLongLogarithms(bytes);
  if (/^libbfd-.*\.so$/.test(name)) redirectPlugins(bytes, directory);
  return bytes;
}

function adaptedProgram(
  { files }: Pick<Host, 'files'>,
  { tool, file, guestFile }: SetProgram,
  { loader, directory, debian, linkings, unadapted }: ProgramContext,
): Uint8Array {
  const bytes = files.read(file).slice();
  const native = openImage(bytes);
  const missing = missingFor(readLinking(native), linkings);
  if (missing !== undefined) throw unadaptable([missing, ...unadapted.values()].join(': '));
  replaceInterpreter(bytes, loader?.interpreter, `${directory}/ld`);
  if (tool.adapt !== undefined)
    adaptations[tool.adapt]({ native, guest: openImage(files.read(guestFile)), debian, directory });
  return bytes;
}

/** What is wrong with one program keeps that one out; all else comes through. */
function attempt(make: () => Uint8Array): Uint8Array | AnyarchError {
  try {
    return make();
  } catch (error) {
    if (
      error instanceof AnyarchError &&
      (error.code === 'ANYARCH_TOOL_UNADAPTABLE' || error.code === 'ANYARCH_ELF_INVALID')
    )
      return error;
    throw error;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
