import type { AsteriskSettings } from '../../config/settings.ts'
import { type Check, checksOf } from './check.ts'

/** What tells a Debian build. Source: version strings such as `22.10.1~dfsg+~cs6.17…`; TEST_FRAMEWORK is a patch of Debian's alone. */
const DEBIAN_VERSION = /dfsg|\+deb/i
const DEBIAN_OPTION = 'TEST_FRAMEWORK'

/** Whether this Asterisk has the fault, as far as its version and build options tell; `unknown` without either. */
export function transferFaultOf({ version, buildOptions }: { readonly version: string | null; readonly buildOptions: string | null }): 'likely' | 'unlikely' | 'unknown' {
  if (DEBIAN_VERSION.test(version ?? '') || buildOptions?.includes(DEBIAN_OPTION) === true) return 'likely'
  return version === null && buildOptions === null ? 'unknown' : 'unlikely'
}

/** Debian's Asterisk drops the new party's voice from a recorder that lives through a transfer, about every second time. */
export function checkTransferFault({ id, transferFault }: Pick<AsteriskSettings, 'id' | 'transferFault'>, fault: ReturnType<typeof transferFaultOf>): Check {
  const { ok, warn, fail } = checksOf(`pbx ${id}: transfers`)
  if (transferFault === 'segment') return ok('a new segment begins at each transfer, as `transferFault: segment` says')
  if (transferFault === 'auto') return ok(`${BUILD[fault]}: a new segment begins at each transfer, which avoids the fault`)
  if (fault === 'likely') return fail('Debian\'s Asterisk loses the new party\'s voice after about every second transfer, and `transferFault: ignore` lets it', 'Set `transferFault: auto`.')
  if (fault === 'unlikely') return ok('not the build of Debian that loses voices after transfers')
  return warn('whether this is the build of Debian that loses voices after transfers could not be told, and `transferFault: ignore` would let it', 'Set `transferFault: auto` unless you know that it is not.')
}

const BUILD: Readonly<Record<ReturnType<typeof transferFaultOf>, string>> = {
  likely: 'Debian\'s Asterisk, which loses voices after transfers',
  unlikely: 'not the build of Debian that loses voices after transfers',
  unknown: 'whether this is the build of Debian that loses voices after transfers could not be told',
}
