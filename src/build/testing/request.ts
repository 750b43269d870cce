import { parsePlatform } from '../../core/platform.ts';
import type { BuildRequest } from '../request.ts';

/** With nothing but what has to be there. */
export const emptyRequest: BuildRequest = {
  platforms: [parsePlatform('arm64')],
  names: ['app:1'],
  context: '/context',
  file: '/context/Dockerfile',
  buildArgs: [],
  target: undefined,
  secrets: [],
  labels: [],
  annotations: [],
  noCache: false,
  pull: false,
  cacheFrom: [],
  cacheTo: [],
  progress: undefined,
  ownOptions: [],
};
