import Query
import Render
import Testing

/// The JSON for machines.
@Suite struct JSONGoldenTests {
  @Test func oneCurrency() {
    #expect(
      Fixture.models.rendered(as: .json) == #"""
        {
          "report": "models",
          "schema_version": 1,
          "from": "2026-10-01",
          "to": "2026-10-31",
          "timezone": "Europe/Berlin",
          "currency": "USD",
          "catalog": "2026-10-15",
          "cost_mode": "auto",
          "cost_complete": true,
          "unpriced_models": [],
          "unpriced": [],
          "share_of": "cost",
          "rows": [
            {"model": "claude-opus", "requests": 1200, "input_tokens": 3456789, "images": 0, "errors": 3, "cost": "12.30", "share": "98.79"},
            {"model": null, "requests": 7, "input_tokens": 950, "images": 0, "errors": 0, "cost": "0.000125", "share": "0.01"},
            {"model": null, "requests": 30, "input_tokens": 12000, "images": 0, "errors": 0, "cost": "0.15", "share": "1.20", "others": true}
          ],
          "total": {"requests": 1237, "input_tokens": 3469739, "images": 0, "errors": 3, "cost": "12.450125", "share": "100.00"},
          "notes": []
        }

        """#)
  }

  @Test func currenciesAndExtremes() {
    #expect(
      Fixture.days.rendered(as: .json) == #"""
        {
          "report": "daily",
          "schema_version": 1,
          "from": "2026-10-01",
          "to": "2026-10-01",
          "timezone": "UTC",
          "currency": null,
          "catalog": null,
          "cost_mode": "display",
          "cost_complete": false,
          "unpriced_models": ["it's", "new|model", "日本\u001b[2J"],
          "unpriced": [
            {"provider": "acme", "model": "new|model", "requests": 1200},
            {"provider": null, "model": "日本\u001b[2J", "requests": 7},
            {"provider": "a b", "model": "it's", "requests": 2},
            {"provider": "acme", "model": null, "requests": 1}
          ],
          "share_of": "tokens",
          "rows": [
            {"day": "2026-10-01", "user": "山田 👩‍👩‍👧", "currency": "EUR", "output_tokens": 5, "cost": "-2.005"},
            {"day": "2026-10-01", "user": "=1+1|\u001b[31m\n\"x\"", "currency": null, "output_tokens": 1000000, "cost": null, "approximate": true},
            {"day": "2026-10-01", "user": "Zoë", "currency": "USD", "output_tokens": 170141183460469231731687303715884105727, "cost": "-170141183460469231731687303.715884105728"}
          ],
          "total": {"output_tokens": -170141183460469231731687303715884105728, "cost": null},
          "totals": [
            {"currency": "EUR", "output_tokens": 5, "cost": "-2.005"},
            {"currency": "USD", "output_tokens": 170141183460469231731687303715884105727, "cost": "-170141183460469231731687303.715884105728"}
          ],
          "notes": [
            "2026-10-01 has a gap."
          ]
        }

        """#)
  }

  @Test func empty() {
    #expect(
      Fixture.empty.rendered(as: .json) == #"""
        {
          "report": "month",
          "schema_version": 1,
          "from": "2026-02-01",
          "to": "2026-02-28",
          "timezone": "UTC",
          "currency": null,
          "catalog": null,
          "cost_mode": "display",
          "cost_complete": true,
          "unpriced_models": [],
          "unpriced": [],
          "share_of": "cost",
          "rows": [],
          "total": {"requests": 0, "cost": "0.00"},
          "notes": []
        }

        """#)
  }

  @Test func nothingNamesTheRows() {
    #expect(
      Fixture.measures.rendered(as: .json) == #"""
        {
          "report": "cost_check",
          "schema_version": 1,
          "from": "2026-02-01",
          "to": "2026-02-02",
          "timezone": "UTC",
          "currency": "EUR",
          "catalog": null,
          "cost_mode": "display",
          "cost_complete": false,
          "unpriced_models": [],
          "unpriced": [],
          "share_of": "cost",
          "rows": [
            {"cost": null, "credits": "1.50"}
          ],
          "total": {"cost": null, "credits": "1.50"},
          "notes": []
        }

        """#)
  }
}
