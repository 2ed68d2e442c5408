import { pbxAdapterContract } from '../contract/pbx-adapter.contract.ts'
import { RealFreeSwitchSubject } from '../support/pbx/real-freeswitch-subject.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'

pbxAdapterContract({
  name: 'real FreeSWITCH',
  cannot: { 'queue members': 'its queues are told by no event that is read; who sits where is known by logins' },
  open: async (context) => await RealFreeSwitchSubject.open(await requireFreeSwitch(context)),
})
