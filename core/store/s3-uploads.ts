/** A multipart upload that has not ended. */
export interface OpenUpload {
  readonly key: string
  readonly uploadId: string
  readonly begunAt: Date
}

/** What a service answers to the question for unfinished uploads, as the client parsed it. Source: Amazon S3 API, ListMultipartUploads */
export function uploadsOf(answer: unknown): readonly OpenUpload[] {
  const result = isMap(answer) && isMap(answer['ListMultipartUploadsResult']) ? answer['ListMultipartUploadsResult'] : answer
  const uploads = isMap(result) ? result['Upload'] ?? [] : []
  return (Array.isArray(uploads) ? uploads as readonly unknown[] : [uploads]).flatMap((upload): OpenUpload[] => {
    if (!isMap(upload)) return []
    const { Key: key, UploadId: uploadId, Initiated: begun } = upload
    if (typeof key !== 'string' || typeof uploadId !== 'string' || typeof begun !== 'string') return []
    const begunAt = new Date(begun)
    return Number.isNaN(begunAt.getTime()) ? [] : [{ key, uploadId, begunAt }]
  })
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
