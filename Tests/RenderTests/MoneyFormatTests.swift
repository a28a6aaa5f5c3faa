import Query
import Render
import Testing

/// Reports in one currency say at which rates; reports without costs say nothing of money.
@Suite struct MoneyFormatTests {
  @Test func convertedAmountsNameTheirRates() {
    #expect(
      Fixture.converted.rendered(as: .table) == """
        Monthly · 2026-10-01 to 2026-10-31 · UTC · EUR · ECB rates of the day, to 2026-10-30

        Month    Cost (EUR)
        ───────────────────
        2026-10        1.50
        ───────────────────
        Total          1.50

        Cost mode: display.

        """)
    #expect(
      Fixture.converted.rendered(as: .json) == """
        {
          "report": "monthly",
          "schema_version": 1,
          "from": "2026-10-01",
          "to": "2026-10-31",
          "timezone": "UTC",
          "currency": "EUR",
          "rates_to": "2026-10-30",
          "catalog": null,
          "cost_mode": "display",
          "cost_complete": true,
          "unpriced_models": [],
          "unpriced": [],
          "share_of": "cost",
          "rows": [
            {"month": "2026-10", "cost": "1.50"}
          ],
          "total": {"cost": "1.50"},
          "notes": []
        }

        """)
  }

  @Test func hiddenCostsLeaveNoTrace() {
    #expect(
      Fixture.hidden.rendered(as: .json) == """
        {
          "report": "daily",
          "schema_version": 1,
          "from": "2026-10-01",
          "to": "2026-10-01",
          "timezone": "UTC",
          "share_of": "tokens",
          "rows": [
            {"day": "2026-10-01", "requests": 3, "share": "100.00"}
          ],
          "total": {"requests": 3, "share": "100.00"},
          "notes": []
        }

        """)
    #expect(
      Fixture.hidden.rendered(as: .markdown) == """
        **Daily · 2026-10-01 · UTC**

        | Day | Requests | Share |
        | --- | ---: | ---: |
        | 2026-10-01 | 3 | 100.0% |
        | **Total** | **3** | **100.0%** |

        - Share is of tokens.

        """)
    #expect(
      Fixture.hidden.rendered(as: .table) == """
        Daily · 2026-10-01 · UTC

        Day         Requests   Share
        ────────────────────────────
        2026-10-01         3  100.0%
        ────────────────────────────
        Total              3  100.0%

        Share is of tokens.

        """)
  }
}
