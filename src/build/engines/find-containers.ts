import { parseJson } from '../../core/json.ts';
import type { Host } from '../../host/host.ts';
import { ask, fieldsOf } from './ask.ts';
import type { Found } from './engine.ts';

type Parts = Pick<Host, 'processes' | 'system'>;

/** `podman info` also proves that its storage can be opened. */
export function findPodman(host: Parts): Found {
  const answer = ask(host, ['podman', 'info', '--format', 'json']);
  if ('reason' in answer) return answer;
  const { host: its, version } = fieldsOf(parseJson(answer.text));
  const { Version: number } = fieldsOf(version);
  if (typeof number !== 'string') return { reason: 'what "podman info" prints cannot be read' };
  const { serviceIsRemote, security } = fieldsOf(its);
  return {
    name: 'podman',
    version: number,
    rootless: fieldsOf(security)['rootless'] === true,
    remote: serviceIsRemote === true,
  };
}

export function findBuildah(host: Parts): Found {
  const version = ask(host, ['buildah', '--version']);
  if ('reason' in version) return version;
  const answer = ask(host, ['buildah', 'info']);
  if ('reason' in answer) return answer;
  const { host: its } = fieldsOf(parseJson(answer.text));
  return {
    name: 'buildah',
    version: /version (\S+)/.exec(version.text)?.[1] ?? 'unknown',
    rootless: fieldsOf(its)['rootless'] === true,
    remote: false,
  };
}
