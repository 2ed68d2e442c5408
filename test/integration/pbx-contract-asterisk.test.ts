import { pbxAdapterContract } from '../contract/pbx-adapter.contract.ts'
import { RealAsteriskSubject } from '../support/pbx/real-asterisk-subject.ts'

pbxAdapterContract({ name: 'real Asterisk', cannot: {}, open: async () => await RealAsteriskSubject.open() })
