//! A place where the real command runs as a person's would: its own folders, its own clock, nothing inherited.

import Foundation
import TestSupport
import Testing

/// What a finished command left.
struct Outcome {
  let status: Int32
  let output: String
  let errors: String
  /// The lines of `output`, without an empty last one.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
  /// The last line said on stderr.
  var last: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
}

/// Temporary folders, an environment, and the binary.
final class Sandbox {
  static let root = Tools.root
  static let fixture = root.appending(path: "Fixtures/demo/events-2026-10.jsonl").path
  /// 2026-11-20T12:00:00Z.
  static let noon = 1_795_176_000_000

  /// The command, next to the test bundle.
  static let binary: URL = {
    let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
    let runner = URL(filePath: CommandLine.arguments.first ?? "")
    let folders =
      (bundles + [runner]).map { $0.deletingLastPathComponent() } + [root.appending(path: ".build/debug")]
    return folders.map { $0.appending(path: "tally") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    } ?? root.appending(path: ".build/debug/tally")
  }()

  let folder: URL
  var environment: [String: String]
  var store: String { path("store") }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tally-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "TZ": "UTC",
      "TALLY_STORE": folder.appending(path: "store").path,
      "TALLY_WRITER": "w1", "TALLY_NOW": "\(Self.noon)", "TALLY": Self.binary.path,
    ]
    for name in ["DATA", "STATE", "CONFIG"] {
      environment["XDG_\(name)_HOME"] = folder.appending(path: name.lowercased()).path
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A path in the sandbox.
  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes a file in the sandbox and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  /// Runs `tally` with these arguments to its end.
  @discardableResult
  func tally(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try start(arguments, environment: environment).finish(input: Data(input.utf8))
  }

  /// Runs a shell script in which `$TALLY` is the command.
  func shell(_ script: String, environment: [String: String] = [:]) throws -> Outcome {
    try Running("/bin/bash", ["-c", script], self.environment.merging(environment) { $1 }, folder).finish()
  }

  /// Starts `tally` and leaves it running.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    try Running(Self.binary.path, arguments, self.environment.merging(environment) { $1 }, folder)
  }

  /// Every file below a folder of the sandbox with its content.
  func files(_ name: String = "store") throws -> [String: Data] {
    var found: [String: Data] = [:]
    let base = folder.appending(path: name).path
    for case let path as String in FileManager.default.enumerator(atPath: base) ?? .init() {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(base)/\(path)", isDirectory: &isFolder)
      if !isFolder.boolValue { found[path] = try Data(contentsOf: URL(filePath: "\(base)/\(path)")) }
    }
    return found
  }

  /// All stored lines, as any zstd reads them.
  func storedLines() throws -> [String] {
    try shell("cat store/segments/*/*.zst | zstd -dc").lines
  }

  /// A report as an object.
  func report(_ arguments: String...) throws -> [String: Any] {
    let outcome = try start(["report"] + arguments + ["--format", "json"]).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try object(outcome.output)
  }
}

/// A JSON text as an object.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// An event's line; everything but the id is the same unless `more` says so.
func line(_ id: String?, time: String = "2026-11-20T10:11:12Z", tokens: Int = 10, _ more: String = "")
  -> String
{
  let id = id.map { "\"id\":\"\($0)\"," } ?? ""
  return "{\(id)\"time\":\"\(time)\",\"model\":\"gpt-5\",\"input_tokens\":\(tokens)\(more)}\n"
}
