import { findFreeSwitch } from '../../cli/lab/freeswitch-installation.ts'
import { freeSwitchPlaces } from '../../config/environment.ts'

/** For .ci/run: says loudly, as its last word, when no real FreeSWITCH was there to be exercised. */
const found = await findFreeSwitch(freeSwitchPlaces())
if (found === null) {
  console.error([
    '**************************************************************************',
    '*  Real FreeSWITCH was NOT exercised: there is none on this machine.     *',
    '*  Captured events of one were replayed, and the fake stood in.          *',
    '*  What a real one did, and when: test/CONFORMANCE.md                    *',
    '**************************************************************************',
  ].join('\n'))
} else console.error(`Real FreeSWITCH was exercised: ${found.version}.`)
