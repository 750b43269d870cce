export type { RegistryHost } from './connection.ts';
export { pullImage, type Pulled, type PullOptions } from './pull.ts';
export { pushImages, type Pushed, type PushOptions, type PushResult } from './push.ts';
export { openRemoteImage, type RemoteImage } from './remote-image.ts';
