import Foundation
import Testing

/// A command that runs, with its standard input open.
final class Running {
  private static let secondsMax = 60.0

  let process = Process()
  private let input = Pipe()
  private let folder: URL
  private let ended = DispatchSemaphore(value: 0)

  init(_ binary: String, _ arguments: [String], _ environment: [String: String], _ current: URL) throws {
    folder = current.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: binary)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = current
    process.standardInput = input
    // Files never fill up, so a command that says much cannot hang a test.
    process.standardOutput = try Self.file(folder.appending(path: "output"))
    process.standardError = try Self.file(folder.appending(path: "errors"))
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  /// Sends bytes; false when the command does not listen any more.
  @discardableResult
  func send(_ text: String) -> Bool { send(Data(text.utf8)) }

  func send(_ data: Data) -> Bool { (try? input.fileHandleForWriting.write(contentsOf: data)) != nil }

  func closeInput() { try? input.fileHandleForWriting.close() }

  /// What it has written so far.
  var output: String { text("output") }
  var errors: String { text("errors") }

  private func text(_ name: String) -> String {
    String(decoding: (try? Data(contentsOf: folder.appending(path: name))) ?? Data(), as: UTF8.self)
  }

  func kill(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

  /// Waits until `condition` holds; the seconds it took, nil when it never did.
  func wait(seconds: Double = 10, until condition: () throws -> Bool) rethrows -> Double? {
    let start = Date()
    while Date().timeIntervalSince(start) < seconds {
      if try condition() { return Date().timeIntervalSince(start) }
      usleep(10_000)
    }
    return nil
  }

  /// Sends the rest of the input, closes it, and waits for the end.
  func finish(input: Data = Data()) throws -> Outcome {
    if !input.isEmpty { _ = send(input) }
    closeInput()
    if ended.wait(timeout: .now() + Self.secondsMax) == .timedOut {
      kill(SIGKILL)
      Issue.record("the command did not end within \(Self.secondsMax) s")
      ended.wait()
    }
    let isSignal = process.terminationReason == .uncaughtSignal
    let status = isSignal ? 128 + process.terminationStatus : process.terminationStatus
    defer { try? FileManager.default.removeItem(at: folder) }
    return Outcome(status: status, output: output, errors: errors)
  }
}
