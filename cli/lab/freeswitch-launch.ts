import type { CommandLine } from './run-command.ts'

/** A FreeSWITCH that can be started. It is never configured or changed. */
export interface FreeSwitchInstallation {
  /** As `freeswitch -version` says it, such as `1.10.12-release`. */
  readonly version: string
  /** What stands in front of FreeSWITCH's own arguments, and how to take away what may outlive its command. */
  readonly launch: (place: LaunchPlace) => FreeSwitchLaunch
}

export interface LaunchPlace {
  /** The laboratory's folder: everything that FreeSWITCH writes. */
  readonly directory: string
  /** Folders that it reads beside. */
  readonly readOnly: readonly string[]
}

export interface FreeSwitchLaunch {
  readonly command: CommandLine
  /** `null`: it ends with its command. */
  readonly remove: (() => Promise<void>) | null
}

/** What `freeswitch -version` printed. */
export function versionIn(printed: string): string | null {
  return /^FreeSWITCH version: ([0-9A-Za-z.-]+)/m.exec(printed)?.[1] ?? null
}
