import {
  AF_UNIX,
  AT_FDCWD,
  IFF_UP,
  O_CLOEXEC,
  O_WRONLY,
  SIOCSIFFLAGS,
  SOCK_RAW,
} from '../core/launcher/constants.ts';
import { encodeUtf8 } from '../core/text.ts';
import type { Variable } from '../core/launcher/program.ts';
import { isLittle, step } from './builder.ts';
import type { Builder } from './builder.ts';
import { joiningControlGroup } from './described-step.ts';
import type { DescribedStep } from './described-step.ts';

/** Before the namespaces are made: afterwards the groups' files are not writable any more. */
export function joinControlGroups({ setup, text }: Builder): DescribedStep[] {
  const processes: Variable = { variable: 'control group' };
  return (setup.controlGroups ?? []).flatMap((path) => {
    const doing = `${joiningControlGroup} of ${path}`;
    return [
      step(doing, 'openat', [AT_FDCWD, text(path), O_WRONLY | O_CLOEXEC, 0], { store: processes }),
      // 0 is the process that writes (cgroups(7)).
      step(doing, 'write', [processes, '0', 1]),
      step(doing, 'close', [processes]),
    ];
  });
}

/** What the guest finds in its own network and under its own host name. */
export function adjustNamespaces(builder: Builder): DescribedStep[] {
  const { hostname, ownNetwork } = builder.setup;
  return [
    ...(hostname === undefined
      ? []
      : [
          step(`name the guest ${hostname}`, 'sethostname', [
            builder.text(hostname),
            encodeUtf8(hostname).length,
          ]),
        ]),
    ...(ownNetwork === true ? raiseLoopback(builder) : []),
  ];
}

/** A new network has its loopback device, but down. Any socket takes the request (netdevice(7)). */
function raiseLoopback({ host }: Builder): DescribedStep[] {
  const doing = 'raise the loopback device';
  const socket: Variable = { variable: 'socket' };
  // struct ifreq: the name in 16 bytes, then a union that begins with the 16 bits of flags; 40 bytes at most.
  const request = new Uint8Array(40);
  request.set([0x6c, 0x6f]);
  new DataView(request.buffer).setUint16(16, IFF_UP, isLittle(host));
  return [
    step(doing, 'socket', [AF_UNIX, SOCK_RAW, 0], { store: socket }),
    step(doing, 'ioctl', [socket, SIOCSIFFLAGS, request]),
    step(doing, 'close', [socket]),
  ];
}
