/**
 * A program whose loader is another file: the path in PT_INTERP is overwritten by a shorter one. The rest of the program stays as it
 * is, so that it can be started by its own path wherever it lies.
 *
 * @param interpreter the path that the program has; it must be in the file exactly once, as it is where linkers put it
 * @param replacement no longer than that
 */
export function withInterpreter(program: Uint8Array, interpreter: string, replacement: string): Uint8Array {
  if (replacement.length > interpreter.length)
    throw new Error(`${replacement} is longer than ${interpreter}`);
  const bytes = Buffer.from(program);
  const at = bytes.indexOf(`${interpreter}\0`, 0, 'latin1');
  if (at === -1) throw new Error(`the program does not name ${interpreter}`);
  bytes.fill(0, at, at + interpreter.length);
  bytes.write(replacement, at, 'latin1');
  return bytes;
}
