package import Foundation

/// What is not us, to check ourselves against.
package enum Tools {
  /// With CI set, a test that cannot find its tools fails.
  package static let isCI = ProcessInfo.processInfo.environment["CI"] != nil
  /// The top of the repository.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The Python that has DuckDB, pyarrow and jsonschema: `$TALLY_PYTHON` or the one that `make test` sets up.
  package static let python: String? = [
    ProcessInfo.processInfo.environment["TALLY_PYTHON"], root.appending(path: ".build/venv/bin/python").path,
  ].compactMap(\.self).first { FileManager.default.isExecutableFile(atPath: $0) }

  /// That one, or any.
  package static let anyPython: String? = python ?? path(of: "python3")

  /// The program of this name on the search path.
  package static func path(of name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// What a program prints, given `input`; it must end well.
  package static func run(_ program: String, _ arguments: [String], input: Data = Data()) throws -> Data {
    let child = try ChildProcess(program, arguments)
    child.send(input)
    let status = try child.finish()
    guard status == 0 else {
      let said = String(decoding: child.errors, as: UTF8.self)
      throw ChildProcess.Failure(description: "\(program) ended with \(status): \(said)")
    }
    return child.output
  }
}
