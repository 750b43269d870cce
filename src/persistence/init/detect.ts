import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { initNames, type InitName } from './init-name.ts';

type Parts = Pick<Host, 'files'>;

/** An init of this machine, or the reason why it is none. */
export interface InitCandidate {
  readonly init: InitName;
  readonly isRunning: boolean;
  readonly isInstalled: boolean;
  /** What told, or what was looked for. */
  readonly evidence: string;
}

/** What is running comes first, then what is installed. */
export function initCandidates(host: Parts): InitCandidate[] {
  const candidates = initNames.map((init): InitCandidate => {
    const running = runningSign(host, init);
    const installed = installedSign(host, init);
    // What is left in /run of something that is not there runs nothing.
    const isRunning = running !== undefined && installed !== undefined;
    const evidence =
      (isRunning ? running : undefined) ?? installed ?? `there is no ${signs[init].installed.join(' or ')}`;
    return { init, isRunning, isInstalled: installed !== undefined, evidence };
  });
  const rank = ({ isRunning, isInstalled }: InitCandidate) => (isRunning ? 0 : isInstalled ? 1 : 2);
  return candidates.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * What registers entries at boot here.
 *
 * @throws AnyarchError ANYARCH_INIT_UNKNOWN
 */
export function detectInit(host: Parts): InitName {
  const [first] = initCandidates(host);
  if (first !== undefined && (first.isRunning || first.isInstalled)) return first.init;
  throw new AnyarchError(
    'ANYARCH_INIT_UNKNOWN',
    'no init system that anyarch knows was found: neither systemd nor OpenRC nor runit nor binfmt-support',
    {
      hint: `name one with --init (${initNames.join(', ')}), or let the machine run "anyarch register" at boot`,
      details: { looked: initCandidates(host).map(({ init, evidence }) => `${init}: ${evidence}`) },
    },
  );
}

/** @throws AnyarchError ANYARCH_INIT_UNKNOWN where that one is not there */
export function requireInit(host: Parts, init: InitName): InitName {
  const found = initCandidates(host).find((one) => one.init === init);
  if (found?.isRunning === true || found?.isInstalled === true) return init;
  throw new AnyarchError(
    'ANYARCH_INIT_UNKNOWN',
    `there is no ${init} on this machine: ${found?.evidence ?? ''}`,
    {
      hint: 'leave --init out to take what is running',
    },
  );
}

interface Signs {
  readonly running: readonly string[];
  readonly installed: readonly string[];
}

const signs: Readonly<Record<InitName, Signs>> = {
  // sd_booted(3)
  systemd: {
    running: ['/run/systemd/system'],
    installed: ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'],
  },
  openrc: {
    running: ['/run/openrc/softlevel'],
    installed: ['/sbin/openrc-run', '/usr/sbin/openrc-run', '/usr/bin/openrc-run'],
  },
  runit: { running: ['/run/runit', '/run/runit.stopit', '/run/runit.reboot'], installed: ['/etc/runit'] },
  debian: { running: [], installed: ['/usr/sbin/update-binfmts', '/usr/bin/update-binfmts'] },
};

function runningSign({ files }: Parts, init: InitName): string | undefined {
  const found = signs[init].running.find((path) => files.status(path) !== undefined);
  if (found !== undefined || init !== 'debian') return found;
  // sysvinit has no mark of its own; its scripts call update-binfmts.
  const first = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read('/proc/1/comm')).trim());
  const hasScript = files.status('/etc/init.d/binfmt-support') !== undefined;
  const others = [...signs.systemd.running, ...signs.openrc.running];
  const isOther = others.some((path) => files.status(path) !== undefined);
  return first === 'init' && hasScript && !isOther ? '/etc/init.d/binfmt-support' : undefined;
}

function installedSign({ files }: Parts, init: InitName): string | undefined {
  return signs[init].installed.find((path) => files.status(path) !== undefined);
}
