import Query
import Testing

/// Every message that a filter can earn, word for word.
@Suite struct FilterErrorTests {
  static let messages: [(String, String)] = [
    ("", "--where: the filter is empty at 1: write for example model = gpt-5"),
    ("  ", "--where: the filter is empty at 3: write for example model = gpt-5"),
    ("modell = x", "--where: unknown field \"modell\" at 1: did you mean \"model\"?"),
    ("model = x and usr = y", "--where: unknown field \"usr\" at 15: did you mean \"user\"?"),
    (
      "colour = x",
      "--where: unknown field \"colour\" at 1: use one of provider, model, user, tag.customer, tag of two, "
        + "requests, cost"
    ),
    (
      "'\u{1B}[2J12345' = x",
      "--where: unknown field \"\u{FFFD}[2J12345\" at 1: use one of provider, model, user, "
        + "tag.customer, tag of two, requests, cost"
    ),
    ("= x", "--where: expected a field, not \"=\" at 1: write for example model = gpt-5"),
    ("and model = x", "--where: expected a field, not \"and\" at 1: write for example model = gpt-5"),
    ("model = x and", "--where: expected a field, not the end at 14: write for example model = gpt-5"),
    (
      "model", "--where: expected a comparison after model, not the end at 6: use one of = != ~ in \"not in\""
    ),
    (
      "model == x",
      "--where: expected a comparison after model, not \"==\" at 7: use one of = != ~ in \"not in\""
    ),
    ("cost is 5", "--where: expected a comparison after cost, not \"is\" at 6: use one of = != < <= > >="),
    (
      "model not x",
      "--where: expected a comparison after model, not \"not\" at 7: use one of = != ~ in \"not in\""
    ),
    ("model =", "--where: expected a value, not the end at 8: write a word, a 'quoted text' or none"),
    ("model = )", "--where: expected a value, not \")\" at 9: write a word, a 'quoted text' or none"),
    ("model = or", "--where: expected a value, not the word \"or\" at 9: write 'or' if it is one"),
    (
      "model = gpt-*",
      "--where: \"gpt-*\" looks like a pattern at 9: write ~ gpt-*, or 'gpt-*' for the star itself"
    ),
    ("model = 'x", "--where: a quote is not closed at 9: add ' where the value ends"),
    ("model = \"x''", "--where: a quote is not closed at 9: add \" where the value ends"),
    ("model = x;y", "--where: unexpected \";\" at 10: put the value in quotes"),
    ("model = \u{7}", "--where: unexpected \"\u{FFFD}\" at 9: put the value in quotes"),
    ("model = x y", "--where: unexpected \"y\" at 11: join comparisons by and/or; quote a value with spaces"),
    ("model = x 'y'", "--where: unexpected 'y' at 11: join comparisons by and/or; quote a value with spaces"),
    ("model = x, y", "--where: unexpected \",\" at 10: join comparisons by and/or"),
    ("model = x)", "--where: \")\" closes nothing at 10: remove it, or open a \"(\" before it"),
    ("user = z and (model = x", "--where: \"(\" is not closed at 14: add the missing \")\""),
    ("(model = x y)", "--where: unexpected \"y\" at 12: join comparisons by and/or, or close with \")\""),
    (
      "model ~ none",
      "--where: expected a pattern, not \"none\" at 9: write for example ~ gpt-*; absence is = none"
    ),
    ("model ~ ''", "--where: expected a pattern, not '' at 9: write for example ~ gpt-*; absence is = none"),
    ("model in x", "--where: expected \"(\" after in, not \"x\" at 10: write for example in (a, b)"),
    ("model in ()", "--where: expected a value, not \")\" at 11: write a word, a 'quoted text' or none"),
    ("model in (x", "--where: \"(\" is not closed at 10: add the missing \")\""),
    (
      "model in (x y)",
      "--where: unexpected \"y\" at 13: separate values by commas; quote a value with spaces"
    ),
    ("model < x", "--where: \"<\" needs a number, but model is a text at 7: use one of = != ~ in \"not in\""),
    ("cost ~ 5", "--where: \"~\" needs a text, but cost is a number at 6: use one of = != < <= > >="),
    ("cost in (5)", "--where: \"in\" needs a text, but cost is a number at 6: use one of = != < <= > >="),
    ("requests > none", "--where: nothing is > none at 12: write a number, or = none"),
    (
      "requests > 1.5",
      "--where: \"1.5\" is no number that requests can be at 12: write a whole number such as 1000"
    ),
    ("cost > 5EUR", "--where: \"5EUR\" is no number that cost can be at 8: write a decimal such as 12.50"),
  ]

  @Test(arguments: messages) func saysWhatWhereAndHowToMendIt(text: String, message: String) {
    let error = #expect(throws: FilterError.self) { try Fields.parse(text) }
    #expect(error?.description == message)
  }

  @Test func tooManyLevels() {
    let text = String(repeating: "not ", count: 65) + "model = a"
    let error = #expect(throws: FilterError.self) { try Fields.parse(text) }
    #expect(
      error?.description
        == "--where: more than 64 levels of not and parentheses at 257: write it flatter")
  }

  @Test func theExcerptPointsAtThePlace() {
    let error = #expect(throws: FilterError.self) { try Fields.parse("model = x and usr = y") }
    #expect(error?.excerpt == ["model = x and usr = y", "              ^"])
    #expect(error?.position == 15)
    #expect(
      error?.message(from: "budget team").hasPrefix("budget team: unknown field \"usr\" at 15: ") == true)
  }
}
