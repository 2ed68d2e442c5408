/** One tag of FreeSWITCH's own configuration, as `xml_locate` prints it. */
export interface XmlTag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** The tags around it, outermost first. */
  readonly within: readonly XmlTag[]
}

/** Source: FreeSWITCH 1.10 switch_xml.c, switch_xml_toxml: every attribute in double quotes, `<`, `&` and `"` in values escaped. */
const TAG = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+="[^"]*")*)\s*(\/?)>/g
const ATTRIBUTE = /([\w:.-]+)="([^"]*)"/g
/** Deeper than any configuration: what nests further is no configuration. */
const MAX_DEPTH = 64

/** Every tag, in order. Never throws, whatever the text is: what is no tag is passed over. */
export function tagsOf(xml: string): readonly XmlTag[] {
  const found: XmlTag[] = []
  const open: XmlTag[] = []
  for (const [, closing = '', name, attributes = '', empty = ''] of withoutComments(xml).matchAll(TAG)) {
    if (name === undefined) continue
    if (closing !== '') {
      const at = open.findLastIndex((tag) => tag.name === name)
      if (at >= 0) open.length = at
      continue
    }
    const tag = { name, attributes: attributesOf(attributes), within: [...open] }
    found.push(tag)
    if (empty === '' && open.length < MAX_DEPTH) open.push(tag)
  }
  return found
}

/** In one pass: a pattern that looks for the end of each would look through the whole text for each that has none. */
function withoutComments(xml: string): string {
  const [first = '', ...rest] = xml.split('<!--')
  const after = rest.map((part) => {
    const end = part.indexOf('-->')
    return end < 0 ? '' : part.slice(end + '-->'.length)
  })
  return [first, ...after].join('')
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, unescaped(value)]))
}

const MAX_CODE_POINT = 0x10_ff_ff
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' }

function unescaped(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[a-z]+);/g, (whole: string, reference: string) => {
    if (!reference.startsWith('#')) return NAMED[reference] ?? whole
    const code = reference.startsWith('#x') ? Number.parseInt(reference.slice(2), 16) : Number(reference.slice(1))
    return code > 0 && code <= MAX_CODE_POINT ? String.fromCodePoint(code) : whole
  })
}

/** The value of `<param name="…" value="…"/>`, the last one where it stands twice; `null`: not there. Names as FreeSWITCH compares them, in any case. */
export function paramOf(tags: readonly XmlTag[], name: string): string | null {
  return paramsOf(tags, name).at(-1) ?? null
}

export function paramsOf(tags: readonly XmlTag[], name: string): readonly string[] {
  return tags.filter((tag) => tag.name === 'param' && tag.attributes.get('name')?.toLowerCase() === name).map((tag) => tag.attributes.get('value') ?? '')
}

/** What FreeSWITCH takes for yes. Source: FreeSWITCH 1.10 switch_utils.h, switch_true */
export function isTrue(value: string | null): boolean {
  if (value === null) return false
  return ['yes', 'on', 'true', 't', 'enabled', 'active', 'allow'].includes(value.toLowerCase()) || (/^-?\d+$/.test(value) && Number(value) !== 0)
}
