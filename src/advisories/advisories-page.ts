import type { Advisory, Conditions, Workaround } from './advisory.ts';
import { runtimeNames } from './runtime-name.ts';
import { advisories } from './table/index.ts';
import { formatRange, type VersionRange } from './version-range.ts';

/** The text of docs/advisories.md. */
export function advisoriesPage(): string {
  return `# Known-bad combinations

Made from \`src/advisories/table/\` (\`npx vitest run --project unit src/advisories/advisories-page.test.ts --update\`).

\`anyarch doctor\` matches them with the emulators that are registered, the host, and the guest: its architecture and, with
\`--rootfs\` or \`--file\`, what it was made with, by its files. \`run\` and \`exec\` name those that fit when a guest stalls or is killed.

How far each can be trusted:

- **measured**: seen by ourselves on a real kernel, with Debian's QEMU 7.2, 10.0 or 11.1 on amd64.
- **confirmed**: said by the maintainers of one side, or repaired by a change that is named.
- **reported**: by several users, with the same symptom.
- **disputed**: reports disagree about the cause, or about the version that repairs it.

Measured and confirmed ones are told where every condition is shown: as a note, or as the cause where what a tool printed fits.
The others are told as possible causes of what was printed; with \`--strict\` always, as warnings. A version range says what was
seen; outside of it nobody reported anything.
${advisories.map(section).join('')}`;
}

function section(advisory: Advisory): string {
  const { id, title, effect, seen, cause, applies, workarounds, confidence, references } = advisory;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Where', conditionsOf(applies)],
    ['Seen', seen],
    ['Why', cause],
    ['What helps', workarounds.map(workaroundText).join('; ')],
    ['Effect, confidence', `${effect}, ${confidence}`],
    ['References', references.map((reference) => `<${reference}>`).join(' ')],
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined ? [] : [`- ${name}: ${text}`]));
  return `\n## \`${id}\`: ${title}\n\n${lines.join('\n')}\n`;
}

function conditionsOf({ mode, emulator, build, hosts, guests, runtimes, kernel }: Conditions): string {
  const parts = [
    mode === 'system' ? 'machines' : undefined,
    emulator && `QEMU ${rangesText(emulator)}`,
    build?.linkage && `built ${build.linkage}`,
    build?.libc && `with ${build.libc}`,
    build?.byDebian === undefined ? undefined : `${build.byDebian ? '' : 'not '}built by Debian`,
    hosts && `hosts: ${hosts.join(', ')}`,
    guests && `guests: ${guests.join(', ')}`,
    runtimes
      ?.map(({ name, versions }) =>
        versions === undefined ? runtimeNames[name] : `${runtimeNames[name]} ${rangesText(versions)}`,
      )
      .join(' or '),
    kernel && `Linux ${formatRange(kernel)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'every version of QEMU, every guest' : parts.join(' · ');
}

function rangesText(ranges: readonly VersionRange[]): string {
  return ranges.map(formatRange).join(', ');
}

function workaroundText({ does, environment = {} }: Workaround): string {
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? does : `${does}: \`${words.join(' ')}\``;
}
