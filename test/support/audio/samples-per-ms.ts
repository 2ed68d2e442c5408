import { SAMPLE_RATE_HZ } from '../../../adapters/phone/g711.ts'

/** Of our own telephones, and of what a PBX writes of their calls. */
export const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000
