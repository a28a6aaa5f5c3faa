import Events
import Rollup
import TestSupport
import Testing

/// What the footer of a day rollup says of accounts.
@Suite struct AccountSpanTests {
  private func read(_ text: String) -> (names: [String], times: [[Int64]], isWhole: Bool) {
    var found: (names: [String], times: [[Int64]]) = ([], [])
    let isWhole = AccountSpan.forEach(Array(text.utf8)) { name, first, last in
      found.names.append(String(decoding: name, as: UTF8.self))
      found.times.append([first, last])
    }
    return (found.names, found.times, isWhole)
  }

  @Test func whatIsWrittenIsRead() {
    let spans = [
      AccountSpan(kind: .usage, service: nil, account: nil, firstMs: 1, lastMs: 2),
      AccountSpan(
        kind: .usage, service: "a\tb", account: "\\0", firstMs: 1_792_843_200_000, lastMs: 1_792_843_200_000),
      AccountSpan(kind: .billed, service: "", account: "line\nfeed", firstMs: 0, lastMs: 9),
    ]
    let found = read(AccountSpan.text(spans))
    #expect(found.isWhole)
    #expect(found.names == ["usage\t\\0\t\\0", "usage\ta\\tb\t\\\\0", "billed\t\tline\\nfeed"])
    #expect(found.times == [[1, 2], [1_792_843_200_000, 1_792_843_200_000], [0, 9]])
    #expect(read("").isWhole)
  }

  /// Whatever else stands there is not taken for accounts.
  @Test(arguments: [
    "usage\ta\tb\t1\t2", "usage\ta\tb\t1\n", "usage\ta\tb\t\t2\n", "usage\ta\tb\tx\t2\n", "usage\ta\n", "\n",
    "usage\ta\tb\t1\t2\t3\n", "usage\ta\tb\t-1\t2\n", "usage\ta\tb\t1\t9999999999999999999\n",
  ]) func anythingElseIsSaid(_ text: String) {
    #expect(!read(text).isWhole)
    let after = read("usage\ta\tb\t1\t2\n" + text)
    #expect(!after.isWhole && after.times == [[1, 2]])
  }
}
