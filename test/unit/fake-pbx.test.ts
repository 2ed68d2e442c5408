import { pbxAdapterContract } from '../contract/pbx-adapter.contract.ts'
import { FakeSubject } from '../support/pbx/fake-subject.ts'

pbxAdapterContract({ name: 'FakePbxAdapter', cannot: {}, open: async () => await Promise.resolve(new FakeSubject()) })
