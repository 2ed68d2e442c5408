import { expect } from 'chai'
import { describe, it } from 'mocha'
import { isTrue, paramOf, paramsOf, tagsOf } from '../../../../../cli/doctor/freeswitch/xml-tags.ts'

describe('the tags of a FreeSWITCH configuration', () => {
  it('know their attributes and what is around them', () => {
    const tags = tagsOf('<section name="dialplan">\n  <context name="public">\n    <extension name="x"><action application="set" data="a=1"></action><action application="hangup"/></extension>\n  </context>\n</section>')
    expect(tags.map(({ name, within }) => `${within.map((tag) => tag.name).join('>')}>${name}`)).to.deep.equal([
      '>section', 'section>context', 'section>context>extension', 'section>context>extension>action', 'section>context>extension>action',
    ])
    expect(tags[3]?.attributes.get('data')).to.equal('a=1')
  })

  it('have values as they were before they were escaped', () => {
    const [tag] = tagsOf('<action data="a=&lt;&quot;x&#39;y&quot;&gt; &amp;amp; &#x41;&nix; &#99999999; &#x110000;"/>')
    expect(tag?.attributes.get('data')).to.equal('a=<"x\'y"> &amp; A&nix; &#99999999; &#x110000;')
  })

  it('are read of any text, and never throw', () => {
    for (const text of ['', '<', '<a', '</a></b>', '<a b="', '-ERR no reply\n', '<!-- <a/> -->', '<a b=c/>', '<'.repeat(10_000), '<a>'.repeat(10_000), '<!--'.repeat(200_000), '<a b="'.repeat(100_000), `<a${' '.repeat(200_000)}`, `<a${' b="c"'.repeat(50_000)}`]) {
      expect(() => tagsOf(text)).not.to.throw()
    }
    expect(tagsOf('<!-- <param name="a"/> --><b/>').map(({ name }) => name)).to.deep.equal(['b'])
  })

  it('give the last of two parameters, as FreeSWITCH takes it', () => {
    const tags = tagsOf('<param name="password" value="a"/><param name="Password" value="b"/>')
    expect(paramOf(tags, 'password')).to.equal('b')
    expect(paramsOf(tags, 'password')).to.deep.equal(['a', 'b'])
    expect(paramOf(tags, 'other')).to.equal(null)
  })

  it('mean yes as FreeSWITCH means it', () => {
    expect(['yes', 'ON', 'true', 't', 'enabled', 'active', 'allow', '1', '-2'].map(isTrue)).not.to.include(false)
    expect(['no', '', 'false', '0', 'off', 'truely', '1x', null].map(isTrue)).not.to.include(true)
  })
})
