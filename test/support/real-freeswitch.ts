import type { Context } from 'mocha'
import { findFreeSwitch } from '../../cli/lab/freeswitch-installation.ts'
import type { FreeSwitchInstallation } from '../../cli/lab/freeswitch-launch.ts'
import { freeSwitchPlaces } from '../../config/environment.ts'

/**
 * The FreeSWITCH of this machine, for a suite. There is no package of it that could be fetched: where none is, the suite is
 * passed over with a loud word, also where `CI` is set, and replayed events stand in.
 */
export async function requireFreeSwitch(context: Context): Promise<FreeSwitchInstallation> {
  const found = await findFreeSwitch(freeSwitchPlaces())
  if (found !== null) return found
  console.error('    SKIPPED: there is no FreeSWITCH on the PATH, HOLDFAST_FREESWITCH names no installation, and HOLDFAST_FREESWITCH_IMAGE no image')
  context.skip()
}
