/** A blob in a named store begins with its name: names of stores begin with a letter, names of recordings with a digit. */
const PLACED = /^([a-z][0-9a-z-]{0,15})\.(?=[0-9])/

/** The name of a blob that lies in a named store; its own for `null`. */
export function placedName(store: string | null, name: string): string {
  return store === null ? name : `${store}.${name}`
}

/** The store that a blob's name tells; `null`: the installation's own. */
export function storeOfName(name: string): string | null {
  return PLACED.exec(name)?.[1] ?? null
}

/** The name that the blob would have in the installation's own store. */
export function unplacedName(name: string): string {
  return name.replace(PLACED, '')
}
