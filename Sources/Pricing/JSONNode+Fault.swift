import JSON

extension JSONNode {
  /// What is wrong here, with the line it is on.
  func fault(_ what: String) -> PricingError {
    .content(file: document.name, line: line, what)
  }
}

extension JSONDocument {
  /// Parses a price list; `file` is for messages.
  convenience init(_ bytes: [UInt8], file: String) throws(PricingError) {
    do throws(JSONError) {
      try self.init(bytes, name: file)
    } catch {
      throw .content(file: file, line: error.line, error.what)
    }
  }
}
