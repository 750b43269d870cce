/** Named as podman and skopeo name them; `--insecure` as docker does. */
export const registryOptions = {
  authfile: {
    type: 'string',
    value: 'FILE',
    help: "credentials; default: podman's auth.json (REGISTRY_AUTH_FILE), then docker's config.json (DOCKER_CONFIG)",
    complete: 'file',
  },
  'tls-verify': {
    type: 'string',
    choices: ['true', 'false'],
    help: 'false: accept any certificate, and plain http from other machines too',
  },
  insecure: { type: 'boolean', help: 'the same as --tls-verify=false' },
} as const;
