import type { Catalogue } from '../../core/store/catalogue.ts'

/** What of a catalogue the fakes have, too: holds, destructions and the archive are a matter of transactions, reports of grouping, and are tried on databases alone. */
export type TriedCatalogue = Omit<Catalogue, 'holds' | 'exports' | 'destructions' | 'subjects' | 'labels' | 'retention' | 'archived' | 'reports' | 'service'>
