import { expect } from 'chai'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { findFreeSwitch } from '../../cli/lab/freeswitch-installation.ts'
import type { FreeSwitchInstallation } from '../../cli/lab/freeswitch-launch.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'

describe('a private FreeSWITCH', function () {
  this.timeout(60_000)
  let installation: FreeSwitchInstallation

  before(async function () {
    installation = await requireFreeSwitch(this)
  })

  it('connects two telephones, who hear one another', async () => {
    await using freeSwitch = await PrivateFreeSwitch.start({
      installation,
      directory: await temporaryDirectory(),
      contexts: { public: '<extension name="agent"><condition field="destination_number" expression="^100$"><action application="bridge" data="${sofia_contact(internal/agent-a@127.0.0.1)}"/></condition></extension>' },
      phones: [{ name: 'agent-a', context: 'public' }],
    })
    await using customer = await SipPhone.open({ name: 'customer', proxy: freeSwitch.sipAddress, source: tone(440) })
    await using agent = await SipPhone.open({ name: 'agent-a', proxy: freeSwitch.sipAddress, source: tone(1000) })
    await agent.register()
    const call = await customer.call('100')
    const incoming = await agent.incoming()
    await incoming.answer()
    await call.answered()
    await until(() => expect(incoming.sentSamples).to.be.above(8000), { withinMs: 10_000 })
    await call.hangUp()
    await incoming.ended()
    expect(await freeSwitch.cli('status')).to.contain('is ready')
  })

  it('runs as well behind the command of a container engine, which is told to take it away', async () => {
    const directory = await temporaryDirectory()
    // Stands for docker: what it is told is kept, and the program behind the image's name is the real one.
    const { command: [program] } = installation.launch({ directory, readOnly: [] })
    await writeFile(join(directory, 'docker'), `#!/bin/sh\necho "$@" >> ${directory}/told\n[ "$1" = run ] || exit 0\nwhile [ "$1" != some/freeswitch ]; do shift; done\nshift\nexec ${program} "$@"\n`, { mode: 0o755 })
    const contained = await findFreeSwitch({ prefix: null, searchPath: [directory], image: 'some/freeswitch' })
    if (contained === null) throw new Error('an image was named')
    expect(contained.version).to.equal(installation.version)
    const lab = join(directory, 'lab')
    const freeSwitch = await PrivateFreeSwitch.start({ installation: contained, directory: lab, contexts: { public: '' }, includeFiles: ['/etc/none/*.xml'] })
    expect(await freeSwitch.cli('status')).to.contain('is ready')
    await freeSwitch.stop()
    const told = (await readFile(join(directory, 'told'), 'utf8')).trim().split('\n')
    expect(told[1]).to.match(new RegExp(`^run --rm --init --name (holdfast-lab-[0-9a-f]{16}) --network host --user \\d+:\\d+ --volume ${lab}:${lab} --volume /etc/none:/etc/none:ro --entrypoint freeswitch some/freeswitch -nf .*-conf ${lab}/conf`))
    expect(told.at(-1)).to.match(/^rm --force holdfast-lab-[0-9a-f]{16}$/)
  })
})
