import type { HttpResponse } from '../transfer/index.ts';

/** The whole body, undefined when it is larger than `maximumBytes`. */
export async function readBody(response: HttpResponse, maximumBytes: number): Promise<Buffer | undefined> {
  const announced = Number(response.headers['content-length'] ?? 0);
  if (announced > maximumBytes) {
    response.discard();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > maximumBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a body that nobody needs, so that the connection can be used again. */
export async function drain(response: HttpResponse): Promise<void> {
  try {
    await readBody(response, 64 * 1024);
  } catch {
    // The answer itself has arrived.
  }
}
