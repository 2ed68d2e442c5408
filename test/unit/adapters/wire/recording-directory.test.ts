import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseRecordingDirectory } from '../../../../adapters/wire/recording-directory.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'

describe('parseRecordingDirectory', () => {
  it('takes an absolute path, and leaves out its last slash', () => {
    expect(parseRecordingDirectory('/var/spool/asterisk/recording/')).to.equal('/var/spool/asterisk/recording')
  })

  it('refuses whatever MixMonitor or uuid_record could take for another option, a variable or another place', () => {
    for (const text of ['spool', '', '/a,b', '/a)b', '/a(b', '/a b', '/${X}', '/a/../b', '/ä', '/a\n', '/a;b', '/a{b}', "/a'b", '/a\\b', '/%41', `/${'x'.repeat(400)}`]) {
      expect(refusal(text), text).to.equal('CONFIG_INVALID')
    }
  })
})

function refusal(text: string): string | null {
  try {
    parseRecordingDirectory(text)
    return null
  } catch (error) {
    return isHoldfastError(error) ? error.code : 'bug'
  }
}
