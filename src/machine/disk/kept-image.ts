import { writeFile } from 'node:fs/promises';
import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { digestOf } from '../../store/index.ts';
import type { BaseImage } from '../record.ts';
import { keepDirectory, type KeepOptions } from './kept-directory.ts';

/** `image.json` beside a disk that was made here. Paths are names in its directory. */
interface KeptImage {
  readonly schema: 'anyarch/machine-image/1';
  readonly disk: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly origin: string;
  readonly cloudInit: 'yes' | 'no';
  /** Only where disks do not start by themselves. */
  readonly kernel?: {
    readonly file: string;
    readonly initrd: string;
    readonly deviceTree?: string;
    readonly parameters: string;
  };
  /** What it is made of, for people. */
  readonly notes: readonly string[];
}

/** What a maker has put into its directory. */
export type MadeImage = Pick<KeptImage, 'bytes' | 'cloudInit' | 'disk' | 'kernel' | 'notes' | 'origin'>;

const text = ofType('string');
const shape = fields({
  schema: oneOf('anyarch/machine-image/1'),
  disk: text,
  sha256: text,
  bytes: ofType('number'),
  origin: text,
  cloudInit: oneOf('yes', 'no'),
  'kernel?': fields({ file: text, initrd: text, 'deviceTree?': text, parameters: text }),
  notes: listOf(text),
});

/**
 * The base image of this name, made now unless it is there.
 *
 * @param make writes into the directory that it is given
 * @throws AnyarchError as `keepDirectory`
 */
export async function keepImage(
  host: Host,
  options: Pick<KeepOptions<BaseImage>, 'isRenewed' | 'name' | 'signal'>,
  make: (directory: string) => Promise<MadeImage>,
): Promise<BaseImage> {
  const { name, signal, isRenewed } = options;
  return await keepDirectory(host, {
    ...{ name, signal, isRenewed },
    read: (directory) => readKept(host, directory),
    make: async (directory) => {
      await seal(directory, await make(directory));
    },
  });
}

/** The image that is there; one whose files were taken away counts as none. */
function readKept({ files }: Pick<Host, 'files'>, place: string): BaseImage | undefined {
  const content = ignoring(['ENOENT', 'ENOTDIR'], () => decodeUtf8(files.read(`${place}/image.json`)));
  if (content === undefined) return undefined;
  const value = parseJson(content);
  if (shape(value, '') !== undefined) return undefined;
  const { disk, sha256, bytes, origin, cloudInit, kernel } = value as KeptImage;
  const names = [
    disk,
    ...(kernel === undefined
      ? []
      : [kernel.file, kernel.initrd, ...(kernel.deviceTree === undefined ? [] : [kernel.deviceTree])]),
  ];
  if (names.some((one) => one.includes('/') || files.status(`${place}/${one}`)?.kind !== 'file'))
    return undefined;
  return {
    file: `${place}/${disk}`,
    format: 'qcow2',
    ...{ sha256, bytes, origin, cloudInit },
    boot:
      kernel === undefined
        ? { kind: 'firmware' }
        : {
            kind: 'kernel',
            kernel: `${place}/${kernel.file}`,
            initrd: `${place}/${kernel.initrd}`,
            ...(kernel.deviceTree === undefined ? {} : { deviceTree: `${place}/${kernel.deviceTree}` }),
            parameters: kernel.parameters,
          },
  };
}

async function seal(directory: string, made: MadeImage): Promise<void> {
  const disk = `${directory}/${made.disk}`;
  const sha256 = await digestOf(disk);
  if (sha256 === undefined) throw new Error(`${disk} was to be made`);
  const document: KeptImage = { schema: 'anyarch/machine-image/1', sha256, ...made };
  await writeFile(`${directory}/image.json`, `${JSON.stringify(document, undefined, 1)}\n`, {
    flag: 'wx',
    flush: true,
  });
}
