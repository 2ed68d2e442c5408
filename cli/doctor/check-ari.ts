import type { AriFacts } from './ari-facts.ts'
import { type Check, checksOf } from './check.ts'

/** What the facts of ARI mean. @param spool - a spool that is fetched over ARI needs more of it */
export function checkAri(pbxId: string, facts: AriFacts, spool: 'directory' | 'ari'): readonly Check[] {
  const { ok, fail } = checksOf(`pbx ${pbxId}: ARI`)
  if (facts.status === 401) return [fail('the login was refused', 'Compare `ari.username` and the password with ari.conf: `holdfast pbx-config asterisk` prints the section; then `module reload res_ari.so`')]
  if (facts.status !== 200) return [fail(`Asterisk's HTTP server answered with status ${facts.status}`, 'Is ARI enabled? ari.conf: enabled = yes; http.conf: enabled = yes, no prefix; modules res_ari and res_ari_asterisk loaded')]
  if (facts.version === null) return [fail('something answered that is not Asterisk', 'Check `ari.url`: scheme, host and port of Asterisk\'s http.conf')]
  return [ok(`connected and logged in to Asterisk ${facts.version}`), ...(spool === 'ari' ? [checkDelete(pbxId, facts)] : [])]
}

function checkDelete(pbxId: string, { mayDelete }: AriFacts): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: ARI`)
  return mayDelete
    ? ok('recordings may be fetched and deleted')
    : fail('recordings may not be deleted: plaintext would stay on the PBX', 'ari.conf: read_only = no for this user; modules res_ari_recordings and res_stasis_recording loaded')
}
