import Foundation
import Testing

/// Runs the references that are written in Python.
enum Python {
  /// `$TALLY_PYTHON`, the one that the tests set up, or the system's, which has no packages.
  static let any: String? = {
    let local = Fixtures.root.appending(path: ".build/venv/bin/python").path
    return [ProcessInfo.processInfo.environment["TALLY_PYTHON"], local, "/usr/bin/python3"].compactMap(\.self)
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  static let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] != nil

  /// Where LiteLLM's package has its price map; nil when it is not installed.
  static let liteLLMMap: String? = any.flatMap {
    try? lines($0, script("litellm_costs.py"), "map").first
  }

  static func script(_ name: String) -> String { Fixtures.root.appending(path: "Tests/Interop/\(name)").path }

  struct Failed: Error { let status: Int32 }

  /// What a script printed.
  static func lines(_ python: String, _ arguments: String...) throws -> [String] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
