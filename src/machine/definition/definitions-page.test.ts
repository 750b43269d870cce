import { expect, it } from 'vitest';
import { commonPackages, oldestQemu } from '../tools/obtain-tools.ts';
import type { MachineDefinition } from './definition.ts';
import { definitions } from './table.ts';

it('docs/machine-definitions.md is what the table says; vitest --update writes it anew', async () => {
  await expect(page()).toMatchFileSnapshot('../../../docs/machine-definitions.md');
});

function page(): string {
  return `# Machines that can be made

Made from \`src/machine/definition/\`, and tested: each of them boots Debian's kernel for it, and sees its disk, its seed
and its network card (\`test/machines/tiny-boots.test.ts\`). \`-a\` takes the name, or any name of the
architecture.

QEMU is the system's where it is ${oldestQemu} or newer and nothing is missing, else Debian's, fetched and unpacked without being
installed; \`--qemu system\`, \`--qemu VERSION\` and \`--qemu PATH\` name another. Beside the packages below, machines need
${commonPackages.map((name) => `\`${name}\``).join(' and ')}. KVM is taken only when a guest of a few instructions has run by it.

${definitions.map(section).join('\n')}`;
}

function section(one: MachineDefinition): string {
  const { machine, emulator, packages, console, bus, card, kernel, memory, maximumCpus, cpus, limits } = one;
  const lines = [
    `\`${emulator} -machine ${machine}\`, from the packages ${packages.join(', ')}`,
    `starts ${one.boots.map((boot) => starts(one, boot)).join(' or ')}`,
    `console \`${console}\`, devices \`${bus === 'board' ? "the board's own" : `virtio-…-${bus}`}\`, network \`${card}\``,
    `kernel of Debian: ${kernel.package} (${kernel.suite}, ${kernel.architecture})`,
    one.isFixed === true
      ? `memory ${memory.maximumMiB} MiB and ${maximumCpus} processors, as the board has them`
      : `memory ${memory.defaultMiB} MiB unless asked otherwise, at most ${memory.maximumMiB} MiB; at most ${maximumCpus} processors`,
    ...cpus.map(({ value, from, reason }) => `CPU \`${value}\` (QEMU ${from} and newer): ${reason}`),
    ...limits.map((limit) => `limit: ${limit}`),
  ];
  return `## ${one.name}\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
}

function starts({ firmware }: MachineDefinition, boot: 'firmware' | 'kernel'): string {
  if (boot === 'kernel') return 'from a kernel beside the disk';
  return firmware === undefined ? "from its disk, by the board's firmware" : 'from its disk, by UEFI';
}
