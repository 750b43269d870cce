import { anyarch } from '../places.ts';
import { runProgram } from '../programs.ts';

/** What `anyarch image inspect --json` says, as far as it is used here. */
export interface InspectedLayout {
  readonly tags: readonly { readonly name: string; readonly images: readonly string[] }[];
  readonly images: readonly InspectedImage[];
}

export interface InspectedImage {
  readonly digest: string;
  readonly platform: string;
  readonly layers: readonly {
    readonly digest: string;
    readonly size: number;
    readonly unpackedSize?: number;
  }[];
}

/** @throws Error for what is damaged */
export function inspectLayout(layout: string): InspectedLayout {
  return JSON.parse(runProgram([anyarch, 'image', 'inspect', layout, '--json'])) as InspectedLayout;
}
