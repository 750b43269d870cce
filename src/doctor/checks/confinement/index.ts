import type { Check } from '../../check.ts';
import { apparmorDenials } from './apparmor-denials.ts';
import { insideContainer } from './inside-container.ts';
import { noNewPrivs } from './no-new-privs.ts';
import { seccompRefusesEmulator } from './seccomp-refuses-emulator.ts';
import { selinuxDenials } from './selinux-denials.ts';
import { selinuxLabels } from './selinux-labels.ts';
import { wsl } from './wsl.ts';
import { wslInteropLost } from './wsl-interop-lost.ts';

export const confinementChecks: readonly Check[] = [
  wsl,
  wslInteropLost,
  insideContainer,
  noNewPrivs,
  seccompRefusesEmulator,
  selinuxLabels,
  selinuxDenials,
  apparmorDenials,
];
