import { delimiter } from 'node:path'
import type { Environment } from './secrets.ts'

/** The settings file that `HOLDFAST_CONFIG` names, or the one of an installed package. */
export function defaultSettingsFile(environment: Environment = process.env): string {
  return environment['HOLDFAST_CONFIG'] ?? '/etc/holdfast/holdfast.yaml'
}

/** What a variable of the environment holds that the settings name; `null` when it is not set. */
export function environmentText(variable: string, environment: Environment = process.env): string | null {
  return environment[variable] ?? null
}

/** The folders in which programs are looked for, as PATH names them. */
export function programPath(environment: Environment = process.env): string {
  return environment['PATH'] ?? ''
}

/** Where demo and tests look for a FreeSWITCH to start. */
export interface FreeSwitchPlaces {
  /** Of an installation; `null`: not named. */
  readonly prefix: string | null
  readonly searchPath: readonly string[]
  /** Of a container; `null`: not named. */
  readonly image: string | null
}

/** As HOLDFAST_FREESWITCH, PATH and HOLDFAST_FREESWITCH_IMAGE say. */
export function freeSwitchPlaces(environment: Environment = process.env): FreeSwitchPlaces {
  return { prefix: environment['HOLDFAST_FREESWITCH'] || null, searchPath: programPath(environment).split(delimiter), image: environment['HOLDFAST_FREESWITCH_IMAGE'] || null }
}
