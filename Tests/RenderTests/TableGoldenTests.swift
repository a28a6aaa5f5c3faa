import Query
import Render
import Testing

/// The table for people.
@Suite struct TableGoldenTests {
  @Test func aTableRoundsAndDropsWhatIsZeroEverywhere() {
    #expect(
      Fixture.models.rendered(as: .table) == #"""
        Models · 2026-10-01 to 2026-10-31 · Europe/Berlin · USD

        Model        Requests      Input  Cost (USD)   Share
        ────────────────────────────────────────────────────
        claude-opus     1,200  3,456,789       12.30   98.8%
        (none)              7        950       <0.01   <0.1%
        Others             30     12,000        0.15    1.2%
        ────────────────────────────────────────────────────
        Total           1,237  3,469,739       12.45  100.0%

        Cost mode: auto. Price catalog: 2026-10-15.
        Share is of cost.

        """#)
  }

  @Test func aTableSurvivesCurrenciesWideNamesEscapeCodesAndExtremes() {
    #expect(
      Fixture.days.rendered(as: .table) == #"""
        Daily · 2026-10-01 · UTC · several currencies

        Day           User            Currency                                                Output                                     Cost
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-10-01    山田 👩‍👩‍👧         EUR                                                          5                                    -2.00
        ≈ 2026-10-01  =1+1|�[31m�"x"  (none)                                               1,000,000                                  unknown
        2026-10-01    Zoë             USD        170,141,183,460,469,231,731,687,303,715,884,105,727  -170,141,183,460,469,231,731,687,303.72
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        Total                         EUR                                                          5                                    -2.00
        Total                         USD        170,141,183,460,469,231,731,687,303,715,884,105,727  -170,141,183,460,469,231,731,687,303.72
        Total                                   -170,141,183,460,469,231,731,687,303,715,884,105,728                                        –

        ≈ A provider's bucket crosses an edge of this row, so its split is approximate.
        2026-10-01 has a gap.
        Cost is incomplete: 1,210 requests have no reported cost.
        unpriced: 1,200 requests of acme/new|model: tally prices set 'new|model' --provider acme input=PRICE output=PRICE
        unpriced: 7 requests of 日本�[2J, no provider named: give the events a provider, so that its price is found
        unpriced: 2 requests of a b/it's: not all they used has a price: tally prices show 'it'\''s' --provider 'a b'
        unpriced: 1 request of acme, no model named: give the events a model, so that its price is found
        Cost mode: display.

        """#)
  }

  @Test func anEmptyTableSaysSo() {
    #expect(
      Fixture.empty.rendered(as: .table) == #"""
        Month · 2026-02-01 to 2026-02-28 · UTC

        No usage in this period.

        Cost mode: display.

        """#)
  }

  @Test func aTableWithoutNamesStillTellsTheTotal() {
    #expect(
      Fixture.measures.rendered(as: .table) == #"""
        Cost check · 2026-02-01 to 2026-02-02 · UTC · EUR

               Cost (EUR)  Credits
        ──────────────────────────
                  unknown     1.50
        ──────────────────────────
        Total     unknown     1.50

        Cost is incomplete: some requests have no cost.
        Cost mode: display.

        """#)
  }

  @Test func aNarrowTerminalGetsShortCountsAndColorsAreOnlyBoldAndDim() {
    let options = RenderOptions(columns: 50, isColored: true, isASCII: true)
    #expect(
      Fixture.models.rendered(as: .table, options: options) == #"""
        \#u{1B}[1mModels - 2026-10-01 to 2026-10-31 - Europe/Berlin\#u{1B}[0m
        \#u{1B}[1m- USD\#u{1B}[0m

        \#u{1B}[1mModel        Requests  Input  Cost (USD)   Share\#u{1B}[0m
        \#u{1B}[2m------------------------------------------------\#u{1B}[0m
        claude-opus      1.2k   3.5M       12.30   98.8%
        (none)              7    950       <0.01   <0.1%
        Others             30  12.0k        0.15    1.2%
        \#u{1B}[2m------------------------------------------------\#u{1B}[0m
        \#u{1B}[1mTotal            1.2k   3.5M       12.45  100.0%\#u{1B}[0m

        \#u{1B}[2mCost mode: auto. Price catalog: 2026-10-15.\#u{1B}[0m
        \#u{1B}[2mShare is of cost.\#u{1B}[0m

        """#)
  }

  @Test func inASCIITheDataIsASCIIToo() {
    let options = RenderOptions(columns: 80, isASCII: true)
    #expect(
      Fixture.days.rendered(as: .table, options: options) == #"""
        Daily - 2026-10-01 - UTC - several currencies

        Day           User      Currency                                   Output                                     Cost
        ------------------------------------------------------------------------------------------------------------------
        2026-10-01    ?? ?      EUR                                             5                                    -2.00
        ~ 2026-10-01  =1+1|?..  (none)                                       1.0M                                  unknown
        2026-10-01    Zo?       USD        170,141,183,460,469,231,731,687,303.7T  -170,141,183,460,469,231,731,687,303.72
        ------------------------------------------------------------------------------------------------------------------
        Total                   EUR                                             5                                    -2.00
        Total                   USD        170,141,183,460,469,231,731,687,303.7T  -170,141,183,460,469,231,731,687,303.72
        Total                             -170,141,183,460,469,231,731,687,303.7T                                        -

        ~ A provider's bucket crosses an edge of this row, so its split is approximate.
        2026-10-01 has a gap.
        Cost is incomplete: 1,210 requests have no reported cost.
        unpriced: 1,200 requests of acme/new|model: tally prices set 'new|model'
        --provider acme input=PRICE output=PRICE
        unpriced: 7 requests of ???[2J, no provider named: give the events a provider,
        so that its price is found
        unpriced: 2 requests of a b/it's: not all they used has a price: tally prices
        show 'it'\''s' --provider 'a b'
        unpriced: 1 request of acme, no model named: give the events a model, so that
        its price is found
        Cost mode: display.

        """#)
  }
}
