export { diskBuses, type DiskBus } from './disk-bus.ts';
export { libvirtDomain, type DomainInput, type DomainOptions } from './domain.ts';
