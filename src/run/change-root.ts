import { AT_FDCWD, AT_RECURSIVE, MS_BIND, MS_NODEV, MS_NOSUID, MS_REC } from '../core/launcher/constants.ts';
import { step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';
import { readOnlyAttribute } from './file-steps.ts';

export function changeRoot(builder: Builder): DescribedStep[] {
  const { root } = builder.setup;
  return [
    ...(root.kind === 'ephemeral'
      ? mountOverlay(builder, root.path)
      : bindRoot(builder, root.kind === 'host' ? '/' : root.path)),
    step('change the root', 'pivot_root', ['.', '.']),
  ];
}

function bindRoot({ host, setup, text }: Builder, path: string): DescribedStep[] {
  const scratch = text(setup.scratch);
  return [
    step(`mount ${path} as the root`, 'mount', [text(path), scratch, 0, MS_BIND | MS_REC, 0]),
    // Of the host's files nothing is made for a mount, so they need not be writable until then.
    ...(setup.root.kind === 'host' && setup.root.readOnly === true
      ? [
          step('protect the root', 'mount_setattr', [
            AT_FDCWD,
            scratch,
            AT_RECURSIVE,
            readOnlyAttribute(host),
            32,
          ]),
        ]
      : []),
    step('enter the new root', 'chdir', [scratch]),
  ];
}

/** An overlay whose writable layer lives in memory. Where the kernel refuses it, the root is read-only. */
function mountOverlay({ host, setup: { scratch }, text }: Builder, lower: string): DescribedStep[] {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => `${scratch}/${name}`) as [
    string,
    string,
    string,
  ];
  const options = `lowerdir=${escapeOverlayPath(lower)},upperdir=${escapeOverlayPath(upper)},workdir=${escapeOverlayPath(work)},userxattr`;
  const newRoot = text(root);
  return [
    step('make a root in memory', 'mount', [
      'tmpfs',
      text(scratch),
      'tmpfs',
      MS_NOSUID | MS_NODEV,
      'mode=0755',
    ]),
    ...[upper, work, root].map((path) =>
      step('make a root in memory', 'mkdirat', [AT_FDCWD, text(path), 0o755]),
    ),
    step('lay the writable root over the guest', 'mount', ['overlay', newRoot, 'overlay', 0, text(options)], {
      onError: { goTo: 'plain root' },
      next: 'root mounted',
    }),
    step(`mount ${lower} as the root`, 'mount', [text(lower), newRoot, 0, MS_BIND, 0], {
      label: 'plain root',
    }),
    step('protect the root', 'mount_setattr', [AT_FDCWD, newRoot, 0, readOnlyAttribute(host), 32]),
    step('enter the new root', 'chdir', [newRoot], { label: 'root mounted' }),
  ];
}

/** The kernel splits the option at commas and colons; a backslash protects them. */
function escapeOverlayPath(path: string): string {
  return path.replace(/[\\,:]/g, '\\$&');
}
