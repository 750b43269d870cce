import type { WantedFile } from '../../installed-files/index.ts';
import { exportedState, origin, serviceName, serviceProgram, type ServiceOptions } from './place.ts';
import { shellWord } from '../../core/shell-word.ts';

/**
 * @param services the directory that runsvdir(8) looks at
 * @param hasRun whether there is /run/runit: runsv(8) keeps its state there by a link, and leaves nothing in /etc
 */
export function runitFiles(
  { words, state }: ServiceOptions,
  services: string,
  hasRun: boolean,
): WantedFile[] {
  const directory = `/etc/sv/${serviceName}`;
  const content = `#!/bin/sh
${origin}
${exportedState({ state })}exec ${[serviceProgram, 'watch', ...words].map(shellWord).join(' ')} 2>&1
`;
  return [
    { path: `${directory}/run`, content, mode: 0o755 },
    ...(hasRun
      ? [{ path: `${directory}/supervise`, content: { link: `/run/runit/supervise.${serviceName}` } }]
      : []),
    { path: `${services}/${serviceName}`, content: { link: directory } },
  ];
}
