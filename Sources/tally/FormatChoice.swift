import Adapters
import ArgumentParser
import Bytes
import Events

/// What people say about the format of an input.
enum FormatChoice {
  /// The names of all formats, for messages.
  static var names: String { LogFormats.all.map(\.name).joined(separator: ", ") }

  /// The format of this name; nil when none was named.
  static func format(named name: String?) throws -> LogFormat? {
    guard let name else { return nil }
    if let format = LogFormats.named(name) { return format }
    let mend = nearest(to: name, in: LogFormats.all.map(\.name)).map { "did you mean \($0)?" }
    throw ValidationError("--as \(name): no such format; \(mend ?? "use one of \(names)")")
  }

  /// The instant that a person gave for records without one.
  static func time(_ text: String) throws -> Int64 {
    let bytes = Array(text.utf8)
    guard case .success(let time) = Timestamp.parse(bytes.span.bytes, 0..<bytes.count) else {
      throw ValidationError("--time \(text): not an instant such as 2026-11-20T10:11:12Z")
    }
    return time
  }
}
