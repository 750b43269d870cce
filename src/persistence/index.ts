export { readPersisted, type Persisted, type PersistedArchitecture } from './document.ts';
export { initNames, type InitName } from './init/init-name.ts';
