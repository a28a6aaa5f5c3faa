import Foundation

/// `Tests/Interop/price_server.py`, running.
package final class PriceServer {
  private let child: ChildProcess
  /// `http://127.0.0.1:…`.
  package let address: String

  /// Starts it; it serves the file at `path` as `/prices.json` until it is let go.
  package init(_ path: String) throws {
    guard let python = Tools.anyPython else { throw ChildProcess.Failure(description: "no python3") }
    let script = Tools.root.appending(path: "Tests/Interop/price_server.py").path
    child = try ChildProcess(python, [script, path])
    let deadline = Date().addingTimeInterval(60)
    while !child.output.contains(UInt8(ascii: "\n")) {
      guard Date() < deadline else { throw ChildProcess.Failure(description: "the server does not start") }
      usleep(2000)
    }
    let port = String(decoding: child.output, as: UTF8.self).prefix { $0.isNumber }
    address = "http://127.0.0.1:\(port)"
  }
}
