import { resolve } from 'node:path'
import { parseNodeName, parsePbxId } from '../core/domain/ids.ts'
import { catalogueOf } from './catalogue-settings.ts'
import { keysOf } from './keys-settings.ts'
import { auditSettingsOf } from './audit-settings.ts'
import { type AsteriskFile, type FreeSwitchFile, type PbxFile, recordingDirectoryOf } from './pbx-settings.ts'
import type { LoadedPolicy } from './policy/read-policy.ts'
import type { Problem } from './problem.ts'
import { mapLeaves } from './schema-walk.ts'
import { secretOf } from './secrets.ts'
import { objectsOf, storeOf } from './store-settings.ts'
import type { AsteriskSettings, FreeSwitchSettings, NodesSettings, PbxSettings, Settings } from './settings.ts'
import { type SettingsFile, settingsSchema } from './settings-schema.ts'

/** A checked file as the program uses it. Relative paths begin at `base`, the file's folder. */
export function resolveSettings(checked: SettingsFile, base: string, { policy, attached, text, problems }: LoadedPolicy & { readonly problems: readonly Problem[] }): Settings {
  const file = mapLeaves(settingsSchema, checked, ({ value, meta }) => meta.path !== undefined && typeof value === 'string' ? resolve(base, value) : value)
  const { node, dataDirectory, catalogue, objects, stores, archive, keys, http, signIn, pause, desks, coverage, nodes, audit, retention, log } = file
  return {
    node: { name: parseNodeName(node.name), number: node.number },
    dataDirectory,
    pbxs: file.pbxs.map(pbxOf),
    policyFile: file.policyFile,
    policy,
    policyText: text,
    policyProblems: problems,
    attached,
    catalogue: catalogueOf(catalogue, dataDirectory),
    objects: objectsOf(objects, dataDirectory),
    stores: stores.map(storeOf),
    archive,
    keys: keysOf(keys),
    http: {
      host: http.host, port: http.port, tls: http.tls, corsOrigins: http.corsOrigins, graphiql: http.graphiql, introspection: http.introspection, publicOrigin: http.publicOrigin,
      operationsFile: http.operationsFile, requestBurst: http.requestBurst, requestsPerMinute: http.requestsPerMinute, publicMetrics: http.publicMetrics,
    },
    signIn,
    pause,
    desks,
    coverage,
    nodes: nodes === null ? null : nodesOf(nodes),
    audit: auditSettingsOf(audit, dataDirectory),
    retention,
    log,
  }
}

function nodesOf({ host, port, tls, secret, secretFile, peers }: NonNullable<SettingsFile['nodes']>): NodesSettings {
  return {
    host, port, tls,
    secret: secretOf(secret, secretFile),
    peers: peers.map(({ name, url, pbxs, caFile }) => ({ name: parseNodeName(name), url: new URL(url).origin, pbxs: pbxs.map((id) => parsePbxId(id)), caFile })),
  }
}

function pbxOf(pbx: PbxFile): PbxSettings {
  return pbx.type === 'asterisk' ? asteriskOf(pbx) : freeSwitchOf(pbx)
}

function asteriskOf(pbx: AsteriskFile): AsteriskSettings {
  const { id, type, site, store, ami, ari, spool, spoolFormat, mediaFormat, transferFault, trunks, trustedTrunks } = pbx
  return {
    id,
    type,
    site,
    store,
    ami: { host: ami.host, port: ami.port, username: ami.username, secret: secretOf(ami.secret, ami.secretFile), tls: ami.tls },
    ari: ari === null ? null : { url: new URL(ari.url).origin, username: ari.username, password: secretOf(ari.password, ari.passwordFile), caFile: ari.caFile },
    spool,
    recordingDirectory: recordingDirectoryOf(pbx),
    spoolFormat,
    mediaFormat,
    transferFault,
    trunks,
    trustedTrunks,
  }
}

function freeSwitchOf(pbx: FreeSwitchFile): FreeSwitchSettings {
  const { id, type, site, store, esl, spool, spoolFormat, mediaFormat, trunks, trustedTrunks } = pbx
  return {
    id,
    type,
    site,
    store,
    esl: { host: esl.host, port: esl.port, password: secretOf(esl.password, esl.passwordFile) },
    spool,
    recordingDirectory: recordingDirectoryOf(pbx),
    spoolFormat,
    mediaFormat,
    trunks,
    trustedTrunks,
  }
}
