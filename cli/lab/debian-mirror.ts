/** A file of /etc/apt: one-line style (`*.list`) or deb822 style (`*.sources`). */
export type AptSourcesFile = { readonly name: string; readonly text: string }

type AptSource = { readonly uri: string; readonly suites: readonly string[] }

/** Debian's own address, answered by a content network near to everybody. Source: https://deb.debian.org/ */
export const DEFAULT_DEBIAN_MIRROR = 'http://deb.debian.org/debian'

/**
 * The Debian mirror that this machine already uses, so that a company's own mirror is respected.
 * Archives of other distributions and of security updates do not carry what we look for and are passed over.
 * Source: sources.list(5)
 */
export function debianMirror(files: readonly AptSourcesFile[]): string {
  const sources = files.flatMap((file) => (file.name.endsWith('.sources') ? deb822Sources(file.text) : oneLineSources(file.text)))
  return sources.find(carriesDebian)?.uri ?? DEFAULT_DEBIAN_MIRROR
}

function carriesDebian(source: AptSource): boolean {
  return /^https?:\/\/[^\s"]+\/debian$/.test(source.uri) && !source.suites.every((suite) => suite.includes('security'))
}

function oneLineSources(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line.trim())
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ uri: withoutSlash(match[1]), suites: [match[2]] }]
  })
}

function deb822Sources(text: string): AptSource[] {
  return text
    .replaceAll(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const words = (field: string): string[] => deb822Field(stanza, field).split(/\s+/).filter((word) => word !== '')
      const enabled = !/^(no|false|0)$/i.test(deb822Field(stanza, 'Enabled').trim())
      if (!enabled || !words('Types').includes('deb')) return []
      return words('URIs').map((uri) => ({ uri: withoutSlash(uri), suites: words('Suites') }))
    })
}

/** The value of a field with its continuation lines, which begin with a blank. */
function deb822Field(stanza: string, field: string): string {
  const match = new RegExp(`^${field}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(stanza)
  return match?.[1] ?? ''
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '')
}
