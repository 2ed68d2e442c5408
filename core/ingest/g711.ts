/** The two laws of ITU-T G.711. */
export const G711_LAWS = ['mulaw', 'alaw'] as const
export type G711Law = (typeof G711_LAWS)[number]

/** Stands in the tables where a sample has no code. */
export const NO_CODE = 0x100

const CODES = 256
const SAMPLES = 65_536
const MU_LAW_BIAS = 132
/** Even bits are inverted on the line. Source: ITU-T G.711 table 1a, note 2 */
const A_LAW_INVERSION = 0x55
/** A-law's smallest positive value, 8: it knows no zero. Source: ITU-T G.711 table 1a */
export const A_LAW_SILENCE = 0xd5
/** What FreeSWITCH writes where a voice did not come, packet by packet. Source: FreeSWITCH 1.10 switch_ivr_async.c, record_callback (memset 255) */
const FILLING = -1
/** That filling: the negative zero of µ-law, which stands for nothing else here; the negative value of A-law that is next to it, -8. */
const FILLING_CODES: Readonly<Record<G711Law, number>> = { mulaw: 0x7f, alaw: 0x55 }

/** A code as a sample of 16 bits, as PBXs expand it. Source: ITU-T G.711 tables 1 and 2, in Asterisk 22 main/alaw.c and ulaw.c */
const EXPANDERS: Readonly<Record<G711Law, (code: number) => number>> = {
  mulaw: (code) => {
    const bits = ~code & 0xff
    const magnitude = ((((bits & 0x0f) << 3) + MU_LAW_BIAS) << ((bits >> 4) & 7)) - MU_LAW_BIAS
    // Two codes are zero: a negative one is none as a number.
    return magnitude === 0 || (bits & 0x80) === 0 ? magnitude : -magnitude
  },
  alaw: (code) => {
    const bits = code ^ A_LAW_INVERSION
    const segment = (bits >> 4) & 7
    const step = ((bits & 0x0f) << 4) + 8
    const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1)
    return (bits & 0x80) === 0 ? -magnitude : magnitude
  },
}

const TABLES: Readonly<Record<G711Law, Uint16Array>> = { mulaw: codesOf('mulaw'), alaw: codesOf('alaw') }

/**
 * The codes of samples that came from G.711, by the sample's 16 bits: exact, never the nearest. Every other sample is `NO_CODE`, but for what
 * a PBX writes where nothing came: the zero, also of pauses, which A-law lacks and which becomes its smallest value, as its telephones send
 * silence; and FreeSWITCH's filling.
 */
export function codeTable(law: G711Law): Uint16Array {
  return TABLES[law]
}

/** What a code is as a sample. */
export function expanded(law: G711Law, code: number): number {
  return EXPANDERS[law](code)
}

function codesOf(law: G711Law): Uint16Array {
  const codes = new Uint16Array(SAMPLES).fill(NO_CODE)
  if (law === 'alaw') codes[0] = A_LAW_SILENCE
  codes[FILLING & 0xffff] = FILLING_CODES[law]
  // Of two codes for one sample the later stays: 0xFF for the zero of µ-law, as it is sent.
  for (let code = 0; code < CODES; code += 1) codes[expanded(law, code) & 0xffff] = code
  return codes
}
