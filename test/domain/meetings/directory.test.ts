import { describe, expect, test } from 'vitest'
import { emptyDirectory, parsePeople, parseWorkingHours } from '../../../src/domain/meetings/directory.ts'

describe('parsePeople', () => {
  test('reads every column, whatever the header calls it', () => {
    const { directory, problems } = parsePeople([
      {
        ' Mail ': 'Ana.Ruiz@Lantern.example',
        Aliases: 'ana@lantern.example; a.ruiz@old.example',
        'Display Name': 'Ana Ruiz',
        Department: 'payments',
        'Role band': 'senior',
        'Time zone': 'europe/madrid',
        'Working hours': 'Mon-Thu 08:30-17:00',
        Manager_email: 'maya.chen@lantern.example',
      },
      { ' Mail ': 'maya.chen@lantern.example', 'Display Name': 'Maya Chen' },
    ])
    expect(problems).toEqual([])
    expect(directory.people.get('ana.ruiz@lantern.example')).toEqual({
      id: 'ana.ruiz@lantern.example',
      aliases: ['ana@lantern.example', 'a.ruiz@old.example'],
      name: 'Ana Ruiz',
      team: 'payments',
      roleBand: 'senior',
      zone: 'Europe/Madrid',
      workingHours: { weekdays: [0, 1, 2, 3], startMinute: 510, endMinute: 1020 },
      managerId: 'maya.chen@lantern.example',
    })
    expect(directory.byAddress.get('a.ruiz@old.example')).toBe('ana.ruiz@lantern.example')
    expect(directory.hasTeams).toBe(true)
    expect([...directory.domains]).toEqual(['lantern.example'])
  })

  test('names every problem at once, by row, and uses the rest', () => {
    const { directory, problems } = parsePeople([
      { email: '', name: 'Nobody' },
      { email: 'not an address', name: 'Nowhere' },
      {
        email: 'ana@lantern.example',
        zone: 'Europe/Atlantis',
        'working hours': 'mornings',
        manager: 'gone@lantern.example',
      },
      { email: 'ANA@lantern.example' },
      { email: 'ben@lantern.example', aliases: 'ana@lantern.example; benno' },
      { email: '', name: '' },
    ])
    expect(problems.map(each => each.row)).toEqual([2, 3, 4, 4, 4, 5, 6, 6])
    expect(problems[2]!.sentence).toContain('Europe/Atlantis')
    expect(problems.every(each => each.sentence.startsWith(`Row ${each.row}: `) && each.sentence.endsWith('.'))).toBe(
      true,
    )
    expect([...directory.people.keys()]).toEqual(['ana@lantern.example', 'ben@lantern.example'])
    expect(directory.byAddress.get('ana@lantern.example')).toBe('ana@lantern.example')
  })

  test('keeps rooms and groups apart from people', () => {
    const { directory } = parsePeople([
      { email: 'aquarium@lantern.example', type: 'room' },
      { email: 'core@lantern.example', type: 'group', members: 'ana@lantern.example, ben@lantern.example' },
      { email: 'ana@lantern.example' },
    ])
    expect(directory.people.size).toBe(1)
    expect(directory.rooms?.has('aquarium@lantern.example')).toBe(true)
    expect(directory.groups?.get('core@lantern.example')).toHaveLength(2)
  })

  test('does not take a public mail host for the company', () => {
    const { directory } = parsePeople([{ email: 'ana@gmail.com' }, { email: 'ben@lantern.example' }])
    expect([...directory.domains]).toEqual(['lantern.example'])
  })

  test('a header called __proto__ or constructor is a column like any other', () => {
    const row = JSON.parse('{"email":"ana@lantern.example","__proto__":"x","constructor":"y"}') as Record<
      string,
      string
    >
    expect(parsePeople([row]).problems).toEqual([])
  })
})

describe('parseWorkingHours', () => {
  test.each([
    ['09:00-17:00', [0, 1, 2, 3, 4], 540, 1020],
    ['Mon-Fri 09:00-17:00', [0, 1, 2, 3, 4], 540, 1020],
    ['Mon-Thu 08:30-17:00', [0, 1, 2, 3], 510, 1020],
    ['mon, wed, Friday 8-16', [0, 2, 4], 480, 960],
    ['Sun–Thu 9.00–18.00', [0, 1, 2, 3, 6], 540, 1080],
    ['22:00-06:00', [0, 1, 2, 3, 4], 1320, 360],
  ])('%s', (text, weekdays, startMinute, endMinute) => {
    expect(parseWorkingHours(text)).toEqual({ weekdays, startMinute, endMinute })
  })

  test.each(['', 'nine to five', '25:00-26:00', '09:70-17:00', 'Xyz 09:00-17:00', '09:00-09:00', 'Mon-Fri'])(
    '"%s" is not understood',
    text => {
      expect(parseWorkingHours(text)).toBeNull()
    },
  )
})

test('an empty directory knows the domains it was given', () => {
  const directory = emptyDirectory([' @Lantern.example', ''])
  expect([...directory.domains]).toEqual(['lantern.example'])
  expect(directory.hasTeams).toBe(false)
})
