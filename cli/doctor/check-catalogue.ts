import type { MysqlCatalogueSettings } from '../../config/catalogue-settings.ts'
import { isLoopback } from '../../config/leaves.ts'
import type { Settings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { type MysqlSurvey, surveyMysql } from '../../core/store/sql/mysql-survey.ts'
import { type Check, checksOf } from './check.ts'

/** What our statements need. Source: docs/mariadb.md */
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'INDEX'] as const
const MIB = 1024 ** 2
/** A fact and a header are kilobytes, a plan of a run or a list of an audit entry some megabytes. */
const LEAST_PACKET_MIB = 16
/** Its seconds are whole, and its answer takes a moment. */
const CLOCK_TOLERANCE_MS = 5000

/** Where the catalogue is a file there is nothing to ask. `found`: whether it was ever opened by a service. */
export async function checkCatalogue({ catalogue }: Pick<Settings, 'catalogue'>, now: () => Date): Promise<{ readonly checks: readonly Check[]; readonly found: boolean }> {
  if (catalogue.type === 'sqlite') return { checks: [], found: true }
  try {
    const survey = await surveyMysql(catalogue)
    return { checks: judgeServer(survey, { catalogue, now: now() }), found: survey.state === 'made' }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return { checks: [checksOf('catalogue').fail(error.message, 'Without it nobody can search or sign in, and nothing is stored; calls are recorded on while the service runs, and it does not start. A server that refuses has another password, knows the user from another host, or wants TLS (`REQUIRE SSL`) where `catalogue.tls` is not set (docs/mariadb.md).')], found: false }
  }
}

/** What a server that answers says of itself. */
export function judgeServer(survey: MysqlSurvey, { catalogue, now }: { readonly catalogue: MysqlCatalogueSettings; readonly now: Date }): readonly Check[] {
  const { ok, warn, fail } = checksOf('catalogue')
  const missing = RIGHTS.filter((right) => !survey.rights.has(right))
  const behindMs = now.getTime() - survey.at.getTime()
  const host = 'host' in catalogue.address ? catalogue.address.host : null
  const link = survey.cipher !== null ? `over TLS (${survey.cipher})` : host === null ? 'over its socket' : isLoopback(host) ? 'on this machine' : 'in clear'
  return [
    ok(`${survey.version} answers ${link}; the database ${catalogue.database} ${survey.state === 'made' ? 'holds a catalogue' : 'is empty: the first start makes its tables'}`),
    ...(host !== null && survey.cipher === null && !isLoopback(host) ? [warn(`the link to ${host} goes over the network in clear, as \`allowPlaintextTo\` allows`, 'Well where all traffic to that host is encrypted, as by WireGuard; else set `catalogue.tls`.')] : []),
    ...(missing.length === 0 ? [] : [warn(`${catalogue.user} has not been granted ${missing.join(', ')} there, unless by a role`, `GRANT ${RIGHTS.join(', ')} ON ${catalogue.database}.* TO …   (docs/mariadb.md)`)]),
    ...(survey.flushAtCommit === 1 ? [] : [fail(`innodb_flush_log_at_trx_commit is ${survey.flushAtCommit}: a crash of the server loses what it had taken from the journal, and nobody tells it again`, 'Set it to 1, its default.')]),
    ...(survey.maxAllowedPacketBytes >= LEAST_PACKET_MIB * MIB ? [] : [warn(`max_allowed_packet is ${survey.maxAllowedPacketBytes} bytes`, `Set it to ${LEAST_PACKET_MIB} MiB or more: a plan of a retention run over many recordings would not fit.`)]),
    ...(survey.maxConnections > catalogue.maxConnections ? [] : [warn(`the server takes ${survey.maxConnections} connections of all its users, and \`catalogue.maxConnections\` is ${catalogue.maxConnections}`, 'Raise max_connections, or lower the setting: commands need some, too.')]),
    ...(Math.abs(behindMs) <= CLOCK_TOLERANCE_MS ? [] : [warn(`the server's clock is ${(Math.abs(behindMs) / 1000).toFixed(0)} s ${behindMs > 0 ? 'behind' : 'before'} ours: its logs cannot be compared with the audit`, 'Let both machines have their time from the same servers (chrony, systemd-timesyncd).')]),
  ]
}
