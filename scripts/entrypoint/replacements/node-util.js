import { parseArgs as parse } from '@pkgjs/parseargs';

/** Node's parseArgs, in the form in which its authors published it; its errors are TypeErrors there. */
export function parseArgs(config) {
  try {
    return parse(config);
  } catch (error) {
    throw new TypeError(error.message, { cause: error });
  }
}
