import { emptyDirectory, look } from '../tree/tree-files.ts';
import { names } from './protocol.ts';

/** Empties the working directory. The tree first and from inside, because its paths may be as long as paths can be. */
export function removeAll(place: string): void {
  process.chdir(place);
  if (look(names.tree)?.isDirectory() === true) {
    process.chdir(names.tree);
    emptyDirectory('');
    process.chdir('..');
  }
  emptyDirectory('');
}
