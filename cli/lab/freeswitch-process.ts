import path from 'node:path'
import { EslConnection } from '../../adapters/freeswitch/esl-connection.ts'
import { type FreeSwitchPlan, logFile } from './freeswitch-files.ts'
import type { FreeSwitchInstallation } from './freeswitch-launch.ts'
import { PbxProcess } from './pbx-process.ts'

/** The operating-system process of one FreeSWITCH, and its console. */
export class FreeSwitchProcess extends PbxProcess {
  readonly #plan: FreeSwitchPlan

  constructor(installation: FreeSwitchInstallation, plan: FreeSwitchPlan) {
    const { conf, log, run, db, recordings } = plan.directories
    const readOnly = [...new Set(plan.includeFiles.map((file) => path.dirname(file)))]
    const { command, remove } = installation.launch({ directory: path.dirname(conf), readOnly })
    super({
      name: 'FreeSWITCH',
      // All directories have to be given together, or none is taken.
      command: [...command, '-nf', '-nonat', '-nonatmap', '-nocal', '-conf', conf, '-log', log, '-run', run, '-db', db, '-temp', run, '-recordings', recordings, '-storage', db],
      mark: `-conf ${conf}`,
      ownerFile: path.join(path.dirname(conf), 'owner.json'),
      consoleFile: path.join(log, 'console.log'),
      logFiles: [logFile(plan.directories)],
      hasBooted: async () => (await ask(plan, 'status').catch(() => '')).includes('is ready'),
      remove,
    })
    this.#plan = plan
  }

  /** @throws HoldfastError as `EslConnection.open` and `api` */
  override async cli(command: string): Promise<string> {
    return await ask(this.#plan, command)
  }
}

/** A login for each command, as the console does it. */
async function ask({ ports, password }: FreeSwitchPlan, command: string): Promise<string> {
  const connection = await EslConnection.open({ host: '127.0.0.1', port: ports.eventSocket, password }, { event: () => undefined, fault: () => undefined })
  try {
    return await connection.api(command)
  } finally {
    connection.close('done')
  }
}
