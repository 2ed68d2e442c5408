/** Makes sound smaller for those who take it away. */
export interface AudioEncoder {
  /**
   * A WAV file as Opus in an Ogg file, in pieces. Ends when the signal does.
   * @throws HoldfastError `ENCODER_MISSING` where the program is not there; `ENCODER_FAILED` when it fails or takes too long
   */
  opus(wav: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array>
}
