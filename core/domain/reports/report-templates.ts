import type { ReportColumn, ReportUnit } from './report-column.ts'

export const REPORT_TEMPLATES = [
  'recordings-by-day', 'recordings-by-unit', 'recordings-by-agent', 'recordings-by-rule', 'pauses', 'coverage', 'access', 'retention', 'retention-runs', 'storage', 'findings',
] as const
export type ReportTemplate = (typeof REPORT_TEMPLATES)[number]

/** What a report is made from. `recordings`: those that its reader finds by a search; `audit`: what tells of every partition, and needs the right to read the audit. */
export type ReportSubject = 'recordings' | 'audit'

export interface TemplateDefinition {
  readonly template: ReportTemplate
  readonly title: string
  readonly subject: ReportSubject
  /** What it tells, in a sentence or two. */
  readonly means: string
  /** What rows are told apart by, and then their figures. */
  readonly columns: readonly ReportColumn[]
}

const DAY = column('day', 'day', 'The day of the beginning, in the zone of the report.')
const AGENT = column('agent', 'text', 'The person who spoke first for the company; empty: nobody did.')

const OF_RECORDINGS: readonly ReportColumn[] = [
  column('recordings', 'count', 'Recordings that began then, whatever became of them: as many as a search finds.'),
  column('underWay', 'count', 'Of these: requested, running, or on their way into the store.'),
  column('stored', 'count', 'Of these: sealed and in the store, or in the archive.'),
  column('notRecorded', 'count', 'Of these: asked for and rightly not made.'),
  column('failed', 'count', 'Of these: lost.'),
  column('purged', 'count', 'Of these: destroyed since.'),
  column('talkMs', 'milliseconds', 'From the answer to the end, added up; both sides of one call, where both are recorded, count each.'),
  column('soundMs', 'milliseconds', 'Stored sound, added up.'),
]

/** What each template tells. */
export const TEMPLATES: Readonly<Record<ReportTemplate, TemplateDefinition>> = {
  'recordings-by-day': ofRecordings('recordings-by-day', { title: 'Recordings by day', means: 'How much was recorded on each day.', keys: [DAY] }),
  'recordings-by-unit': ofRecordings('recordings-by-unit', {
    title: 'Recordings by unit', means: 'How much was recorded of the agents of each business unit, and of the units below it, as the tree was then. A recording counts in each unit that it belongs to; the totals count it once.',
    keys: [column('unit', 'text', 'The id of a business unit; empty: its agents were in none.'), column('unitName', 'text', 'The name that the unit had last.')],
  }),
  'recordings-by-agent': ofRecordings('recordings-by-agent', { title: 'Recordings by agent', means: 'How much was recorded of each agent.', keys: [AGENT] }),
  'recordings-by-rule': ofRecordings('recordings-by-rule', { title: 'Recordings by rule', means: 'How much each rule has recorded.', keys: [column('rule', 'text', 'The rule that decided.')] }),
  pauses: {
    template: 'pauses', title: 'Pauses by agent', subject: 'recordings', means: 'How often and how long recordings were paused. Only pauses that took effect count.',
    columns: [
      AGENT,
      column('recordings', 'count', 'Recordings with a pause.'),
      column('pauses', 'count', 'Pauses.'),
      column('pausedMs', 'milliseconds', 'Their length, added up; one that was never ended lasts to the end of its recording.'),
      column('longestMs', 'milliseconds', 'The longest one.'),
      column('endedByLimit', 'count', 'Pauses that the limit ended, because nobody else did.'),
      column('overrun', 'count', 'Pauses that lasted longer than their limit.'),
      column('forgotten', 'count', 'Pauses that the limit ended or that lasted longer than it.'),
    ],
  },
  coverage: {
    template: 'coverage', title: 'Coverage by day', subject: 'audit', means: 'What was to be recorded against what was sealed, from the coverage ledger.',
    columns: [
      DAY,
      column('legs', 'count', 'Answered legs that a rule wanted.'),
      column('settledLegs', 'count', 'Of these: compared with the sealed sound.'),
      column('waitingLegs', 'count', 'Of these: over, and not compared yet.'),
      column('liveLegs', 'count', 'Of these: still going on.'),
      column('gapLegs', 'count', 'Of these: some of their sound is missing.'),
      column('wantedMs', 'milliseconds', 'What the compared legs were to have.'),
      column('coveredMs', 'milliseconds', 'What of it is sealed.'),
      column('missingMs', 'milliseconds', 'What of it is not.'),
    ],
  },
  access: {
    template: 'access', title: 'Access by user', subject: 'audit', means: 'What each user, token and person at the console did with recordings, from the audit.',
    columns: [
      column('actorType', 'text', 'What sort of actor: user, token, cli.'),
      column('actor', 'text', 'Its id.'),
      column('actorName', 'text', 'The name of the user, or the label of the token.'),
      column('searches', 'count', 'Searches that were answered.'),
      column('playbacks', 'count', 'Listenings that began.'),
      column('heardMs', 'milliseconds', 'Sound that was really sent, each part once for each listening.'),
      column('exports', 'count', 'Exports of recordings, of the audit and of reports.'),
      column('refusals', 'count', 'Whatever was refused.'),
    ],
  },
  retention: {
    template: 'retention', title: 'Retention and destruction by day', subject: 'audit', means: 'What ended the life of recordings, and who planned it, from the audit.',
    columns: [
      DAY,
      column('action', 'text', 'What was done: the word of the audit.'),
      column('done', 'count', 'How often it was done to its end; what is decided and not carried out yet does not count.'),
      column('refused', 'count', 'Entries that tell it was refused.'),
      column('failed', 'count', 'Entries that tell it failed.'),
    ],
  },
  'retention-runs': {
    template: 'retention-runs', title: 'Runs of the retention rules', subject: 'audit', means: 'What each run that began then was to do, and what it has done, from the audit.',
    columns: [
      DAY,
      column('run', 'text', 'The run by its id.'),
      column('ended', 'count', '1: it came to its end; 0: it goes on, or was cut off and is taken up by the next one.'),
      column('toPurge', 'count', 'Recordings that it was to destroy.'),
      column('toPurgeBytes', 'bytes', 'What they took.'),
      column('toArchive', 'count', 'Recordings that it was to archive.'),
      column('toArchiveBytes', 'bytes', 'What they took.'),
      column('purged', 'count', 'Recordings that it destroyed.'),
      column('archived', 'count', 'Recordings that it archived.'),
    ],
  },
  storage: {
    template: 'storage', title: 'Storage by retention class and store', subject: 'recordings', means: 'What the stored sound of recordings that began then takes.',
    columns: [
      column('retentionClass', 'text', 'The retention class; empty: none.'),
      column('store', 'text', 'The store by its name; empty: the installation\'s own.'),
      column('recordings', 'count', 'Recordings with stored sound.'),
      column('soundMs', 'milliseconds', 'Its length.'),
      column('sealedBytes', 'bytes', 'What it takes, sealed, without headers.'),
    ],
  },
  findings: {
    template: 'findings', title: 'Quality findings', subject: 'recordings', means: 'What was found wrong in recordings, or was mended. What the words mean: core/README.md.',
    columns: [
      column('finding', 'text', 'The finding.'),
      column('recordings', 'count', 'Recordings in which it was found; the total counts each once.'),
      column('findings', 'count', 'How often.'),
    ],
  },
}

function ofRecordings(template: ReportTemplate, { title, means, keys }: { readonly title: string; readonly means: string; readonly keys: readonly ReportColumn[] }): TemplateDefinition {
  return { template, title, subject: 'recordings', means, columns: [...keys, ...OF_RECORDINGS] }
}

function column(name: string, unit: ReportUnit, means: string): ReportColumn {
  return { name, unit, means }
}
