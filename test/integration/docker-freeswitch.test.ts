import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { EslConnection } from '../../adapters/freeswitch/esl-connection.ts'
import { checkFreeSwitchDialplan } from '../../cli/doctor/freeswitch/check-freeswitch-dialplan.ts'
import { readFreeSwitchFacts } from '../../cli/doctor/freeswitch/freeswitch-facts.ts'
import { HOLDFAST_DIALPLAN } from '../../cli/lab/freeswitch-lab.ts'
import type { FreeSwitchInstallation } from '../../cli/lab/freeswitch-launch.ts'
import { freePorts } from '../../cli/lab/free-ports.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'

const CONFIGURATION = join(import.meta.dirname, '../../docker/freeswitch/freeswitch.xml')

describe('the configuration of docker/freeswitch', function () {
  this.timeout(60_000)
  let installation: FreeSwitchInstallation

  before(async function () {
    installation = await requireFreeSwitch(this)
  })

  it('starts a FreeSWITCH that has our dialplan and the password from outside', async () => {
    const directory = await temporaryDirectory()
    const { tcp: [port = 0], udp: [sip = 0] } = await freePorts({ tcp: 1, udp: 1 })
    const text = (await readFile(CONFIGURATION, 'utf8')).replace('value="8021"', `value="${port}"`).replace('value="5080"', `value="${sip}"`).replace('/etc/holdfast-dialplan/*.xml', HOLDFAST_DIALPLAN)
    await mkdir(join(directory, 'conf'))
    await mkdir(join(directory, 'run'))
    await writeFile(join(directory, 'conf/freeswitch.xml'), text)
    const { command: [program, ...args] } = installation.launch({ directory, readOnly: [] })
    const run = join(directory, 'run')
    const child = spawn(program, [...args, '-nf', '-nonat', '-nonatmap', '-conf', join(directory, 'conf'), '-log', run, '-run', run, '-db', run, '-temp', run, '-storage', run, '-recordings', directory], { stdio: 'ignore', env: { HOLDFAST_ESL_PASSWORD: 's3cret' } })
    const ended = once(child, 'exit')
    try {
      const endpoint = { host: '127.0.0.1', port, password: 's3cret' }
      await until(async () => {
        const connection = await EslConnection.open(endpoint, { event: () => undefined, fault: () => undefined })
        const status = await connection.api('status')
        connection.close('done')
        expect(status).to.include('is ready')
      }, { withinMs: 20_000 })
      const facts = await readFreeSwitchFacts(endpoint)
      expect(facts.missingModules).to.deep.equal([])
      expect(facts.eventSocket).to.deep.equal({ listenIp: '127.0.0.1', password: 'own', accessLists: [{ name: 'loopback.auto', letsIn: 'some' }] })
      expect(checkFreeSwitchDialplan('fs', facts, directory).filter(({ status }) => status !== 'ok')).to.deep.equal([])
    } finally {
      child.kill('SIGTERM')
      await ended
    }
  })
})
