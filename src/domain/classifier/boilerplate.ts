/**
 * Takes out of a description what no person wrote for this meeting: joining instructions of Teams, Meet, Zoom and
 * Webex in several languages, dial-in numbers, bare links, legal footers and quoted older messages. Order and
 * indentation of what stays are kept.
 */
export function stripBoilerplate(lines: readonly string[]): readonly string[] {
  const kept: string[] = []
  let wrote = false
  let inFooter = false
  let inBlock: 'meet' | 'rule' | null = null
  for (let i = 0; i < lines.length; i++) {
    const raw = lines[i]!
    const line = raw.trim()
    if (line === '') {
      inFooter = false
      kept.push('')
      continue
    }
    const short = line.length > 300 ? line.slice(0, 300) : line
    if (isMeetRuler(short)) {
      inBlock = inBlock === 'meet' ? null : 'meet'
      continue
    }
    if (isRuler(short)) {
      inBlock = inBlock === 'rule' ? null : joinsCallBelow(lines, i) ? 'rule' : null
      continue
    }
    if (inBlock !== null) continue
    const lower = short.toLowerCase()
    if (line.charCodeAt(0) === 62) continue
    if (opensQuotedMessage(lower)) {
      // A forwarded invitation is all there is: its headers go, its agenda stays.
      if (wrote) break
      continue
    }
    if (isMailHeader(lower)) continue
    if (inFooter || opensLegalFooter(lower)) {
      inFooter = true
      continue
    }
    if (isJoiningLine(lower) || isBareLink(lower) || isDialIn(lower)) continue
    kept.push(raw)
    wrote = true
  }
  return kept
}

/** "________" as Outlook draws it around the join block, or another long drawn line. */
function isRuler(line: string): boolean {
  if (line.length < 8) return false
  const first = line.charCodeAt(0)
  if (first !== 95 && first !== 45 && first !== 61 && first !== 42 && first !== 0x2500 && first !== 0x2014) return false
  for (let i = 1; i < line.length; i++) if (line.charCodeAt(i) !== first) return false
  return true
}

/** Google draws "-::~:~::~:~" above and below its block. */
function isMeetRuler(line: string): boolean {
  if (line.length < 12) return false
  let marks = 0
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i)
    if (code === 58 || code === 126) marks++
    else if (code !== 45) return false
  }
  return marks > 8
}

/** A drawn line opens a block when joining words follow within eight lines and another drawn line or the end closes it. */
function joinsCallBelow(lines: readonly string[], at: number): boolean {
  let joins = false
  for (let i = at + 1; i < lines.length && i <= at + 40; i++) {
    const line = lines[i]!.trim()
    if (line.length > 300) continue
    if (isRuler(line)) return joins
    if (i <= at + 8 && isJoiningLine(line.toLowerCase())) joins = true
  }
  return joins && lines.length - at <= 41
}

const joiningOpenings = [
  'join microsoft teams',
  'microsoft teams',
  'join the meeting now',
  'join on your computer',
  'join with a video',
  'join on the web',
  'join with google meet',
  'join zoom meeting',
  'join by phone',
  'join by sip',
  'join by h.323',
  'join by video',
  'join from',
  'join meeting',
  'join:',
  'join via',
  'join the call',
  'join here',
  'join webex',
  'click here to join',
  'click to join',
  'to join the meeting',
  'to join the video meeting',
  'to join by phone',
  'or call in',
  'or dial',
  'or join',
  'call in (audio',
  'call-in',
  'dial by your location',
  'dial in',
  'dial-in',
  'dial:',
  'phone one-tap',
  'one tap mobile',
  'meeting id',
  'meeting number',
  'meeting password',
  'meeting passcode',
  'passcode',
  'password:',
  'access code',
  'phone conference id',
  'conference id',
  'video conference id',
  'find a local number',
  'find your local number',
  'more phone numbers',
  'view more phone numbers',
  'global call-in',
  'international numbers',
  'tap to join',
  'tap to call',
  'host key',
  'host pin',
  'attendee access code',
  'tenant key',
  'video id',
  'alternate vtc',
  'alternative vtc',
  'need help?',
  'need help',
  'for organizers',
  'for organisers',
  'learn more about meet',
  'learn more about teams',
  'learn more',
  'download teams',
  'meeting options',
  'reset pin',
  'reset dial-in pin',
  'system reference',
  'please do not edit this section',

  'do not delete or change',
  "when it's time, join",
  'when it’s time, join',
  'topic: zoom meeting',
  'jetzt an der besprechung',
  'an microsoft teams',
  'microsoft-teams',
  'besprechungs-id',
  'kenncode',
  'kennnummer',
  'per telefon',
  'einwahl',
  'telefonkonferenz',
  'lokale nummer',
  'nummer suchen',
  'am computer',
  'teilnehmen über',
  'für organisatoren',
  'besprechungsoptionen',
  'weitere informationen',
  'zoom-meeting beitreten',
  'meeting-id',
  'an besprechung teilnehmen',
  'réunion microsoft teams',
  'participer à la réunion',
  'rejoindre la réunion',
  'rejoignez',
  'rejoindre',
  'id de réunion',
  'id de la réunion',
  'code secret',
  "code d'accès",
  'code d’accès',
  'numéro local',
  'rechercher un numéro',
  'options de réunion',
  'pour les organisateurs',
  'en savoir plus',
  'se connecter à la réunion',
  'par téléphone',
  'reunión de microsoft teams',
  'unirse a la reunión',
  'únase',
  'unirse',
  'id. de reunión',
  'id de reunión',
  'id de la reunión',
  'código de acceso',
  'contraseña',
  'buscar un número',
  'opciones de reunión',
  'para organizadores',
  'más información',
  'marcar por teléfono',
  'reunião do microsoft teams',
  'ingressar na reunião',
  'ingressar',
  'entrar na reunião',
  'clique aqui para entrar',
  'id da reunião',
  'senha',
  'localizar um número',
  'opções de reunião',
  'para organizadores',
  'saiba mais',
  'participe da reunião',
  'código de acesso',
  'ligar por telefone',
  '会議に参加',
  '今すぐ会議に参加',
  '会議 id',
  '会議id',
  'ミーティングid',
  'ミーティング id',
  'パスコード',
  '電話でダイヤルイン',
  'google meet に参加',
  'zoomミーティングに参加',
  '開催者向け',
  '会議のオプション',
]

const joiningAddresses = [
  'zoom.us/j/',
  'zoom.us/my/',
  'meet.google.com/',
  'teams.microsoft.com/',
  'teams.live.com/',
  'webex.com/',
  'whereby.com/',
  'meet.jit.si/',
  'gotomeeting.com',
  'gotomeet.me',
  'bluejeans.com/',
  'chime.aws/',
  'tel.meet/',
]

const joiningWords = [
  'is inviting you to a scheduled zoom',
  'lädt sie zu einem geplanten zoom',
  'vous invite à une réunion zoom',
  'invitado a una reunión de zoom',
  'está convidando você para uma reunião',
  'bigbluebutton',
  'meeting password',
  'microsoft teams meeting',
  'microsoft teams-besprechung',
  '(toll)',
  'toll-free',
  'toll free',
  'さんがあなたを予約されたzoom',
]

/** The openings by their first letter: a line is compared with a handful of them. */
const openingsByLetter: ReadonlyMap<number, readonly string[]> = (() => {
  const map = new Map<number, string[]>()
  for (const opening of joiningOpenings) {
    const letter = opening.charCodeAt(0)
    const list = map.get(letter)
    if (list === undefined) map.set(letter, [opening])
    else list.push(opening)
  }
  return map
})()

function isJoiningLine(lower: string): boolean {
  const from = leadingMarks(lower)
  for (const opening of openingsByLetter.get(lower.charCodeAt(from)) ?? []) {
    if (!lower.startsWith(opening, from)) continue
    // "Join us to …" and "Password policy: decide" are words of people: an opening counts when the line is short.
    if (lower.length - from <= opening.length + 48) return true
  }
  if (lower.length > 200) return false
  if (lower.includes('/') || lower.includes('.')) {
    for (const address of joiningAddresses) if (lower.includes(address)) return true
  }
  for (const word of joiningWords) if (lower.includes(word)) return true
  return false
}

function leadingMarks(line: string): number {
  let at = 0
  while (
    at < line.length &&
    at < 8 &&
    (line.charCodeAt(at) < 48 || line.charCodeAt(at) > 0x2000) &&
    line.charCodeAt(at) < 0x3000
  )
    at++
  return at
}

/** A line that is nothing but one address in the web, maybe in brackets. */
function isBareLink(lower: string): boolean {
  if (lower.includes(' ') && !lower.startsWith('link: http')) return false
  const at = lower.indexOf('http')
  return at >= 0 && at <= 8
}

/** "+1 669 900 6833 US (San Jose)", "+49 69 1234567,,123456#", "PIN: 123 456#". */
function isDialIn(lower: string): boolean {
  let digits = 0
  let letters = 0
  for (let i = 0; i < lower.length; i++) {
    const code = lower.charCodeAt(i)
    if (code >= 48 && code <= 57) digits++
    else if (code > 64) letters++
  }
  if (lower.startsWith('pin:') || lower.startsWith('pin ')) return digits >= 4
  const plus = lower.indexOf('+')
  return digits >= 9 && plus >= 0 && plus < 24 && letters < 40 && digits > letters / 4
}

const legalOpenings = [
  'confidentiality notice',
  'confidentiality:',
  'this email and any',
  'this e-mail and any',
  'this message and any',
  'this email is confidential',
  'this message is intended',
  'this email is intended',
  'this e-mail is intended',
  'this communication is',
  'this message contains confidential',
  'the information contained in this',
  'the information in this email',
  'disclaimer',
  'privileged and confidential',
  'notice: this',
  'please consider the environment',
  'diese e-mail',
  'diese nachricht',
  'haftungsausschluss',
  'vertraulichkeitshinweis',
  'sitz der gesellschaft',
  'geschäftsführer:',
  'ce message et',
  'ce courriel',
  'ce message est',
  'avis de confidentialité',
  'este mensaje y',
  'este mensaje',
  'este correo',
  'aviso legal',
  'aviso de confidencialidad',
  'esta mensagem',
  'este e-mail',
  'aviso de confidencialidade',
  '本メール',
  'このメールは',
]

function opensLegalFooter(lower: string): boolean {
  for (const opening of legalOpenings) if (lower.startsWith(opening)) return true
  return lower.includes('intended recipient') || lower.includes('bestimmten adressaten')
}

const quotedOpenings = [
  '-----original',
  '----- original',
  '-----ursprünglicher',
  '-----ursprüngliche',
  '----- message d',
  '-----message d',
  '-----rendez-vous d',
  '-----mensaje original',
  '-----cita original',
  '-----mensagem original',
  '-----compromisso original',
  '---------- forwarded',
  '-----forwarded',
  'begin forwarded message',
  '-----元の',
  '-----元のメッセージ',
]

function opensQuotedMessage(lower: string): boolean {
  if (lower.charCodeAt(0) !== 45 && lower.charCodeAt(0) !== 98) return false
  return quotedOpenings.some(opening => lower.startsWith(opening))
}

const mailHeaders = [
  'from:',
  'sent:',
  'to:',
  'cc:',
  'subject:',
  'when:',
  'where:',
  'von:',
  'gesendet:',
  'an:',
  'betreff:',
  'wann:',
  'wo:',
  'ort:',
  'de :',
  'envoyé :',
  'à :',
  'objet :',
  'quand :',
  'où :',
  'de:',
  'enviado:',
  'para:',
  'asunto:',
  'assunto:',
  'quando:',
  'onde:',
  'cuándo:',
  'dónde:',
  '差出人:',
  '宛先:',
  '件名:',
  '日時:',
  '場所:',
]

function isMailHeader(lower: string): boolean {
  return mailHeaders.some(header => lower.startsWith(header))
}
