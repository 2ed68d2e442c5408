import { isTrue, type XmlTag } from './xml-tags.ts'

/** A place of the configuration that gives a channel variable a value which is, or may become, yes. */
export interface SetVariable {
  readonly variable: string
  /** As a reader finds it: `dialplan public/agents`, `user 1001`. */
  readonly place: string
}

/** What the PBX's configuration says of its channels' variables. */
export interface VariableSources {
  readonly globals: ReadonlyMap<string, string>
  readonly dialplan: readonly XmlTag[] | null
  readonly directory: readonly XmlTag[] | null
  readonly sofia: readonly XmlTag[] | null
}

/** Where these variables are set to yes. Scripts, and what `mod_xml_curl` serves call by call, are not seen. */
export function whereSet(variables: readonly string[], { globals, dialplan, directory, sofia }: VariableSources): readonly SetVariable[] {
  return variables.flatMap((variable) => [
    ...(isTrue(globals.get(variable) ?? null) ? [{ variable, place: 'global variable' }] : []),
    ...(dialplan ?? []).filter((tag) => ['action', 'anti-action'].includes(tag.name) && isSetBy(tag.attributes.get('data') ?? '', variable)).map((tag) => ({ variable, place: placeInDialplan(tag) })),
    ...[...(directory ?? []), ...(sofia ?? [])].filter((tag) => isOwnVariable(tag, variable)).map((tag) => ({ variable, place: placeOfVariable(tag) })),
  ])
}

/** `set`, `export`, `multiset` and the braces of a dial string all write NAME=VALUE. */
function isSetBy(data: string, variable: string): boolean {
  const values = [...data.matchAll(new RegExp(`(?<![\\w.])${variable}=([^,\\]}>|^~;\\s]*)`, 'g'))].map((match) => match[1] ?? '')
  return values.some(mayBeTrue)
}

function isOwnVariable({ name, attributes }: XmlTag, variable: string): boolean {
  return name === 'variable' && attributes.get('name') === variable && mayBeTrue(attributes.get('value') ?? '')
}

/** What is known only when a call is there may be yes. */
function mayBeTrue(value: string): boolean {
  return isTrue(value) || value.includes('${')
}

function placeInDialplan({ within }: XmlTag): string {
  const named = ['context', 'extension'].flatMap((kind) => within.find(({ name }) => name === kind)?.attributes.get('name') ?? [])
  return `dialplan ${named.join('/')}`
}

function placeOfVariable({ within }: XmlTag): string {
  const owner = within.findLast(({ name }) => ['user', 'gateway', 'group', 'domain'].includes(name))
  return owner === undefined ? 'directory' : `${owner.name} ${owner.attributes.get('id') ?? owner.attributes.get('name') ?? ''}`
}
