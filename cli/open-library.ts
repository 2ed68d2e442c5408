import type { Settings } from '../config/settings.ts'
import { createLibrary, type Library, type LibraryParts } from '../core/library/library.ts'
import type { Store } from '../core/store/catalogue.ts'
import { receiptSigner } from './open-destroyer.ts'
import { signInParts } from './sign-in/sign-in-parts.ts'

/** What readers share with those who record, keep and destroy. */
export interface LibrarySurroundings extends Pick<LibraryParts, 'blobs' | 'changes' | 'cipher' | 'destroyer' | 'packages' | 'policy' | 'retention' | 'runtime'> {
  readonly store: Store
  /** What may be done to live calls, and the desks that do it. */
  readonly capture: { readonly control: LibraryParts['capture']; readonly attached: LibraryParts['attached']; readonly seating: LibraryParts['desks'] }
  /** What is sealed to, and opened with, here. */
  readonly standing: LibraryParts['keys']['standing']
}

/** Everything that a reader of recordings does, over the catalogue of this node. @throws HoldfastError `KEY_FILE_INVALID` when receipts cannot be signed */
export async function openLibrary(settings: Settings, { store, capture, standing, ...shared }: LibrarySurroundings): Promise<Library> {
  const { archive, audit, coverage, dataDirectory, desks, node } = settings
  return createLibrary({
    ...shared,
    ...storedIn(store),
    capture: capture.control,
    attached: capture.attached,
    desks: capture.seating,
    signIn: signInParts(settings, store, shared.runtime),
    freeDesks: desks.free,
    archive: { play: archive?.play ?? true, ledger: store.archived },
    coverage: { ledger: store.coverage, toleratedMs: coverage.toleratedMs },
    keys: { catalogue: store.keys, standing },
    signer: await receiptSigner(dataDirectory),
    installation: node.name,
    auditKeys: { customerId: audit.customerIdKey, interactionType: audit.interactionTypeKey },
  })
}

function storedIn({ repository, audit, evidence, tokens, people, seats, holds, destructions, subjects, labels, reports }: Store): Pick<LibraryParts, 'repository' | 'audit' | 'evidence' | 'tokens' | 'people' | 'seats' | 'holds' | 'destructions' | 'subjects' | 'labels' | 'reports'> {
  return { repository, audit, evidence, tokens, people, seats, holds, destructions, subjects, labels, reports }
}
