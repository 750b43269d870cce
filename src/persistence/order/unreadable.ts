/** Why configuration is passed over: whoever reads it at boot does so, too. */
export const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];
