//! Brings a file from an address. HTTP is done by the system's curl, as its own process: linking an HTTP client with
//! TLS would double the binary and the start of every command, for what is wanted once a day at most.
//!
//! Instructions go to curl by its standard input, so no key stands in a list of processes. async-http-client took the
//! release build of a command with nothing else in it from 27 s to 7½ minutes, its stripped binary from 14.5 to 29 MB
//! and its start from 7.0 to 9.5 ms.

package import Files

/// What may be fetched, and within which bounds.
package struct Fetch: Sendable {
  /// From the first byte sent to the last one read.
  package var timeoutMilliseconds = 60_000
  package var sizeBytesMax = 64 << 20
  package var redirectsMax = 5
  /// What the server is told about who asks.
  package var agent = "tally"

  package init() {}

  /// The bytes at an address: `https://`, `http://` (never after a redirect from the former), `file://`, or a path.
  ///
  /// - Parameter headers: sent with the request; they never appear among a process's arguments, nor in an error.
  package func get(
    _ address: String, headers: [(name: String, value: String)] = []
  ) throws(FetchError) -> [UInt8] {
    guard let end = address.firstRange(of: "://") else { return try file(address, address) }
    switch address[..<end.lowerBound].lowercased() {
    case "https", "http":
      let texts = [address, agent] + headers.flatMap { [$0.name, $0.value] }
      guard !texts.contains(where: { $0.unicodeScalars.contains { $0.value < 0x20 } }) else {
        throw FetchError(address, .noAddress)
      }
      let answer = try Curl.run(config(address, headers), sizeBytesMax: sizeBytesMax, address)
      guard answer.status == 200 else { throw FetchError(address, .status(answer.status)) }
      return answer.body
    case "file": return try file(String(address[end.upperBound...]), address)
    default: throw FetchError(address, .noAddress)
    }
  }

  /// An address without what may be secret: a name and password in front of the host, a query behind the path.
  package static func shown(_ address: String) -> String {
    guard let scheme = address.firstRange(of: "://") else { return address }
    let rest = address[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
    let host = rest.prefix { $0 != "/" }
    let start = host.lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
    return String(address[..<scheme.upperBound] + rest[start...])
  }

  private func file(_ path: String, _ address: String) throws(FetchError) -> [UInt8] {
    do throws(FileError) {
      return try Stream.contents(path, sizeBytesMax: sizeBytesMax)
    } catch {
      throw FetchError(address, error.isTooLarge ? .tooLarge(bytesMax: sizeBytesMax) : .file(error))
    }
  }

  /// What curl is told, on its standard input.
  private func config(_ address: String, _ headers: [(name: String, value: String)]) -> String {
    // Whoever was asked for safely is not answered for by somebody unsafe.
    let later = address.lowercased().hasPrefix("https:") ? "=https" : "=http,https"
    let seconds = "\(timeoutMilliseconds / 1000).\(String(1000 + timeoutMilliseconds % 1000).dropFirst())"
    var options = [
      ("url", address), ("proto", "=http,https"), ("proto-redir", later), ("max-redirs", "\(redirectsMax)"),
      ("max-time", seconds), ("user-agent", agent), ("write-out", "%{stderr}%{http_code}"),
    ]
    options += headers.map { ("header", "\($0.name): \($0.value)") }
    return options.map { "\($0) = \(Self.quoted($1))\n" }.joined() + "silent\nlocation\ngloboff\n"
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined())\""
  }
}

/// Why there are no bytes.
package struct FetchError: Error, Equatable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    /// No address that can be asked.
    case noAddress
    case file(FileError)
    /// The server's answer, by its number.
    case status(Int)
    case unknownHost
    case noListener
    case timeout
    case cutOff
    /// A certificate that does not hold, or none where one is needed.
    case notSecure
    case redirects
    case tooLarge(bytesMax: Int)
    /// There is no curl, or it does not start.
    case noCurl
    /// Anything else, by curl's exit code.
    case curl(Int32)
  }

  /// As people are shown it.
  package let address: String
  package let reason: Reason

  package init(_ address: String, _ reason: Reason) {
    self.address = Fetch.shown(address)
    self.reason = reason
  }

  package var description: String {
    switch reason {
    case .noAddress: "\(address): no address: write https://…, http://…, file://… or a path"
    case .file(let error): error.description
    case .status(let status): "\(address): the server answered \(status), not 200: check the address"
    case .unknownHost: "\(address): there is no such host: check the address and the network"
    case .noListener: "\(address): nobody answers there: check the address and the network"
    case .timeout: "\(address): no whole answer in time: try again"
    case .cutOff: "\(address): the answer broke off: try again"
    case .notSecure: "\(address): no secure connection: check the certificate and the system's clock"
    case .redirects: "\(address): it leads from one address to another without end, or to an unsafe one"
    case .tooLarge(let bytes): "\(address): larger than \(bytes >> 20) MiB: check the address"
    case .noCurl: "\(address): curl is needed to fetch it, and does not start: install curl"
    case .curl(let code): "\(address): curl ended with \(code) (man curl says what that means)"
    }
  }
}
