import type { AmiEndpoint } from '../../adapters/asterisk/ami-route.ts'
import type { Lab } from '../../cli/lab/holdfast-lab.ts'
import { loadSettings } from '../../config/load-settings.ts'

/** Where Holdfast reaches the laboratory's Asterisk: a bench that is compared with it goes the same way. */
export function endpointOf({ settingsFile }: Pick<Lab, 'settingsFile'>): AmiEndpoint {
  const [pbx] = loadSettings(settingsFile).pbxs
  if (pbx?.type !== 'asterisk') throw new Error('the laboratory has an Asterisk')
  return { ...pbx.ami, tls: null }
}
