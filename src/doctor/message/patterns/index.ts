import type { ToolPatterns } from '../message-pattern.ts';
import { anyarch } from './anyarch.ts';
import { apptainer } from './apptainer.ts';
import { bash } from './bash.ts';
import { bubblewrap } from './bubblewrap.ts';
import { buildah } from './buildah.ts';
import { buildkit } from './buildkit.ts';
import { busybox } from './busybox.ts';
import { coreutils } from './coreutils.ts';
import { crun } from './crun.ts';
import { dash } from './dash.ts';
import { docker } from './docker.ts';
import { dotnet } from './dotnet.ts';
import { dpkg } from './dpkg.ts';
import { errno } from './errno.ts';
import { fish } from './fish.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { kernelLog } from './kernel-log.ts';
import { kubernetes } from './kubernetes.ts';
import { loader } from './loader.ts';
import { make } from './make.ts';
import { node } from './node.ts';
import { nspawn } from './nspawn.ts';
import { people } from './people.ts';
import { perl } from './perl.ts';
import { podman } from './podman.ts';
import { python } from './python.ts';
import { qemu } from './qemu.ts';
import { registering } from './registering.ts';
import { rosetta } from './rosetta.ts';
import { runc } from './runc.ts';
import { rust } from './rust.ts';
import { sudo } from './sudo.ts';
import { systemd } from './systemd.ts';
import { tracers } from './tracers.ts';
import { utilLinux } from './util-linux.ts';
import { zsh } from './zsh.ts';

/** The more particular first: where two understand a line, the first names the tool. Words without a tool stand last. */
export const toolPatterns: readonly ToolPatterns[] = [
  anyarch,
  kubernetes,
  crun,
  buildkit,
  buildah,
  apptainer,
  bubblewrap,
  nspawn,
  utilLinux,
  coreutils,
  docker,
  podman,
  runc,
  qemu,
  loader,
  rosetta,
  tracers,
  registering,
  sudo,
  systemd,
  kernelLog,
  dpkg,
  zsh,
  fish,
  bash,
  dash,
  busybox,
  make,
  go,
  node,
  java,
  dotnet,
  python,
  perl,
  rust,
  people,
  errno,
];
