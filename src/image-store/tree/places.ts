import * as fs from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import { damaged } from '../tar/damaged.ts';
import { forNode, joined, shown } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';
import { linkTarget, look } from './tree-files.ts';
import type { UpperPaths } from './upper-paths.ts';

/** How many links the kernel follows (include/linux/namei.h). */
const mostLinks = 40;

/**
 * Components that may be looked at, at first and more for each member: 40 links of 4 kB of `a/../` before every member
 * would keep a machine busy for days. Honest images need one or two, since what is known is not looked at again.
 */
const steps = { atFirst: 100_000, eachTime: 100 };

/** Finds where members go: the links of the tree are taken as a guest takes them that has it as its root. */
export interface Places {
  /** The real path of a directory; undefined where there is none. */
  find(parts: readonly string[]): TreePath | undefined;
  /** As `find`; what is missing is made. @throws AnyarchError ANYARCH_IMAGE_INVALID where something is in the way */
  make(parts: readonly string[], upper: UpperPaths): TreePath;
  /** To be called when a directory or a link goes. */
  forget(): void;
}

type Remove = (path: TreePath, status: fs.Stats) => void;

/**
 * Nobody else writes to the tree meanwhile: what was looked at stays so.
 *
 * @param remove takes away what a directory takes the place of
 */
export function createPlaces(remove: Remove): Places {
  const known = new Map<string, TreePath>();
  let stepsLeft = steps.atFirst;
  const step = (path: TreePath): void => {
    stepsLeft -= 1;
    if (stepsLeft < 0) throw tooManySteps(path);
  };
  const follow = (parts: readonly string[], upper: UpperPaths | undefined): TreePath | undefined => {
    const name = parts.at(-1);
    if (name === undefined) return '';
    const key = parts.join('/');
    const before = known.get(key);
    if (before !== undefined) return before;
    const above = follow(parts.slice(0, -1), upper);
    const found = above === undefined ? undefined : enter(above, name, { step, upper, remove });
    if (found !== undefined) known.set(key, found);
    return found;
  };
  return {
    find: (parts) => {
      stepsLeft += steps.eachTime;
      return follow(parts, undefined);
    },
    make: (parts, upper) => {
      stepsLeft += steps.eachTime;
      const made = follow(parts, upper);
      if (made === undefined) throw new Error('a directory was not made');
      return made;
    },
    forget: () => {
      known.clear();
    },
  };
}

interface Entering {
  /** Called for each component. @throws AnyarchError ANYARCH_IMAGE_LIMIT */
  readonly step: (path: TreePath) => void;
  /** What is missing is made. */
  readonly upper: UpperPaths | undefined;
  readonly remove: Remove;
}

/** The real path of what is called `name` in a real directory. */
function enter(directory: TreePath, name: string, { step, upper, remove }: Entering): TreePath | undefined {
  const asked = joined(directory, name);
  const todo = [name];
  let done = directory === '' ? [] : directory.split('/');
  let links = 0;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    step(asked);
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = joined(done.join('/'), part);
    const status = look(here);
    if (status?.isSymbolicLink() === true) {
      links += 1;
      if (links > mostLinks) throw damaged(`has a member behind too many links: ${shown(asked)}`);
      const target = linkTarget(here);
      if (target.startsWith('/')) done = [];
      todo.push(...target.split('/').reverse());
      continue;
    }
    if (status?.isDirectory() !== true) {
      if (upper === undefined) return undefined;
      makeParent(here, status, upper, remove);
    }
    done.push(part);
  }
  return done.join('/');
}

/** Above what a layer has there may be a directory that it does not mention; in an overlay it hides a lower file. */
function makeParent(path: TreePath, status: fs.Stats | undefined, upper: UpperPaths, remove: Remove): void {
  if (status !== undefined) {
    if (upper.holds(path)) throw damaged(`has members below ${shown(path)}, which is no directory`);
    remove(path, status);
  }
  fs.mkdirSync(forNode(path), 0o755);
  fs.chmodSync(forNode(path), 0o755);
  upper.add(path);
}

function tooManySteps(path: TreePath): AnyarchError {
  return new AnyarchError(
    'ANYARCH_IMAGE_LIMIT',
    `links of the image lead through too many directories: ${shown(path)}`,
    { hint: 'nothing of the image was kept; images that are made to be run have no such links' },
  );
}
