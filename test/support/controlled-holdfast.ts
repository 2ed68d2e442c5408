import { compose } from '../../cli/compose.ts'
import { serviceRuntime } from '../../cli/runtime/service-runtime.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { parseRecordingId } from '../../core/domain/ids.ts'
import type { ControlOrder } from './holdfast-process.ts'

/** An order waits for the PBX no longer than one of the API does. */
const ORDER_DEADLINE_MS = 5000

/** Holdfast as `holdfast serve` composes it, whose capture control its parent may command, without HTTP, GraphQL and tokens between. */
const settings = loadSettings(process.argv[2] ?? '')
const holdfast = await compose(settings, serviceRuntime(settings))
process.on('message', (order: ControlOrder) => void obey(order).then((outcome) => process.send?.({ number: order.number, outcome })))
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
await holdfast.start()

async function obey({ action, recordingId }: ControlOrder): Promise<string> {
  const command = { action, target: { recordingId: parseRecordingId(recordingId) }, by: { type: 'system', id: 'test' }, person: null, how: 'api' } as const
  const results = await holdfast.control.control(command, AbortSignal.timeout(ORDER_DEADLINE_MS)).catch((error: unknown) => [{ outcome: String(error) }])
  return results.map(({ outcome }) => outcome).join()
}
