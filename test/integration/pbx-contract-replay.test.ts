import { pbxAdapterContract } from '../contract/pbx-adapter.contract.ts'
import { ReplayedAsteriskSubject } from '../support/pbx/replayed-asterisk-subject.ts'

pbxAdapterContract({ name: 'a replay of what Asterisk sent, over TCP', cannot: {}, open: async () => await ReplayedAsteriskSubject.open() })
