/**
 * Which integration files bear company. A PBX without a free core loses frames of sound, and most of these files listen to what it
 * wrote: they run one after another, and so does every file that is not named here. Those that are named run three at once, before the
 * others, because nothing in them is lost with a frame. The longest come first, so that no lane waits for one at the end.
 */
export const SIDE_BY_SIDE = {
  /** They start no PBX; some use a processor fully. */
  'without a PBX': [
    'processor/store-mariadb', 'processor/ingest-killed', 'processor/schema-walk', 'processor/ingest-long-call', 'processor/cli-build', 'processor/deep-properties',
    'pbx-contract-replay', 'asterisk-hostile-ami', 'demo', 'freeswitch-hostile-link', 'freeswitch-hostile-esl', 'cli-command',
    'cli-serve', 'browser-report', 'nodes-http', 'age-command', 'directory-blob-store', 'destruction-resumed', 'retention-killed', 'archived-by-rule', 's3-blob-store', 'archive',
  ],
  /** What is said to the PBX and what it answers: nobody listens. */
  'without sound': [
    'forged-headers', 'asterisk-ari', 'policy-rules', 'cli-doctor', 'sip-headers', 'private-asterisk', 'asterisk-login', 'asterisk-filter',
    'freeswitch-link', 'freeswitch-doctor', 'freeswitch-call-id', 'freeswitch-forged-names', 'private-freeswitch', 'docker-freeswitch', 'esl-tunnel',
  ],
  /** They ask whether whole seconds of a voice or of silence are there: the loss of five frames (100 ms) changes nothing. Where a pause is proved by the file, each frame counts. */
  'sound by the second': [
    'killed-service', 'coverage-ledger', 'insured-destination', 'random-kills', 'desk-agent', 'desk-on-demand', 'sites-two-asterisks',
    'sites-two-nodes', 'policy-api', 'transferred-call', 'no-plaintext', 'remote-spool', 'opus-command',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

export const GROUPS = ['side by side', 'alone'] as const
export type Group = (typeof GROUPS)[number]

/** How many files of a group run at once. Three of those that are named need one core of two: 195 s of processor time in 611 s of files. */
export const LANES: Readonly<Record<Group, number>> = { 'side by side': 3, alone: 1 }

const NAMED: readonly string[] = [...SIDE_BY_SIDE['sound by the second'], ...SIDE_BY_SIDE['without a PBX'], ...SIDE_BY_SIDE['without sound']].map((name) => `test/integration/${name}.test.ts`)

/** Each file in its group, in the order in which they run. */
export function grouped(files: readonly string[]): Readonly<Record<Group, readonly string[]>> {
  return { 'side by side': NAMED.filter((file) => files.includes(file)), alone: files.filter((file) => !NAMED.includes(file)) }
}
