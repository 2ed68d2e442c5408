import { parentPort, workerData } from 'node:worker_threads'
import { checkRetentionFile } from '../../config/retention/read-retention.ts'

/** The thread of `readRetentionFile`: the name of one file in, one answer out. */
parentPort?.postMessage(checkRetentionFile(String(workerData)))
