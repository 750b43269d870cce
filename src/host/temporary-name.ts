let count = 0;

/** A neighbour of the file that nobody else makes, whatever the clock says. */
export function temporaryName(path: string, pid: number): string {
  count += 1;
  return `${path}.${pid}-${count}-${Math.floor(Math.random() * 2 ** 48).toString(36)}.tmp`;
}

/** Whether that is how a file was called that was to become the other one, and may be left over. */
export function isTemporaryOf(base: string, name: string): boolean {
  return name.startsWith(`${base}.`) && /^\.\d+-\d+-[0-9a-z]+\.tmp$/.test(name.slice(base.length));
}
