import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { readPeople } from '../../../config/people/read-people.ts'
import { DEFAULT_ROLES, HEARINGS, PERMISSIONS, ROLE_REACHES, ROLES } from '../../../core/domain/actor.ts'
import { EDGE_MS } from '../../../core/domain/own-parts.ts'
import { VISIBILITIES } from '../../../core/domain/rules/attached-schema.ts'
import { applyEdits } from '../../../core/library/people/people-plan.ts'
import { NO_ORGANISATION } from '../../../core/domain/organisation.ts'
import { parseUserId } from '../../../core/domain/ids.ts'

const PAGE = join(import.meta.dirname, '../../../docs/access.md')

describe('the page about access', () => {
  it('has the table of what the default roles may', async () => {
    const page = await readFile(PAGE, 'utf8')
    const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ')
    const rows = [
      ['', ...ROLES],
      ...PERMISSIONS.map((permission) => [`\`${permission}\``].concat(ROLES.map((role) => DEFAULT_ROLES[role].permissions.includes(permission) ? 'yes' : ''))),
      ['reach', ...ROLES.map((role) => code([DEFAULT_ROLES[role].reach]))],
      ['sees attached data', ...ROLES.map((role) => code(DEFAULT_ROLES[role].sees))],
    ]
    const table = page.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())).filter((cells) => cells.length === ROLES.length + 1 && cells[1] !== '---')
    expect(table).to.deep.equal(rows)
  })

  it('names every setting of a role, and says how much is cut at the edge of a part', async () => {
    const page = await readFile(PAGE, 'utf8')
    for (const word of [...ROLE_REACHES, ...HEARINGS, ...VISIBILITIES]) expect(page).to.include(`\`${word}\``)
    expect(page).to.include(`${EDGE_MS} milliseconds on both sides`)
  })

  it('shows a file that can be imported as it stands', async () => {
    const page = await readFile(PAGE, 'utf8')
    const file = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? ''
    const reading = readPeople(file)
    if (reading.problems.length > 0) throw new Error(JSON.stringify(reading.problems))
    const { faults, people } = applyEdits({ users: [], roles: [], organisation: NO_ORGANISATION }, reading.edits.map(({ edit }) => edit), { moment: { now: new Date(0), newId: () => parseUserId('0123456789abcdef') } })
    expect(faults).to.deep.equal([])
    expect(people.users.map(({ name, units }) => [name, units])).to.deep.equal([['carla@example.com', ['sales']]])
  })
})
