import type { PbxSettings } from '../../config/settings.ts'
import type { AttachedSchema } from '../../core/domain/rules/attached-schema.ts'
import type { Check } from './check.ts'
import { examineAsterisk } from './examine-asterisk.ts'
import { examineFreeSwitch } from './examine-freeswitch.ts'

/** Everything that can be told about one PBX. A link that does not work ends only what depends upon it. */
export function examinePbx(pbx: PbxSettings, wish: { readonly attached: AttachedSchema; readonly now: Date }): Promise<readonly Check[]> {
  return pbx.type === 'asterisk' ? examineAsterisk(pbx, wish) : examineFreeSwitch(pbx, wish)
}
