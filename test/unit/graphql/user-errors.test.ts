import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { controlErrorOf } from '../../../graphql/control-payload.ts'
import { asPayload, userErrorOf } from '../../../graphql/user-errors.ts'
import { rejection } from '../../support/rejection.ts'

describe('errors of mutations', () => {
  it('are data where the caller can act upon them', async () => {
    const payload = await asPayload(async () => Promise.reject(new HoldfastError('MEDIA_NOT_READY', 'not yet')), { playback: null })
    expect(payload).to.deep.equal({ playback: null, userErrors: [{ code: 'MEDIA_NOT_READY', message: 'not yet', field: null, retry: true }] })
  })

  it('name the field of the input', () => {
    expect(userErrorOf(new HoldfastError('FILTER_INVALID', 'no', { field: 'first' }))?.field).to.deep.equal(['input', 'first'])
  })

  it('go up when they are the operator\'s, or a bug', async () => {
    for (const error of [new HoldfastError('STORE_FAILED', 'disk'), new TypeError('bug')]) {
      expect(await rejection(asPayload(async () => Promise.reject(error), {}))).to.equal(error)
    }
  })

  it('tell a PBX\'s failure as a silence that did not come about', () => {
    expect(controlErrorOf({ code: 'PBX_TIMEOUT', message: 'secret detail' })).to.deep.equal({ code: 'PAUSE_FAILED', message: 'the PBX did not confirm', field: null, retry: true })
    expect(controlErrorOf({ code: 'CHANNEL_GONE', message: 'hung up' }).code).to.equal('CHANNEL_GONE')
  })
})
