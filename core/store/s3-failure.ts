import { S3NetworkError, S3ServiceError } from 's3mini'
import { HoldfastError } from '../domain/errors.ts'

/** What the service calls the failure, in words that are safe to log: its own text may repeat what was signed. */
const SERVICE_CODE = /^[A-Za-z]{1,64}$/

/** Runs a request; its failure is the store's, without what the server wrote. @throws HoldfastError `STORE_FAILED` */
export async function onS3<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    if (error instanceof HoldfastError) throw error
    throw new HoldfastError('STORE_FAILED', 'the S3 store could not be read or written', detailsOf(error))
  }
}

/** As {@link onS3}; `null` for what the service says it does not have. That its bucket is missing is a failure. */
export async function unlessNotThere<T>(request: () => Promise<T>): Promise<T | null> {
  return await onS3(async () => {
    try {
      return await request()
    } catch (error) {
      const failure = serviceErrorOf(error)
      if (failure?.status === 404 && failure.serviceCode !== 'NoSuchBucket') return null
      throw error
    }
  })
}

function detailsOf(error: unknown): Readonly<Record<string, string | number | null>> {
  const failure = serviceErrorOf(error)
  if (failure !== null) return { status: failure.status, system: SERVICE_CODE.test(failure.serviceCode ?? '') ? failure.serviceCode ?? null : null }
  return { system: error instanceof S3NetworkError ? error.code ?? null : systemCode(error) }
}

/** Some requests of the client wrap what the service answered. */
function serviceErrorOf(error: unknown): S3ServiceError | null {
  if (error instanceof S3ServiceError) return error
  return error instanceof Error && error.cause instanceof S3ServiceError ? error.cause : null
}

function systemCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}
