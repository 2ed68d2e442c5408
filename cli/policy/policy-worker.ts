import { parentPort, workerData } from 'node:worker_threads'
import { checkPolicyFile, checkPolicyText } from '../../config/policy/read-policy.ts'
import type { PolicyAsked } from './policy-reader.ts'

/** The thread of `ThreadedPolicyReader`: one text in, one answer out. */
const asked = workerData as PolicyAsked
parentPort?.postMessage(asked.type === 'file' ? checkPolicyFile(asked.file) : checkPolicyText(asked.text, { type: 'given', key: asked.key }))
