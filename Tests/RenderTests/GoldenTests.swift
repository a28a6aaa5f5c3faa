import Query
import Render
import Testing

@Suite struct GoldenTests {
  @Test func x() {
    for report in [Fixture.models, Fixture.days, Fixture.empty, Fixture.measures] {
      for format in ReportFormat.allCases { print(report.rendered(as: format)) }
    }
    print(Fixture.models.rendered(as: .table, options: .init(columns: 50, isColored: true, isASCII: true)))
    print(Fixture.days.rendered(as: .table, options: .init(columns: 50, isASCII: true)))
  }
}
