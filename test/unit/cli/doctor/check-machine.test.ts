import { expect } from 'chai'
import { describe, it } from 'mocha'
import { portTold } from '../../../../cli/doctor/check-machine.ts'

const API = { host: '127.0.0.1', port: 8480, service: null } as const

describe('the port of the API', () => {
  it('may be held by the service that runs, and by nobody else', () => {
    expect(portTold(null, API)).to.deep.include({ status: 'ok', found: 'port 8480 on 127.0.0.1 is free' })
    expect(portTold('EADDRINUSE', { ...API, service: 4711 })).to.deep.include({ status: 'ok', found: 'port 8480 on 127.0.0.1 is in use, and Holdfast serves (process 4711)' })
    expect(portTold('EADDRINUSE', API)).to.deep.include({ status: 'warn', found: 'port 8480 on 127.0.0.1 is in use, and no Holdfast is seen that serves from this data directory' })
  })

  it('is told with what to do where it cannot be taken', () => {
    expect(portTold('EADDRNOTAVAIL', API)).to.deep.include({ status: 'fail', found: '127.0.0.1 is no address of this machine' })
    expect(portTold('EACCES', { ...API, port: 80 }).status).to.equal('fail')
  })
})
