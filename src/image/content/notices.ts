/** Whose work is in an image; their licences ask for it. */
export const notices = `This image contains

/usr/bin/anyarch
  anyarch: Apache-2.0, see LICENSE in this directory
  QuickJS: MIT, Copyright (c) Fabrice Bellard, Charlie Gordon
  musl: MIT, Copyright (c) Rich Felker, et al.
  The texts are in LICENSES.txt in this directory.

/usr/bin/qemu-*
  QEMU and the libraries that it is linked with (GLib, zlib, glibc and others), as built by Debian:
  GPL-2.0-or-later and others. Their licences and authors are listed in Debian's package qemu-user,
  usr/share/doc/qemu-user/copyright. The source code is Debian's source package qemu of the version
  that /usr/share/anyarch/emulators/*.json names, with the source packages that its Built-Using and
  Static-Built-Using fields name; Debian's snapshot archive keeps all of them.
`;
