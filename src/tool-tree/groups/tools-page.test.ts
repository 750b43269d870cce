import { expect, it } from 'vitest';
import { toolGroups, type Tool } from '../tool.ts';
import { denied, tools } from './index.ts';

const what: Record<(typeof toolGroups)[number], string> = {
  c: 'Compilers and binutils. How each is made to behave as the guest’s: docs/tool-adaptations.md.',
  base: 'What shell scripts are made of.',
  archive: 'Compressors and archivers.',
  go: 'The tools that `go build` starts.',
  clang:
    'Clang as a compiler; the linkers that it starts are those of binutils. Of a suite it is made only when it is named (`--group clang`). How it is made to behave as the guest’s: docs/tool-adaptations.md.',
  git: 'git itself; what transports over the network stays emulated.',
  debian: 'What unpacks and packs .debs.',
};

/** In a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}

function row({ name, listed, reason, guest, notOn = {}, besideGcc }: Tool): string {
  const elsewhere = Object.keys(notOn).length === 0 ? '' : ` (not on ${Object.keys(notOn).join(', ')})`;
  const beside = besideGcc === undefined ? '' : ` (beside GCC ${besideGcc})`;
  return `| \`${name}\` | ${guest.package} | ${listed} | ${cell(reason)}${beside}${elsewhere} |`;
}

function page(): string {
  const groups = toolGroups.flatMap((group) => {
    const rows = tools.filter((tool) => tool.group === group).map(row);
    const table =
      rows.length === 0 ? [] : ['', '| tool | package | list | why |', '| --- | --- | --- | --- |', ...rows];
    return [`## ${group}`, '', what[group], ...table, ''];
  });
  return [
    '# Tools that run natively, and those that never do',
    '',
    'Made from `src/tool-tree/groups/` (`npx vitest run --project unit src/tool-tree/groups/tools-page.test.ts --update`).',
    '',
    '- **allow**: what it writes depends on its input only.',
    '- **care**: its output depends on something that a rule of its recipe looks at, or differs where the reason says so.',
    '- What is in neither list and not denied is emulated, too: nothing is replaced that is not named here.',
    '',
    'Before a set is used, every tool runs its own lines of `src/tool-tree/self-test/lines/` twice in a guest made of the same verified packages: emulated, and',
    'with the set. Printed text, exit codes and every file with its mode must be the same, and the log must show that the native program was executed. Other tools are left out.',
    '',
    'All programs of base and archive are emulated when an argument has `/proc` or `proc/` anywhere, and in a working directory there: QEMU shows guests a `/proc/cpuinfo`',
    'and a `/proc/self/exe` of its own making. dash is, when its script has one of the words anywhere, or `ulimit`.',
    'Programs that print user names are emulated where the guest has, or its nsswitch.conf names, a user database other than files.',
    '',
    '## Known differences of what is replaced',
    '',
    'No rule can see these before a script runs:',
    '',
    '- dash on x86 hosts ends with SIGFPE where -2^63 is divided by -1; arm64 gives -2^63.',
    '- Files that only lead to `/proc` by a link’s name, and paths that a script puts together of parts or reads (`. ./file`), show the host’s processors.',
    '- `ulimit` in a file that a script reads takes effect; QEMU ignores `-v`, `-d` and `-s`.',
    '- `/proc/PID/comm`, and so ps and pgrep, name the native program; for emulated ones QEMU’s caller decides.',
    '- xargs and `find -exec … +` start other programs in other batches: QEMU takes room on the stack that arguments have here. Results that depend on where batches end do so on every machine.',
    '',
    ...groups,
    '## Never replaced',
    '',
    '| program | why |',
    '| --- | --- |',
    ...denied.map(({ name, reason }) => `| \`${name}\` | ${cell(reason)} |`),
    '',
  ].join('\n');
}

it('are described as they are', async () => {
  await expect(page()).toMatchFileSnapshot('../../../docs/accelerated-tools.md');
});
