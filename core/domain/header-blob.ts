import type { MediaObject } from './media.ts'

const PAYLOAD_ENDS = /payload$/
/** What ingest writes; rotation adds one to it each time. */
export const FIRST_HEADER_VERSION = 1

/** The blob that holds a version of the header of a sealed object. The first lies beside the payload under its name. */
export function headerBlobName(payloadName: string, version: number): string {
  return payloadName.replace(PAYLOAD_ENDS, version === FIRST_HEADER_VERSION ? 'header' : `${version}.header`)
}

/**
 * Every blob that may hold a header of this object: what destroys it removes them all. One more than is in force, for a rotation may have
 * written its own a moment before it learns that the object is gone; older ones, for it may have died before it removed them.
 */
export function headerBlobNames({ payloadName, headerVersion }: Pick<MediaObject, 'payloadName' | 'headerVersion'>): readonly string[] {
  return Array.from({ length: headerVersion + 1 }, (_, index) => headerBlobName(payloadName, index + FIRST_HEADER_VERSION))
}
