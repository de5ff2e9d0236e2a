import { describe, expect, test } from 'vitest'
import { emptyDirectory } from '../../../src/domain/meetings/directory.ts'
import { createResolver } from '../../../src/domain/meetings/who.ts'
import { aDirectory } from '../../support/build.ts'

const ana = 'ana.ruiz@lantern.example'
const exchange = '/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn='

describe('personOf', () => {
  const directory = aDirectory(['ben', 'dev'], [{ id: ana, name: 'Ana Ruiz', aliases: ['ana@old.example'] }])
  const people = createResolver(directory)

  test.each([
    'ana.ruiz@lantern.example',
    ' Ana.Ruiz@LANTERN.example ',
    'mailto:ana.ruiz@lantern.example',
    'MAILTO:Ana.Ruiz@lantern.example',
    '"ana.ruiz@lantern.example"',
    "'ana.ruiz@lantern.example'",
    '<mailto:ana.ruiz@lantern.example>',
    'mailto:ana.ruiz%40lantern.example',
    'SMTP:ana.ruiz@lantern.example',
    'ana@old.example',
    `${exchange}0123456789abcdef0123456789ABCDEF-ana.ruiz`,
  ])('%s is Ana', spelling => {
    expect(people.personOf(spelling, null)).toBe(ana)
  })

  test('an X.500 name with a display name that one person has → that person', () => {
    expect(people.personOf(`${exchange}user77`, 'Ana  Ruiz')).toBe(ana)
  })

  test('a name two people share tells nothing', () => {
    const twins = aDirectory(
      ['ben'],
      [
        { id: 'kim1@lantern.example', name: 'Kim Tran' },
        { id: 'kim2@lantern.example', name: 'Kim Tran' },
      ],
    )
    expect(createResolver(twins).personOf(`${exchange}user77`, 'Kim Tran')).toBe(`${exchange}user77`.toLowerCase())
  })

  test('an address inside another address is another person', () => {
    const anyone = createResolver(emptyDirectory())
    expect(anyone.personOf('a@b.example', null)).not.toBe(anyone.personOf('ja@b.example', null))
  })

  test('a plus-address is another person unless the directory says otherwise', () => {
    expect(people.personOf('ana.ruiz+jira@lantern.example', null)).toBe('ana.ruiz+jira@lantern.example')
  })

  test('googlemail.com is gmail.com', () => {
    expect(people.personOf('x@googlemail.com', null)).toBe('x@gmail.com')
  })

  test('a name without an address stands for a person; nothing at all for nobody', () => {
    expect(people.personOf('', 'Ana Ruiz')).toBe(ana)
    expect(people.personOf('', 'Visiting Guest')).toBe('visiting guest')
    expect(people.personOf('mailto:', null)).toBeNull()
  })

  test('what a calendar marks as its owner’s own wins over the address', () => {
    const marked = createResolver(directory, new Map([['primary@lantern.example', ana]]))
    expect(marked.personOf('Primary@lantern.example', null)).toBe(ana)
  })
})
