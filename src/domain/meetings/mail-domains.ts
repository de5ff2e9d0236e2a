import type { PersonId } from './types.ts'

/** The mail domain of an address, lower case; empty for X.500 names and for people known by name alone. */
export function domainOf(id: PersonId): string {
  return id.startsWith('/') ? '' : id.slice(id.lastIndexOf('@') + 1 || id.length).toLowerCase()
}

/** True for hosts where anybody has an address: sharing one says nothing about working together. */
export function isPublicMailHost(domain: string): boolean {
  return publicMailHosts.has(domain)
}

/** True when the address belongs to one of the domains or to a subdomain of one. */
export function isInsideDomains(id: PersonId, domains: ReadonlySet<string>): boolean {
  let domain = domainOf(id)
  // Without a domain it came from the organisation's own directory or address book.
  if (domain === '') return true
  for (;;) {
    if (domains.has(domain)) return true
    const dot = domain.indexOf('.')
    if (dot < 0) return false
    domain = domain.slice(dot + 1)
  }
}

const publicMailHosts: ReadonlySet<string> = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'hotmail.co.uk',
  'hotmail.fr',
  'live.com',
  'msn.com',
  'yahoo.com',
  'yahoo.co.uk',
  'yahoo.co.jp',
  'yahoo.fr',
  'yahoo.de',
  'ymail.com',
  'icloud.com',
  'me.com',
  'mac.com',
  'aol.com',
  'gmx.de',
  'gmx.net',
  'gmx.com',
  'gmx.at',
  'web.de',
  't-online.de',
  'proton.me',
  'protonmail.com',
  'pm.me',
  'fastmail.com',
  'hey.com',
  'zoho.com',
  'mail.com',
  'mail.ru',
  'yandex.ru',
  'yandex.com',
  'qq.com',
  '163.com',
  '126.com',
  'naver.com',
  'orange.fr',
  'free.fr',
  'laposte.net',
  'wanadoo.fr',
  'libero.it',
  'seznam.cz',
  'wp.pl',
  'o2.pl',
  'onet.pl',
  'interia.pl',
  'comcast.net',
  'verizon.net',
  'att.net',
])
