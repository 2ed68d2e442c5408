import { isMap, list, type Loose, section, type Tell, text, yesOrNo } from './leaves.ts'
import { ATTACHED_KEY } from './policy/attached-key-schema.ts'

/** The archive. */
export interface ArchiveSettings {
  /** One of `stores`. */
  readonly store: string
  readonly play: boolean
  readonly erasable: boolean
  readonly attached: readonly string[]
}

export const archiveSchema = section({
  store: text.max(16).describe('Into which of `stores` recordings go when a retention rule archives them; no PBX has its recordings there.'),
  play: yesOrNo.default(true).describe('Whether archived recordings are played here as the others are; false: they are found, and asked for at whoever keeps the archive.'),
  erasable: yesOrNo.default(true).describe('Whether objects of the archive can be removed from here. false, for a store that is locked: a destruction leaves the archive\'s copy, and its receipt names what the owner of the archive must destroy.'),
  attached: list(ATTACHED_KEY, 'a list of keys').default([]).describe('Keys of the attached data that stand in the manifests, in clear and for good.'),
})

/** The archive is a store of the settings, and nothing is recorded into it. */
export function checkArchive({ archive, stores, pbxs }: Loose, tell: Tell): void {
  if (!isMap(archive) || typeof archive['store'] !== 'string') return
  const { store } = archive
  if (!all(stores).some((each) => each['name'] === store)) tell(['archive', 'store'], `there is no store "${store}" among \`stores\``)
  if (all(pbxs).some((pbx) => pbx['store'] === store)) tell(['archive', 'store'], `a PBX has its recordings in "${store}": an archive is a store of its own`)
}

function all(values: unknown): readonly Loose[] {
  return Array.isArray(values) ? (values as readonly unknown[]).filter(isMap) : []
}
