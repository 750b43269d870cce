export { trustedCertificates } from './certificates.ts';
export {
  EndlessRedirect,
  NoTls,
  TransientFailure,
  UnknownServer,
  UntrustedServer,
  classified,
} from './failure.ts';
export { openHttp, type Http, type HttpOptions, type HttpRequest, type HttpResponse } from './http.ts';
export { fetchKnownFile, type KnownFile, type Source } from './known-file.ts';
export { openPartialFile, removeParts, type PartialFile } from './partial-file.ts';
export type { OnProgress, Progress } from './progress.ts';
export { environmentProxies, proxyUrl, type Proxies } from './proxy.ts';
export { repeating, type RetryOptions } from './retry.ts';
export { joined, shown } from './url.ts';
