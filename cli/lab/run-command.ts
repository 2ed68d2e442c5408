import { execFile } from 'node:child_process'

export type CommandLine = readonly [program: string, ...args: string[]]

export type CommandOptions = {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export type CommandResult = {
  /** True when the program was found and ended by itself with status 0. */
  readonly succeeded: boolean
  readonly stdout: string
  readonly stderr: string
}

/** More than any command of the laboratory prints; a program that prints without end is ended. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** Runs a program without a shell and waits for its end. A failure is a result, not an exception: the caller knows what it means. */
export function runCommand(command: CommandLine, options: CommandOptions): Promise<CommandResult> {
  const [program, ...args] = command
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      {
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        encoding: 'utf8',
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        resolve({ succeeded: error === null, stdout, stderr: error === null || stderr !== '' ? stderr : error.message })
      },
    )
  })
}
