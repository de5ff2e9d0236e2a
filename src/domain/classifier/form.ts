import { indexPhrases } from './phrases.ts'
import type { ClassifierInput, Evidence, MeetingForm } from './types.ts'

/** What shape a meeting has, from its people first and its title where people say nothing. With its reasons. */
export function recogniseForm(input: ClassifierInput): { form: MeetingForm; basis: readonly Evidence[] } {
  const said = formInTitle(input.title)
  const people = input.attendeeCount
  const fact = (form: MeetingForm, sentence: string) => ({ form, basis: [evidence('people', form, null, sentence)] })

  if (said !== null && beyondHeadcount.has(said.form)) return inTitle(said.form, said.quote)
  if (people === 1 && !input.hasGroup) return fact('solo', 'Nobody else is invited.')
  if (said?.form === 'solo' && (people === null || people <= 1)) return inTitle('solo', said.quote)
  if (said?.form === 'broadcast' && (people === null || people > 8)) return inTitle('broadcast', said.quote)
  if (input.externalCount !== null && input.externalCount > 0) {
    return fact('external', `${input.externalCount} of the invited are from outside.`)
  }
  if (people === 2 && !input.hasGroup) return fact('one-on-one', 'Two people are invited.')
  if (said?.form === 'one-on-one' && people === null) return inTitle('one-on-one', said.quote)
  if (said?.form === 'external' && input.externalCount === null) return inTitle('external', said.quote)
  if (people !== null && people >= 40) return fact('broadcast', `${people} people are invited.`)
  if (input.teamCount !== null && input.teamCount >= 2)
    return fact('cross-team', `People of ${input.teamCount} teams are invited.`)
  if (input.teamCount === 1 && people !== null && people >= 3)
    return fact('team', 'All who are invited belong to one team.')
  if (said?.form === 'cross-team' || said?.form === 'team') return inTitle(said.form, said.quote)
  if (people === null && isPair(input.title)) return inTitle('one-on-one', input.title)
  return { form: 'unknown', basis: [] }
}

function inTitle(form: MeetingForm, quote: string) {
  return { form, basis: [evidence('title', form, quote, `The title says “${quote.slice(0, 60)}”.`)] }
}

function evidence(where: 'people' | 'title', form: MeetingForm, quote: string | null, sentence: string): Evidence {
  const short = quote === null ? null : quote.slice(0, 80)
  return { rule: `form-${form}`, where, kind: null, weight: 0, quote: short, item: null, sentence }
}

/** An interview of two, a party of forty and a training of one are still that. */
const beyondHeadcount: ReadonlySet<MeetingForm> = new Set(['interview', 'training', 'social'])

function formInTitle(title: string): { form: MeetingForm; quote: string } | null {
  index ??= indexPhrases(formWords.map(entry => entry.phrases))
  const hits = index.scan(title, 300)
  for (let i = 0; i < hits.length; i += 3) {
    const form = formWords[hits[i]!]!.form
    if (form !== null) return { form, quote: title.slice(hits[i + 1]!, hits[i + 2]!) }
  }
  return null
}

let index: ReturnType<typeof indexPhrases> | undefined

/** "Ana / Ben", "Ana <> Ben", "Ana x Ben", "Ana & Ben": two capitalised words around a sign, and nothing else. */
function isPair(title: string): boolean {
  if (title.length > 40) return false
  for (const sign of [' / ', '/', ' <> ', '<>', ' x ', ' & ', ' + ', ' - ', ' ↔ ']) {
    const at = title.indexOf(sign)
    if (at <= 0) continue
    return isFirstName(title.slice(0, at).trim()) && isFirstName(title.slice(at + sign.length).trim())
  }
  return false
}

function isFirstName(word: string): boolean {
  if (word.length < 2 || word.length > 14 || word.includes(' ')) return false
  const rest = word.slice(1)
  return (
    word.charAt(0) !== word.charAt(0).toLowerCase() && rest === rest.toLowerCase() && !notNames.has(word.toLowerCase())
  )
}

const notNames: ReadonlySet<string> = new Set(
  `design product sales marketing engineering finance legal team sync review planning weekly daily monthly support data security platform
  mobile web api frontend backend operations ops people hr budget release demo retro standup plan test build status update strategy`.split(
    /\s+/,
  ),
)

const formWords: readonly { form: MeetingForm | null; phrases: string }[] = [
  {
    form: null,
    phrases: `interview debrief, user interview debrief, training plan*, training budget, training review, training committee, training strategy, model training, social media*, social care, social work*, social services,
      party planning, party committee, labour party, labor party, third party, third parties, political party, party group*, party risk*, fire drill debrief*, fire drill review*, training debrief*, training retro*, training evaluation,
      onboarding debrief*, onboarding retro*, onboarding review*, onboarding feedback, webinar debrief*, course review*, coffee machine, games industry, lunch menu, client library, client side, customer data, birthday paradox, one on one template`,
  },
  {
    form: 'interview',
    phrases: `interview, interviews, phone screen, phone screening, candidate interview, onsite interview, screening call, job interview, technical interview, panel interview,
      vorstellungsgesprach*, bewerbungsgesprach*, entretien d embauche, entretien de recrutement, entrevista, entrevista de trabajo, entrevista de emprego, 採用面接, 面接`,
  },
  {
    form: 'training',
    phrases: `training, trainings, onboarding, induction, workshop on, course, bootcamp, masterclass, webinar, lunch and learn, lunch learn, brown bag, tech talk, study group, journal club, seminar, first aid, fire drill, orientation, inset day,
      schulung*, fortbildung*, unterweisung*, einarbeitung*, formation, capacitacion*, curso, treinamento*, 研修, 勉強会, 講習会`,
  },
  {
    form: 'social',
    phrases: `team lunch, lunch, dinner, drinks, happy hour, party, christmas party, holiday party, summer party, farewell, leaving do, social, social hour, team building, outing, game night, picnic, bbq, barbecue, coffee, virtual coffee, coffee chat, birthday, breakfast,
      weihnachtsfeier, sommerfest, stammtisch, verabschiedung, betriebsausflug, pot de depart, apero, dejeuner d equipe, despedida, cena, almuerzo, almoco, confraternizacao, festa, 懇親会, 歓迎会, 送別会, 忘年会, 新年会, ランチ, 飲み会`,
  },
  {
    form: 'broadcast',
    phrases: `all hands, all staff, all company, town hall, townhall, company meeting, company update, ceo update, webcast, livestream, broadcast, keynote, school assembly, betriebsversammlung, vollversammlung, personalversammlung,
      pleniere, asamblea informativa, reuniao geral, 全社会議, 全体会議, 朝礼, 説明会`,
  },
  {
    form: 'one-on-one',
    phrases: `one on one, one on ones, one to one, 1 on 1, 1 1, 1on1, 1to1, 1 to 1, 1x1, o3, skip level, mentoring, coaching, mitarbeitergesprach*, vier augen, tete a tete, entretien individuel, entretien annuel, uno a uno, conversa individual, 個人面談, 面談, 1対1`,
  },
  {
    form: 'external',
    phrases: `client, clients, customer, customers, customer call, vendor, vendors, supplier, supplier meeting, partner call, prospect, sales call, discovery call, investor call, kunde, kundentermin*, kundengesprach*, lieferant*, lieferantengesprach*, reunion client, fournisseur*, cliente, clientes, proveedor*, fornecedor*, 商談, 取引先, 顧客`,
  },
  {
    form: 'solo',
    phrases: `focus time, focus block, deep work, no meetings, hold, do not book, dnb, blocker, reminder, travel, commute, dentist, doctor, vacation, out of office, ooo, fokuszeit, urlaub, conges, vacaciones, ferias, 作業時間, 休暇`,
  },
  {
    form: 'cross-team',
    phrases: `cross team, cross functional, crossfunctional, inter team, interdepartmental, cross department, cross project, scrum of scrums, architecture review, architecture forum, steering committee, steerco, change advisory board, guild, community of practice, lenkungsausschuss,
      comite de pilotage, copil, inter equipes, interservices, comite directivo, 部門横断, 調整会議`,
  },
  {
    form: 'team',
    phrases: `team meeting, team sync, team weekly, team retro, team standup, standup, stand up, daily scrum, sprint planning, sprint retro, sprint retrospective, sprint review, retro, squad, ward meeting, department meeting, staff meeting, teamrunde, teamsitzung, teammeeting, teambesprechung,
      dienstbesprechung, reunion d equipe, point equipe, reunion de equipo, reuniao de equipe, 朝会, チーム定例`,
  },
]
