import type { CommandDefinition, OptionDefinition, Outcome } from '../cli/command.ts';
import { explain as explainCommand } from '../cli/commands/explain.ts';
import { register as registerCommand } from '../cli/commands/register.ts';
import { rootlessEnsure } from '../cli/commands/rootless-ensure.ts';
import { unregister as unregisterCommand } from '../cli/commands/unregister.ts';
import { directoryOption } from '../cli/directory-option.ts';
import { ensureRootless } from '../cli/ensure-rootless.ts';
import { errorOutcome } from '../cli/error-outcome.ts';
import { commandHelp, overview } from '../cli/help.ts';
import { parseCommandLine, type ParsedCommandLine } from '../cli/parse.ts';
import { explanationOutcome } from '../cli/reports/explanation.ts';
import { reportOutcome, wantedArchitectures } from '../cli/reports/registration.ts';
import { statusOutcome } from '../cli/reports/status.ts';
import { plain } from '../cli/style.ts';
import { absolutePath } from '../core/absolute-path.ts';
import { AnyarchError } from '../core/error.ts';
import { printableJson } from '../core/printable.ts';
import {
  confinementWarnings,
  removedNote,
  withWarnings,
  type Dialect,
  type DialectCall,
} from '../dialects/index.ts';
import { requireEmulator, type Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import {
  ensureMounted,
  explainFile,
  register,
  status,
  unregister,
  type RegistrationReport,
} from '../registration/index.ts';
import { ownWatchCommand, watchInContainer } from './own-watch.ts';

/** An image fetches nothing: it has its emulators. And it remembers nothing, so nothing could be given back. */
const ofNoUse = ['adopt', 'mirror', 'no-fetch'];

const { reset } = registerCommand.options;

/** What anyarch's own command line offers in an image, which remembers nothing and sees less than a host does. */
const commands: readonly CommandDefinition[] = [
  {
    ...registerCommand,
    description: `Registers the image's emulators in the host's binfmt_misc table and proves each one by executing a foreign
program. QEMU entries of earlier containers and of other images are replaced without a gap, entries of others stay
untouched. The host's own architecture is left out.`,
    options: {
      ...Object.fromEntries(
        Object.entries<OptionDefinition>(registerCommand.options).filter(([name]) => !ofNoUse.includes(name)),
      ),
      reset: {
        ...reset,
        help: "first remove all QEMU entries that look like those of images; with -v /:/host:ro not the distribution's",
      },
    },
    examples: [
      { command: 'docker run --rm --privileged anyarch register arm64 riscv64', does: 'two architectures' },
      {
        command: 'docker run --rm --privileged -v /:/host:ro anyarch register --reset',
        does: 'everything that the image has, afresh, and not without what a distribution registered',
      },
    ],
  },
  {
    ...unregisterCommand,
    summary: 'remove QEMU entries of anyarch and of other images (root)',
    description: `Removes the QEMU entries of earlier containers and of other images. A container remembers nothing, and sees by an
entry's name and interpreter alone where it comes from: those of some distributions (Fedora, Arch, Alpine, openSUSE)
read the same and go, too, and are named on stderr. With -v /:/host:ro they are told apart by the distribution's files
and stay.`,
    examples: [
      {
        command: 'docker run --rm --privileged -v /:/host:ro anyarch unregister',
        does: 'remove all that images registered, and nothing of the distribution',
      },
    ],
  },
  {
    // A container sees no other processes: of the whole command this is left.
    name: 'status',
    summary: 'show what the kernel runs foreign programs with',
    positionals: [],
    options: {
      probe: { type: 'boolean', help: 'execute a tiny program of each architecture to prove that it works' },
    },
    examples: [
      { command: 'docker run --rm --privileged anyarch status --probe', does: 'every entry, with proof' },
    ],
  },
  {
    ...explainCommand,
    options: { rootfs: explainCommand.options.rootfs },
    examples: [
      {
        command: 'docker run --rm --privileged -v .:/here anyarch explain /here/hello-arm64',
        does: 'header, entries, winner, and what you would see',
      },
    ],
  },
  ownWatchCommand,
  rootlessEnsure,
];

/** anyarch's own command line, as far as it makes sense in a container. */
export const ownCommands: Dialect = (call) => {
  const parsed = parseCommandLine(call.words, commands);
  const { exitCode, text, document, errorText } = carryOut(call, parsed);
  const result =
    parsed.json && document !== undefined ? `${printableJson(JSON.stringify(document, null, 2))}\n` : text;
  const outcome = { exitCode, stdout: result ?? '', stderr: errorText ?? '' };
  if (parsed.command?.name !== 'register' || parsed.help) return outcome;
  const fixBinary = parsed.options['no-fix-binary'] !== true;
  return withWarnings(outcome, confinementWarnings(call.host, { fixBinary }));
};

function carryOut(call: DialectCall, parsed: ParsedCommandLine): Outcome {
  const { host, version } = call;
  const { command, options, positionals } = parsed;
  if (parsed.version) {
    return {
      exitCode: 0,
      text: `anyarch ${version}\n`,
      document: { schema: 'anyarch/version/1', version },
    };
  }
  if (command === undefined) return help(overview(commands, plain));
  if (parsed.help) return help(commandHelp(command, [], plain), command.name);
  // It may not mount the table to look: that would hide the host's.
  if (command.name === rootlessEnsure.name) return withErrors(() => ensureRootless(host, options));
  const dryRun = options['dry-run'] === true;
  showHostTable(host);
  switch (command.name) {
    case 'register': {
      const report = register(host, {
        architectures: wantedArchitectures(positionals),
        adopt: true,
        choose: (target) => emulatorOfImage(host, target, options),
        reset: options['reset'] === true,
        credentials: options['credentials'] === true,
        fixBinary: options['no-fix-binary'] !== true,
        force: options['force'] === true,
        dryRun,
      });
      return withRemovedNote(host, report, reportOutcome('register', report, plain));
    }
    case 'unregister': {
      const architectures = wantedArchitectures(positionals);
      const report = unregister(host, { architectures, dryRun, predecessors: true });
      return withRemovedNote(host, report, reportOutcome('unregister', report, plain));
    }
    case 'status':
      return statusOutcome(status(host, { probe: options['probe'] === true }), plain);
    case 'explain':
      return explained(host, parsed);
    case 'watch':
      return watchInContainer(call, parsed);
    default:
      throw new Error(`no handler for the command ${command.name}`);
  }
}

/** As a document, too: programs call it. */
function withErrors(action: () => Outcome): Outcome {
  try {
    return action();
  } catch (error) {
    return errorOutcome(error, { debug: false });
  }
}

/** Relative paths start at the root, where a container of ours starts. */
function explained(host: Host, { options, positionals: [given = ''] }: ParsedCommandLine): Outcome {
  const root =
    typeof options['rootfs'] === 'string'
      ? { root: directoryOption(host.files, '--rootfs', options['rootfs'], '/') }
      : {};
  return explanationOutcome(explainFile(host, absolutePath(given, '/'), root), plain);
}

function withRemovedNote(host: Host, report: RegistrationReport, outcome: Outcome): Outcome {
  return { ...outcome, errorText: (outcome.errorText ?? '') + removedNote(host, report) };
}

/**
 * A privileged container has the host's table and sees nothing of it before it has mounted it: without that, what is
 * registered would neither be shown nor removed, and nobody would notice.
 */
function showHostTable(host: Host): void {
  if (host.system.hostFiles !== undefined) ensureMounted(host);
}

function emulatorOfImage(host: Host, target: string, options: ParsedCommandLine['options']): Emulator {
  const qemu = typeof options['qemu'] === 'string' ? options['qemu'] : undefined;
  const allowDynamic = options['no-fix-binary'] === true;
  try {
    return requireEmulator(host, target, { qemu, allowDynamic });
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_EMULATOR_NOT_FOUND') throw error;
    throw new AnyarchError(error.code, error.message, {
      hint: `use an image that has it, such as the tag "latest", or mount one as /usr/bin/qemu-${target}-static`,
      details: error.details,
      cause: error,
    });
  }
}

function help(text: string, command?: string): Outcome {
  return {
    exitCode: 0,
    text,
    document: { schema: 'anyarch/help/1', ...(command === undefined ? {} : { command }), text },
  };
}
