import Foundation
import TestSupport

/// A command that runs, with its standard input open.
struct Running {
  private let child: ChildProcess

  init(_ binary: String, _ arguments: [String], _ environment: [String: String], _ current: URL) throws {
    child = try ChildProcess(binary, arguments, environment: environment, current: current)
  }

  /// Sends bytes; false when the command does not listen any more.
  @discardableResult
  func send(_ text: String) -> Bool { child.send(Data(text.utf8)) }

  /// What it has written so far.
  var output: String { String(decoding: child.output, as: UTF8.self) }
  var errors: String { String(decoding: child.errors, as: UTF8.self) }

  func kill(_ signal: Int32) { child.kill(signal) }

  /// Waits until `condition` holds; whether it ever did.
  func wait(until condition: () throws -> Bool) rethrows -> Bool {
    let start = Date()
    while Date().timeIntervalSince(start) < 30 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }

  /// Waits until it has read all that was sent.
  func waitUntilRead() -> Bool { wait { child.unreadCount == 0 } }

  /// Sends the rest of the input, closes it, and waits for the end.
  func finish(input: Data = Data()) throws -> Outcome {
    child.send(input)
    return Outcome(status: try child.finish(), output: output, errors: errors)
  }
}
