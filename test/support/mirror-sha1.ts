/**
 * One text signed twice by one key on 2026-01-02, with SHA-1 and with SHA-256 (GnuPG 2.2: `gpg --digest-algo SHA1
 * --clearsign`), because OpenPGP.js does not make SHA-1 signatures any more.
 */
export const recorded = {
  sha1: `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA1

Suite: trixie
Codename: trixie
Date: Fri, 02 Jan 2026 00:00:00 UTC
Architectures: amd64
SHA256:
 d2b3f3f3b3c1b4a8a1a0e9b1f8f7e6d5c4b3a2918070605040302010ffeeddcc 8 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----

iQEzBAEBAgAdFiEEG3FT+jvc30xg7eaLE1SM6NR786wFAmlXCoAACgkQE1SM6NR7
86w6dQf+NkW93/p/40KqC88TCMMniE2QlwRB7LrDyP75jPo/Xll4cBGhHX90oR1g
pddMEmHWeoYDcTvmb17Hh6WvOZcnG2O8Sq4auZeDOPPVt7maGK4p2KfHiEE7x+lH
QlnT40n7SMTIEj0YyxYvLuOjJFYFK7yP0/i0E22gqvLeuJkg4DBqyAZ9TL90xKp0
9aWaYf/6Oi/CyIcXIdTJCNb5dIq4oikr0QB/13TOWJJQ8CRgYy1dWKJwpKvos3s9
V2K+14KjEvI2ilJagoFygVlBD4cZ54WPd5k/yr3HpEC0oafzEVClm99MJGEHVQL9
98k/JSW9FwvXDfV00AWovPUhEI8bfg==
=C2xC
-----END PGP SIGNATURE-----
`,
  sha256: `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Suite: trixie
Codename: trixie
Date: Fri, 02 Jan 2026 00:00:00 UTC
Architectures: amd64
SHA256:
 d2b3f3f3b3c1b4a8a1a0e9b1f8f7e6d5c4b3a2918070605040302010ffeeddcc 8 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----

iQEzBAEBCAAdFiEEG3FT+jvc30xg7eaLE1SM6NR786wFAmlXCoAACgkQE1SM6NR7
86xvvAf9Ez9yN3EzthhV5rChg64PCHzR+Zo9d/5COw+yZbHBvf4RvrSdB3dqTTT2
p0vrIwiFiwBsjMt4nZEoEPqVEFs7pjiPWERMNJ5FDMdOqFrjqYLBfxJeAlzXgV8t
WxzeF3WmjcaG9kYvmd56PjxT/U7YEwG1BgZTs82ICZ48PuaRcCv/0rHJnL7JAlzR
QsUDc9+3ichJFuXqPVb64tREhH9MbEMnM8nbNHCTrs4kPSV5WWd+W2hIgZZqn5aI
+TBLvDJrY+Rp6WiTHyz6HwnI1rYHy+3hKEJ2/ih182t0lQY3jOsiYuALrXdGfuqa
/B92NPxkUOrXLaJ2oOZblgYDe+EJNQ==
=84fA
-----END PGP SIGNATURE-----
`,
  /** Armored. */
  key: `-----BEGIN PGP PUBLIC KEY BLOCK-----

mQENBGlVuQABCADBlvjsDRRL/+sRPb/btDtvhtSevMXwqDLkLE8AmhInAfZSUJ/e
pROvV2ZB+v75sIfKE2EnAgY3QJZC2pwsYqTcZBihvUGiPmgUo2Q8Z1zIwiixQHac
qUwy4sMHRI3LPzKbwKushnI39FVD1COJ3xj5VZctE/YkgiL87uhjT/00eG+gcHpf
lynpDK2y1ZIjTpzV52flJ2zG9kCvOfe0d0HSSyIwQdFG2ZzKuOcYKm3fXMOQd1Qg
S9NJq3J+hwAM0lS5k1xdmOuugnu1/1hHl21a1oGtXfUsnK91Id19eV+yg1bCGCek
BqO8zltpWXa8vRjXtAiAhFDdF7XvW5zK7DdtABEBAAG0ClNIQS0xIHRlc3SJAU4E
EwEKADgWIQQbcVP6O9zfTGDt5osTVIzo1HvzrAUCaVW5AAIbAwULCQgHAgYVCgkI
CwIEFgIDAQIeAQIXgAAKCRATVIzo1HvzrMciB/9NfqR+6eYYsrNg77seY/MPvADj
iH+cX6bdFwTkpHHGfprXy7KV0liamPw3CjbNMQW0XbIfrXJ2uASNBtu2oBl7jexM
zSeyuGlH55uZpzDLIEXTCVJwsIJPZOLxBqVi+xMzNfm7hLbPPXQu0Ev8D/RcvH8d
Z2pmi6AoyIIV9jlB6xuzsUYwK5R8glUlE+/w2a/XrtKaQgg0r0JuzOuMJ/vPyIBK
Kg7zHw184TQwJZmvKq37n2QSiu6Lfhkty6oQtxnTFaE5df+01s6Pcuzypuhx1GE2
Ibz6H9J4uYo0WKOr4dgTCd6t9+Qr0AJRT6TTHFTsHnsZrU6goVqPRAYKdh43
=xQAg
-----END PGP PUBLIC KEY BLOCK-----
`,
} as const;
