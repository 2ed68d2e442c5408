import { expect } from 'chai'
import { describe, it } from 'mocha'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSettings } from '../../../config/load-settings.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const PBXS = [
  `pbxs:
  - id: main
    type: asterisk
    ami: { username: holdfast, secret: s3cret }
    spool: { type: directory, path: /var/spool/asterisk/recording }
`,
  `pbxs:
  - id: fs
    type: freeswitch
    esl: { password: s3cret }
    spool: { type: directory, path: /var/lib/freeswitch/recordings }
`,
] as const

/** The format that the first PBX gets, or what is wrong. */
async function formatOf(text: string): Promise<string | readonly string[] | undefined> {
  const file = join(await temporaryDirectory(), 'holdfast.yaml')
  writeFileSync(file, text)
  const result = checkSettings(file, {})
  return result.outcome === 'valid' ? result.settings.pbxs[0]?.mediaFormat : result.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe('the format of stored recordings', () => {
  it('is PCM, or G.711 or FLAC where a PBX is to have it', async () => {
    for (const pbx of PBXS) {
      expect(await formatOf(pbx)).to.equal('wav')
      expect(await formatOf(`${pbx}    mediaFormat: g711\n`)).to.equal('g711')
      expect(await formatOf(`${pbx}    mediaFormat: flac\n    spoolFormat: wav16\n`)).to.equal('flac')
      expect(await formatOf(`${pbx}    mediaFormat: mp3\n`)).to.deep.equal(['pbxs[0].mediaFormat: "mp3" is not allowed; allowed: wav, g711, flac'])
    }
  })

  it('cannot be G.711 for a spool of 16 kHz', async () => {
    for (const pbx of PBXS) {
      expect(await formatOf(`${pbx}    mediaFormat: g711\n    spoolFormat: wav16\n`)).to.deep.equal(['pbxs[0].mediaFormat: g711 cannot hold 16 kHz: use `spoolFormat: wav`, or `mediaFormat: wav`'])
    }
  })
})
