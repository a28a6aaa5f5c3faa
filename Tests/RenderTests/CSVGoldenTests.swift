import Query
import Render
import Testing

/// The CSV for machines.
@Suite struct CSVGoldenTests {
  @Test func oneCurrency() {
    #expect(
      Fixture.models.rendered(as: .csv) == #"""
        model,requests,input_tokens,images,errors,cost,share,others,approximate
        claude-opus,1200,3456789,0,3,12.30,98.79,,
        ,7,950,0,0,0.000125,0.01,,
        ,30,12000,0,0,0.15,1.20,true,

        """#)
  }

  @Test func currenciesAndExtremes() {
    #expect(
      Fixture.days.rendered(as: .csv) == #"""
        day,user,currency,output_tokens,cost,others,approximate
        2026-10-01,山田 👩‍👩‍👧,EUR,5,-2.005,,
        2026-10-01,"'=1+1|\#u{1B}[31m
        ""x""",,1000000,,,true
        2026-10-01,Zoë,USD,170141183460469231731687303715884105727,-170141183460469231731687303.715884105728,,

        """#)
  }

  @Test func empty() {
    #expect(
      Fixture.empty.rendered(as: .csv) == #"""
        day,requests,cost,others,approximate

        """#)
  }

  @Test func nothingNamesTheRows() {
    #expect(
      Fixture.measures.rendered(as: .csv) == #"""
        cost,credits,others,approximate
        ,1.50,,

        """#)
  }
}
