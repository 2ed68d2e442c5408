/** What whoever ordered a package can do about one that was not made. */
const WORDS: Readonly<Record<string, string>> = {
  ENCODER_MISSING: 'ffmpeg is not installed here: install it, or take the sound as it was recorded (--audio wav)',
  ENCODER_FAILED: 'ffmpeg could not make Opus of the sound: take it as it was recorded (--audio wav)',
}

/** @param code - under which the export failed */
export function exportFailure(code: string): string {
  return WORDS[code] ?? code
}
