import { isTrue, paramOf, paramsOf, type XmlTag } from './xml-tags.ts'

/** One profile of mod_sofia, as its configuration stands. */
export interface SofiaProfile {
  readonly name: string
  readonly bypassMedia: boolean
  readonly proxyMedia: boolean
  /** Values of `media-option`. */
  readonly mediaOptions: readonly string[]
  readonly firesTransferEvents: boolean
  /** Whether whoever calls chooses the id of his leg. */
  readonly namesLegsByCallId: boolean
  /** Both lists, each codec once: `PCMU`, `OPUS@20i`. */
  readonly codecs: readonly string[]
}

/** The profiles of sofia.conf. */
export function sofiaProfiles(tags: readonly XmlTag[]): readonly SofiaProfile[] {
  return tags.filter(({ name }) => name === 'profile').map((profile) => profileOf(profile, tags.filter(({ within }) => within.includes(profile))))
}

function profileOf(profile: XmlTag, all: readonly XmlTag[]): SofiaProfile {
  // Gateways have parameters of their own.
  const tags = all.filter(({ within }) => within.at(-1)?.name === 'settings')
  const lists = ['inbound-codec-prefs', 'outbound-codec-prefs', 'codec-prefs'].flatMap((name) => paramsOf(tags, name)).flatMap((value) => value.split(','))
  return {
    name: profile.attributes.get('name') ?? '',
    bypassMedia: isTrue(paramOf(tags, 'inbound-bypass-media')) || isTrue(paramOf(tags, 'inbound-no-media')),
    proxyMedia: isTrue(paramOf(tags, 'inbound-proxy-media')),
    mediaOptions: paramsOf(tags, 'media-option'),
    namesLegsByCallId: isTrue(paramOf(tags, 'inbound-use-callid-as-uuid')),
    firesTransferEvents: isTrue(paramOf(tags, 'fire-transfer-events')),
    codecs: [...new Set(lists.map((codec) => codec.trim()).filter((codec) => codec !== ''))],
  }
}
