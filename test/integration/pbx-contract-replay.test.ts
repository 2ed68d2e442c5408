import { pbxAdapterContract } from '../contract/pbx-adapter.contract.ts'
import { replayedAsterisk } from '../support/pbx/replayed-asterisk.ts'
import { replayedFreeSwitch } from '../support/pbx/replayed-freeswitch.ts'
import { ReplayedSubject } from '../support/pbx/replayed-subject.ts'

pbxAdapterContract({ name: 'a replay of what Asterisk sent, over TCP', cannot: { 'discarded file': 'what was given no sound leaves an empty file' }, open: async () => await ReplayedSubject.open(replayedAsterisk) })
pbxAdapterContract({
  name: 'a replay of what FreeSWITCH sent, over TCP',
  cannot: { 'queue members': 'its queues are told by no event that is read; who sits where is known by logins' },
  open: async () => await ReplayedSubject.open(replayedFreeSwitch),
})
