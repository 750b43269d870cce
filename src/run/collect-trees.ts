import type { Variable } from '../core/launcher/program.ts';
import { AT_FDCWD, AT_RECURSIVE, OPEN_TREE_CLONE, O_CLOEXEC, O_RDONLY } from '../core/launcher/constants.ts';
import { oldRoot, optional, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';

/**
 * Mounts of the host are picked up before the root changes and attached afterwards: then the guest's own links lead
 * to where they lead in the guest.
 */
export function collectTrees(builder: Builder): DescribedStep[] {
  const { constants, setup, text } = builder;
  const collect = (source: string, name: string, rest: Partial<DescribedStep> = {}): DescribedStep =>
    step(
      `find ${source}`,
      'open_tree',
      [AT_FDCWD, text(source), OPEN_TREE_CLONE | AT_RECURSIVE | O_CLOEXEC],
      {
        store: { variable: name },
        ...rest,
      },
    );
  return [
    collect('/proc', 'tree:/proc', optional),
    ...(setup.root.kind === 'host'
      ? []
      : [
          collect('/sys', 'tree:/sys', optional),
          ...devices(builder).map(([name, source]) => collect(source, `tree:${name}`, optional)),
        ]),
    ...setup.binds.map((bind, index) =>
      collect(bind.source, bindTree(index).variable, bind.optional === true ? optional : {}),
    ),
    step(
      'remember the old root',
      'openat',
      [AT_FDCWD, '/', O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC, 0],
      {
        store: oldRoot,
      },
    ),
  ];
}

/** The device files of the guest and where they come from, by name. */
export function devices({ setup }: Builder): readonly (readonly [name: string, source: string])[] {
  const usual = ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map(
    (name) => [name, `/dev/${name}`] as const,
  );
  // The terminal is not in the guest's own /dev/pts; there ttyname(3) finds it, as in bubblewrap and systemd-nspawn.
  return setup.terminal === undefined ? usual : [...usual, ['console', setup.terminal]];
}

/** Where the tree of a bind is kept. */
export function bindTree(index: number): Variable {
  return { variable: `tree:bind${index}` };
}
