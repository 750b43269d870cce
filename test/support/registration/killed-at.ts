import type { Host } from '../../../src/host/host.ts';

export interface CountedHost {
  readonly host: Host;
  /** How many changes there were. */
  readonly changes: () => number;
}

/** A host that calls `kill` before its n-th change of a file or of the table. */
export function killedAt(host: Host, n: number, kill: () => void): CountedHost {
  let changes = 0;
  const count = <T>(action: () => T): T => {
    if (changes >= n) kill();
    changes += 1;
    return action();
  };
  const { files, binfmt } = host;
  return {
    changes: () => changes,
    host: {
      ...host,
      files: {
        ...files,
        writeAtomic: (path, data, mode) => {
          count(() => {
            files.writeAtomic(path, data, mode);
          });
        },
        createExclusive: (path, data) => {
          count(() => {
            files.createExclusive(path, data);
          });
        },
        createFleeting: (path, data, mode) => {
          count(() => {
            files.createFleeting(path, data, mode);
          });
        },
        makeDirectory: (path, mode) => {
          count(() => {
            files.makeDirectory(path, mode);
          });
        },
        remove: (path) => {
          count(() => {
            files.remove(path);
          });
        },
        rename: (from, to) => {
          count(() => {
            files.rename(from, to);
          });
        },
      },
      binfmt: {
        ...binfmt,
        table: () => {
          const table = binfmt.table();
          return {
            ...table,
            register: (rule) => {
              count(() => {
                table.register(rule);
              });
            },
            control: (name, command) => {
              count(() => {
                table.control(name, command);
              });
            },
          };
        },
      },
    },
  };
}
