import { scopes } from '../../doctor/scopes.ts';
import { defineCommand } from '../command.ts';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'find out why a foreign program or container does not run, and what to do',
  description:
    'Examines the machine, or an engine, an image or a file, for every known cause of "exec format error" and of its silent relatives. ' +
    'With --error, or a message on standard input, the likely causes of that message come first.',
  positionals: [{ name: 'ENGINE', help: `${scopes.join(', ')}; default: the machine`, choices: scopes }],
  options: {
    image: { type: 'string', value: 'REF', help: 'an image that does not run, as the engine knows it' },
    file: { type: 'string', value: 'PATH', help: 'a program that does not run', complete: 'file' },
    rootfs: {
      type: 'string',
      value: 'DIR',
      help: 'root file system in which the program runs; default: /',
      complete: 'directory',
    },
    error: {
      type: 'string',
      value: 'TEXT',
      help: 'what a tool printed; - or nothing: standard input where it is no terminal',
      takesDash: true,
    },
    fix: { type: 'boolean', help: 'apply the remedies that are commands of anyarch, after showing them' },
    'dry-run': { type: 'boolean', help: 'only show what --fix would apply' },
    verbose: { type: 'boolean', short: 'v', help: 'list every check with what it found' },
    html: {
      type: 'string',
      value: 'FILE',
      help: 'write a report that stands alone, for a browser',
      complete: 'file',
    },
    strict: {
      type: 'boolean',
      help: 'warnings, and advisories of little confidence, make the exit code 1, too',
    },
  },
  examples: [
    { command: 'anyarch doctor', does: 'examine the machine' },
    { command: 'podman run IMAGE 2>&1 | anyarch doctor podman', does: 'why that failed' },
    { command: 'anyarch doctor --file ./hello-arm64', does: 'why this program does not run' },
    { command: 'sudo anyarch doctor --fix', does: 'repair what is ours to repair, and examine again' },
    { command: 'anyarch doctor docker --image REF --html report.html', does: 'an image, as a page' },
  ],
});
