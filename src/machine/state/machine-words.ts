/**
 * Options of QEMU with one value that a saved memory does not depend on: where things are on the host, what they are
 * called, and what has been read into the memory already.
 */
const elsewhere = new Set([
  '-L', '-netdev', '-chardev', '-qmp', '-mon', '-monitor', '-name', '-pidfile', '-D', '-d', '-display', '-incoming',
  '-blockdev', '-drive', '-kernel', '-initrd', '-append', '-dtb', '-bios', '-msg', '-sandbox', '-vnc', '-run-with',
  '-uuid', '-smbios', '-serial', '-rtc', '-boot',
]); // prettier-ignore

/** Without a value, and of no consequence. */
const alone = new Set(['-S', '-daemonize']);

/**
 * What of QEMU's command line makes the machine: processors, memory, devices and their order. A saved memory is of use
 * only to the same. Each option is one string with its value.
 */
export function machineWords(command: readonly string[]): string[] {
  // What is before may be a loader with options of its own, which begin with two hyphens.
  const start = command.findIndex((word) => /^-[a-zA-Z]/.test(word));
  const words = start === -1 ? [] : command.slice(start);
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const option = words[index] ?? '';
    const next = words[index + 1];
    const value = next === undefined || next.startsWith('-') ? undefined : next;
    if (value !== undefined) index += 1;
    if (elsewhere.has(option) || alone.has(option)) continue;
    kept.push(value === undefined ? option : `${option} ${withoutPlaces(option, value)}`);
  }
  return kept;
}

/** A network card's address is of the memory, too: the saved one counts. Paths are those of this machine. */
function withoutPlaces(option: string, value: string): string {
  return value
    .split(',')
    .filter((part) => !part.startsWith('mac=') && !(option === '-object' && part.startsWith('mem-path=')))
    .join(',');
}

/** The first difference, for people; undefined where there is none. */
export function firstDifference(saved: readonly string[], now: readonly string[]): string | undefined {
  for (let index = 0; index < Math.max(saved.length, now.length); index += 1) {
    const [before, after] = [saved[index], now[index]];
    if (before === after) continue;
    if (before === undefined) return `"${after ?? ''}" has come`;
    if (after === undefined) return `"${before}" has gone`;
    return `"${before}" is "${after}" now`;
  }
  return undefined;
}
