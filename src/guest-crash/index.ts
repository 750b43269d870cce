export { attributeCrash, type Crash, type GuestEnd } from './attribute.ts';
