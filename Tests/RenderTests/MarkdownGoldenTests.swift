import Query
import Render
import Testing

/// The Markdown for people.
@Suite struct MarkdownGoldenTests {
  @Test func oneCurrency() {
    #expect(
      Fixture.models.rendered(as: .markdown) == #"""
        **Models · 2026-10-01 to 2026-10-31 · Europe/Berlin · USD**

        | Model | Requests | Input | Cost (USD) | Share |
        | --- | ---: | ---: | ---: | ---: |
        | claude-opus | 1,200 | 3,456,789 | 12.30 | 98.8% |
        | (none) | 7 | 950 | \<0.01 | \<0.1% |
        | Others | 30 | 12,000 | 0.15 | 1.2% |
        | **Total** | **1,237** | **3,469,739** | **12.45** | **100.0%** |

        - Cost mode: auto. Price catalog: 2026-10-15.
        - Share is of cost.

        """#)
  }

  @Test func currenciesAndExtremes() {
    #expect(
      Fixture.days.rendered(as: .markdown) == #"""
        **Daily · 2026-10-01 · UTC · several currencies**

        | Day | User | Currency | Output | Cost |
        | --- | --- | --- | ---: | ---: |
        | 2026-10-01 | 山田 👩‍👩‍👧 | EUR | 5 | -2.00 |
        | ≈ 2026-10-01 | =1+1\|�\[31m�"x" | (none) | 1,000,000 | unknown |
        | 2026-10-01 | Zoë | USD | 170,141,183,460,469,231,731,687,303,715,884,105,727 | -170,141,183,460,469,231,731,687,303.72 |
        | **Total** |  | **EUR** | **5** | **-2.00** |
        | **Total** |  | **USD** | **170,141,183,460,469,231,731,687,303,715,884,105,727** | **-170,141,183,460,469,231,731,687,303.72** |
        | **Total** |  |  | **-170,141,183,460,469,231,731,687,303,715,884,105,728** | **–** |

        - ≈ A provider's bucket crosses an edge of this row, so its split is approximate.
        - 2026-10-01 has a gap.
        - Cost is incomplete: 1,210 requests have no reported cost.
        - unpriced: 1,200 requests of acme/new\|model: tally prices set 'new\|model' --provider acme input=PRICE output=PRICE
        - unpriced: 7 requests of 日本�\[2J, no provider named: give the events a provider, so that its price is found
        - unpriced: 2 requests of a b/it's: not all they used has a price: tally prices show 'it'\\''s' --provider 'a b'
        - unpriced: 1 request of acme, no model named: give the events a model, so that its price is found
        - Cost mode: display.

        """#)
  }

  @Test func empty() {
    #expect(
      Fixture.empty.rendered(as: .markdown) == #"""
        **Month · 2026-02-01 to 2026-02-28 · UTC**

        No usage in this period.

        - Cost mode: display.

        """#)
  }

  @Test func nothingNamesTheRows() {
    #expect(
      Fixture.measures.rendered(as: .markdown) == #"""
        **Cost check · 2026-02-01 to 2026-02-02 · UTC · EUR**

        |  | Cost (EUR) | Credits |
        | --- | ---: | ---: |
        |  | unknown | 1.50 |
        | **Total** | **unknown** | **1.50** |

        - Cost is incomplete: some requests have no cost.
        - Cost mode: display.

        """#)
  }
}
