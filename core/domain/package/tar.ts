/** A tar archive is made of such blocks. Source: POSIX.1-2017 pax, §ustar Interchange Format */
export const TAR_BLOCK_BYTES = 512

/**
 * The header of one plain file, always the same for the same name and size: whoever reads a package compares it byte by byte.
 * Stands alone, with no name from outside: the page that verifies packages holds its text.
 * @param name - at most 100 characters of ASCII
 * @param sizeBytes - below 8 GiB
 * @throws RangeError beyond these: names are ours, and sound is checked before
 */
export function tarHeader(name: string, sizeBytes: number): Uint8Array {
  const header = new Uint8Array(512)
  const put = (text: string, at: number): void => header.set(new TextEncoder().encode(text), at)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  if (!/^[\x21-\x7e]{1,100}$/.test(name) || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes >= 8 ** 11) throw new RangeError('not a file of a tar archive')
  put(name, 0)
  put('0000600', 100)
  put('0000000', 108)
  put('0000000', 116)
  put(`${octal(sizeBytes, 11)}\0${octal(0, 11)}\0`, 124)
  // The sum is taken with blanks in its own place.
  put('        ', 148)
  put('0', 156)
  put('ustar', 257)
  put('00', 263)
  put(`${octal(header.reduce((sum, byte) => sum + byte, 0), 6)}\0 `, 148)
  return header
}

/** Zeros behind a file up to the next block. */
export function tarPadding(sizeBytes: number): Uint8Array {
  return new Uint8Array((TAR_BLOCK_BYTES - sizeBytes % TAR_BLOCK_BYTES) % TAR_BLOCK_BYTES)
}

/** The end of an archive. */
export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * TAR_BLOCK_BYTES)
}
