import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/** Where distributions keep the authorities that the machine's administrator trusts. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The certificate authorities that a mirror's certificate may come from, as PEM: Node's own, the system's and those
 * of `ANYARCH_CA_CERTS` (which is what the start script calls NODE_EXTRA_CA_CERTS) or `SSL_CERT_FILE`.
 */
export function trustedCertificates(environment: Readonly<Record<string, string | undefined>>): string[] {
  const named = [
    environment['ANYARCH_CA_CERTS'] ?? environment['NODE_EXTRA_CA_CERTS'],
    environment['SSL_CERT_FILE'],
  ];
  const files = new Set([...named.filter((path) => path !== undefined && path !== ''), ...systemBundles]);
  const bundles = [...files].flatMap((path) => readIfThere(path ?? '') ?? []);
  return [...rootCertificates, ...bundles];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Most of them exist on some other distribution only, and Node itself ignores a missing NODE_EXTRA_CA_CERTS.
    return undefined;
  }
}
