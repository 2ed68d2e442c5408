import { readFile } from 'node:fs/promises'

/** Linux tells processor time in hundredths of a second on every architecture. Source: proc_pid_stat(5), sysconf(3) */
const TICKS_PER_SECOND = 100

/** Seconds of processor time that a process has used: all of its threads, also those that have ended. Source: proc_pid_stat(5) */
export async function processSeconds(pid: number): Promise<number> {
  return secondsIn(await readFile(`/proc/${pid}/stat`, 'utf8'))
}

/** Since the start of the machine, all processors together. */
export interface MachineTime {
  readonly busySeconds: number
  readonly totalSeconds: number
}

/** Waiting for a disk is idle; what a hypervisor took away is busy, because nobody could have it. Source: proc_stat(5) */
export async function machineTime(): Promise<MachineTime> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n')
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, softInterrupts = 0, stolen = 0] = line.split(/\s+/).slice(1).map((ticks) => Number(ticks) / TICKS_PER_SECOND)
  const busySeconds = user + nice + system + interrupts + softInterrupts + stolen
  return { busySeconds, totalSeconds: busySeconds + idle + waiting }
}

/** The name, in parentheses, may hold blanks and parentheses; after it, `utime` and `stime` are the twelfth and thirteenth field. */
function secondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
