/**
 * Which integration files bear company. A PBX without a free core loses frames of sound, and most of these files listen to what it
 * wrote: on two cores they run one after another, and so does every file that is not named here. Those that are named run two at once,
 * before the others, because nothing in them is lost with a frame. The longest come first, so that no lane waits for one at the end.
 */
export const SIDE_BY_SIDE = {
  /** They start no PBX; some use a processor fully. */
  'without a PBX': [
    'processor/store-mariadb', 'processor/ingest-killed', 'processor/ingest-long-call', 'processor/cli-build', 'processor/deep-properties',
    'bench-quick', 'pbx-contract-replay', 'asterisk-hostile-ami', 'demo', 'freeswitch-hostile-link', 'freeswitch-hostile-esl', 'cli-command',
    'cli-serve', 'nodes-http', 'age-command', 'directory-blob-store',
  ],
  /** What is said to the PBX and what it answers: nobody listens. */
  'without sound': [
    'forged-headers', 'asterisk-ari', 'policy-rules', 'cli-doctor', 'sip-headers', 'private-asterisk', 'asterisk-login', 'asterisk-filter',
    'freeswitch-link', 'freeswitch-doctor', 'freeswitch-call-id', 'freeswitch-forged-names', 'private-freeswitch', 'docker-freeswitch', 'esl-tunnel',
  ],
  /** They ask whether a second of a voice or of silence is there, and bear 200 ms more or less. */
  'sound by the second': [
    'coverage-ledger', 'desk-agent', 'desk-on-demand', 'sites-two-asterisks', 'sites-two-nodes', 'policy-api', 'killed-pbx', 'remote-spool', 'no-plaintext',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

export const GROUPS = ['side by side', 'alone'] as const
export type Group = (typeof GROUPS)[number]

/** How many files of a group run at once. */
export const LANES: Readonly<Record<Group, number>> = { 'side by side': 2, alone: 1 }

const NAMED: readonly string[] = [...SIDE_BY_SIDE['sound by the second'], ...SIDE_BY_SIDE['without a PBX'], ...SIDE_BY_SIDE['without sound']].map((name) => `test/integration/${name}.test.ts`)

/** Each file in its group, in the order in which they run. */
export function grouped(files: readonly string[]): Readonly<Record<Group, readonly string[]>> {
  return { 'side by side': NAMED.filter((file) => files.includes(file)), alone: files.filter((file) => !NAMED.includes(file)) }
}
