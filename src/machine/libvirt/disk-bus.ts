export const diskBuses = ['virtio', 'scsi', 'sata', 'usb', 'sd'] as const;
/** How libvirt attaches a disk. */
export type DiskBus = (typeof diskBuses)[number];
