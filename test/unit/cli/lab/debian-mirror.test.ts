import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_DEBIAN_MIRROR, debianMirror } from '../../../../cli/lab/debian-mirror.ts'

const DEB822 = `# comment
Types: deb deb-src
# another comment
URIs: http://mirror.example.org/debian/
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`

describe('debianMirror', () => {
  it('reads deb822 sources', () => {
    expect(debianMirror([{ name: 'debian.sources', text: DEB822 }])).to.equal('http://mirror.example.org/debian')
  })

  it('reads one-line sources with options', () => {
    const text = '# deb http://old.example.org/debian bookworm main\ndeb [signed-by=/k.gpg arch=amd64] https://mirror.example.org/debian bookworm main contrib\n'
    expect(debianMirror([{ name: 'sources.list', text }])).to.equal('https://mirror.example.org/debian')
  })

  it('passes over security updates, switched-off stanzas, sources of source code and other archives', () => {
    const text = [
      'Types: deb\nURIs: http://a.example.org/debian\nSuites: bookworm-security',
      'Types: deb\nEnabled: no\nURIs: http://b.example.org/debian\nSuites: bookworm',
      'Types: deb-src\nURIs: http://c.example.org/debian\nSuites: bookworm',
      'Types: deb\nURIs: http://d.example.org/ubuntu\nSuites: noble',
      'Types: deb\nURIs: file:/srv/debian\nSuites: bookworm',
      'Types: deb\nURIs: http://e.example.org/debian\nSuites: bookworm',
    ].join('\n\n')
    expect(debianMirror([{ name: 'x.sources', text }])).to.equal('http://e.example.org/debian')
  })

  it('takes Debian’s own address when the machine names none', () => {
    expect(debianMirror([])).to.equal(DEFAULT_DEBIAN_MIRROR)
    expect(debianMirror([{ name: 'sources.list', text: 'deb http://archive.example.org/ubuntu noble main\n' }])).to.equal(DEFAULT_DEBIAN_MIRROR)
  })

  it('does not take an address that would break out of apt’s configuration', () => {
    expect(debianMirror([{ name: 'sources.list', text: 'deb http://x.example.org/"quoted"/debian bookworm main\n' }])).to.equal(DEFAULT_DEBIAN_MIRROR)
  })
})
