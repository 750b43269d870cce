import { AnyarchError } from '../../core/error.ts';

/** @throws AnyarchError ANYARCH_USAGE for options that contradict each other */
export function connectionOptions(options: {
  readonly authfile?: string;
  readonly insecure?: boolean;
  readonly 'tls-verify'?: string;
}): { readonly authfile: string | undefined; readonly insecure: boolean } {
  const { authfile, insecure = false, 'tls-verify': verify } = options;
  if (insecure && verify === 'true')
    throw new AnyarchError('ANYARCH_USAGE', '--insecure and --tls-verify=true contradict each other', {
      hint: 'leave one of them out',
    });
  return { authfile, insecure: insecure || verify === 'false' };
}
