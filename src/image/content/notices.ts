const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL
THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
`;

/** Whose work is in an image; their licences ask for it. */
export const notices = `This image contains

/usr/bin/anyarch
  anyarch: Apache-2.0, see LICENSE in this directory
  QuickJS: MIT, Copyright (c) 2017-2025 Fabrice Bellard, Charlie Gordon
  musl: MIT, Copyright (c) 2005-2025 Rich Felker, et al.

/usr/bin/qemu-*
  QEMU and the libraries that it is linked with (GLib, zlib, glibc and others), as built by Debian:
  GPL-2.0-or-later and others. Their licences and authors are listed in Debian's package qemu-user,
  usr/share/doc/qemu-user/copyright. The source code is Debian's source package qemu of the version
  that /usr/share/anyarch/emulators/*.json names, with the source packages that its Built-Using and
  Static-Built-Using fields name; snapshot.debian.org keeps all of them.

The MIT licence:

${mit}`;
