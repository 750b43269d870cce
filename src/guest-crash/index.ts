export { attributeCrash, type Crash, type GuestEnd } from './attribute.ts';
export { readCrash, type CrashMessage } from './read-crash.ts';
