export { obtainDebianImage, type DebianImageOptions } from './obtain-debian-image.ts';
