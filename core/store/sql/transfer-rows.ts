import { parseChannelId } from '../../domain/ids.ts'
import type { Transfer, TransferKind } from '../../domain/transfer.ts'
import type { TransferRow } from './tables.ts'

export function transferRow(recordingId: number, { kind, at, by, to }: Transfer, index: number): TransferRow {
  return {
    recording_id: recordingId,
    transfer_index: index,
    kind,
    transferred_at: at.getTime(),
    by_channel_id: by.channelId,
    by_number: by.identity.number,
    by_name: by.identity.name,
    by_endpoint: by.endpoint,
    to_channel_id: to.channelId,
    to_number: to.identity.number,
    to_name: to.identity.name,
    to_endpoint: to.endpoint,
  }
}

export function transferOf(row: TransferRow): Transfer {
  return {
    kind: row.kind as TransferKind,
    at: new Date(row.transferred_at),
    by: { channelId: channelOf(row.by_channel_id), identity: { number: row.by_number, name: row.by_name }, endpoint: row.by_endpoint },
    to: { channelId: channelOf(row.to_channel_id), identity: { number: row.to_number, name: row.to_name }, endpoint: row.to_endpoint },
  }
}

function channelOf(id: string | null): Transfer['by']['channelId'] {
  return id === null ? null : parseChannelId(id)
}
