import { pbxAdapterContract } from '../contract/pbx-adapter.contract.ts'
import { RealAsteriskSubject } from '../support/pbx/real-asterisk-subject.ts'

pbxAdapterContract({ name: 'real Asterisk', cannot: { 'discarded file': 'what was given no sound leaves an empty file' }, open: async () => await RealAsteriskSubject.open() })
